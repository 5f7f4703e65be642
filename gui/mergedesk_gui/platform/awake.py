"""The computer stays awake while something works: asked of the system, which forgets it when this program ends.

systemd-inhibit(1) on Linux and caffeinate(8) on macOS hold as long as the process they start, which reads from this
one; SetThreadExecutionState on Windows holds for the thread that calls it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

_CONTINUOUS, _SYSTEM_REQUIRED = 0x80000000, 0x00000001
_GRACE_SECONDS = 2


class Awake:
    """Held between ``begin`` and ``end``; where the system has no such thing, nothing is asked of it.

    A thread of its own asks the system, so that nobody waits for that.
    """

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, why: str) -> None:
        """Keep the system from sleeping; ``why`` is shown by those that list what does."""
        self.end()
        self._over = threading.Event()
        self._thread = threading.Thread(target=_hold, args=(why, self._over), name="awake", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Let it sleep again."""
        self._over.set()

    def wait(self) -> None:
        """Until the system was told of the end."""
        if self._thread is not None:
            self._thread.join()


def _hold(why: str, over: threading.Event) -> None:
    """Hold the system awake until it is ``over``."""
    if sys.platform == "win32":
        _say_to_windows(_CONTINUOUS | _SYSTEM_REQUIRED)  # which holds as long as this thread
        over.wait()
        _say_to_windows(_CONTINUOUS)
    elif command := holding_command(why):
        with suppress(OSError):
            _hold_by(command, over)


def _hold_by(command: list[str], over: threading.Event) -> None:
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet) as holder:
        over.wait()
        assert holder.stdin is not None
        holder.stdin.close()
        try:
            holder.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            holder.kill()


def holding_command(why: str) -> list[str] | None:
    """What holds this system awake until its standard input ends; None where there is no such command."""
    if sys.platform == "darwin" and (caffeinate := shutil.which("caffeinate")):
        return [caffeinate, "-i", "cat"]
    if sys.platform.startswith("linux") and (inhibit := shutil.which("systemd-inhibit")):
        return [inhibit, "--what=idle:sleep", "--who=MergeDesk", f"--why={why}", "--mode=block", "cat"]
    return None


def _say_to_windows(state: int) -> None:
    import ctypes

    kernel: Any = getattr(ctypes, "windll").kernel32  # noqa: B009 (there is none on other systems)
    kernel.SetThreadExecutionState(state)
