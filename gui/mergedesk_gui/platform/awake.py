"""The computer stays awake while something works: asked of the system, which forgets it when this program ends.

systemd-inhibit(1) on Linux and caffeinate(8) on macOS hold as long as the process they start, which reads from this
one; SetThreadExecutionState on Windows holds as long as this process.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import suppress
from typing import Any

_CONTINUOUS, _SYSTEM_REQUIRED = 0x80000000, 0x00000001
_GRACE_SECONDS = 2


class Awake:
    """Held between ``begin`` and ``end``; where the system has no such thing, nothing is asked of it."""

    def __init__(self) -> None:
        self._holder: subprocess.Popen[bytes] | None = None

    @property
    def held(self) -> bool:
        """Whether a process holds the system awake now."""
        return self._holder is not None and self._holder.poll() is None

    def begin(self, why: str) -> None:
        """Keep the system from sleeping; ``why`` is shown by those that list what does."""
        self.end()
        if sys.platform == "win32":
            _say_to_windows(_CONTINUOUS | _SYSTEM_REQUIRED)
        elif command := holding_command(why):
            with suppress(OSError):
                quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
                self._holder = subprocess.Popen(command, stdin=subprocess.PIPE, **quiet)  # type: ignore[call-overload]

    def end(self) -> None:
        """Let it sleep again."""
        if sys.platform == "win32":
            _say_to_windows(_CONTINUOUS)
        holder, self._holder = self._holder, None
        if holder is None:
            return
        with suppress(OSError):
            if holder.stdin is not None:
                holder.stdin.close()
        try:
            holder.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            holder.kill()
            holder.wait()


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
