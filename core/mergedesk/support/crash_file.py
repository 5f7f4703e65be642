"""Where the program leaves a word when it dies at once, in native code, and where its next start finds that word.

Each running program has a file of its own, ``crash-PID.txt``, which Python's faulthandler writes to as the last thing
it does. A proper end removes the file; so one that is left and not empty tells of a crash. While a job runs, the file
says so: where that alone is left, the program was ended from outside, as systems do when memory runs out.
"""

from __future__ import annotations

import faulthandler
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from .redact import Private

KEPT = "last-crash.txt"
JOB_RAN = "A job was running"
_MOST_BYTES = 256 * 1024


class CrashFile:
    """This program's own file; ``close`` it at a proper end."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError where no file can be written."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"crash-{os.getpid()}.txt"
        self._file: TextIO = self._path.open("w", encoding="utf-8", errors="replace")
        faulthandler.enable(self._file)

    def job_begins(self) -> None:
        """Leave word that a job runs."""
        with suppress(OSError, ValueError):
            self._file.write(f"{JOB_RAN}, since {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.\n")
            self._file.flush()

    def job_is_over(self) -> None:
        """Take that back."""
        with suppress(OSError, ValueError):
            self._file.seek(0)
            self._file.truncate()

    def close(self) -> None:
        """Nothing more can go wrong."""
        faulthandler.disable()
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._path.unlink()


def open_crash_file(folder: Path) -> CrashFile | None:
    """This program's file, or None where none can be written."""
    with suppress(OSError):
        return CrashFile(folder)
    return None


def take_earlier_crash(folder: Path, private: Private) -> str:
    """What an earlier start left when it crashed, told once; empty if none did. Kept as ``last-crash.txt``."""
    newest, left_behind = "", (file for file in folder.glob("crash-*.txt") if not _is_at_work(file))
    for file in sorted(left_behind, key=_age, reverse=True):
        with suppress(OSError):
            trace = file.read_bytes()[:_MOST_BYTES].decode("utf-8", "replace").strip()
            file.unlink()
            newest = trace or newest
    newest = private.hide(newest)
    if newest:
        with suppress(OSError):
            (folder / KEPT).write_text(newest + "\n", encoding="utf-8")
    return newest


def was_ended_from_outside(trace: str) -> bool:
    """Whether a trace says no more than that a job ran."""
    return trace.startswith(JOB_RAN) and "\n" not in trace.strip()


def _is_at_work(file: Path) -> bool:
    """Whether the program that the file belongs to is running; a process that took its number later is another."""
    import psutil  # only where a crash left something

    number = file.stem.removeprefix("crash-")
    try:
        return psutil.Process(int(number)).create_time() <= file.stat().st_ctime + 1
    except (ValueError, psutil.Error, OSError):
        return False


def _age(file: Path) -> float:
    with suppress(OSError):
        return -file.stat().st_mtime
    return 0.0
