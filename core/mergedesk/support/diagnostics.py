"""What a person can send to somebody who helps them: versions, the computer, the last error; nothing personal."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import psutil

from ..domain.units import human_bytes
from ..runtime.subprocess_module import is_frozen
from ..runtime.versions import library_versions, platform_name
from .logs import LastError
from .redact import Private

NO_ERROR = "none since the program was started"
_NAMES_WIDTH = 14


def diagnostics(
    private: Private,
    *,
    drive: Path | None = None,
    window: Mapping[str, str] | None = None,
    error: LastError | None = None,
    earlier_crash: str = "",
) -> str:
    """The whole text, in English whatever the window's language: whoever helps shall understand it.

    ``drive`` is the folder whose drive the output goes to; ``window`` holds further facts, by name. Asks the disk, so a
    sleeping or distant one may take its time. Everything goes through ``private``.
    """
    kind = "installed bundle" if is_frozen() else "Python package"
    parts = [
        f"MergeDesk diagnostics, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"The crash before this start\n{earlier_crash.strip()}" if earlier_crash else _last_error(error),
        _section("Versions", {**library_versions(), "Made as": kind}),
        _section("Computer", {name: _read(fact) for name, fact in _computer(drive).items()}),
    ]
    if window:
        parts.append(_section("Window", window))
    return private.hide("\n\n".join(parts)) + "\n"


def _section(title: str, facts: Mapping[str, str]) -> str:
    return "\n".join([title, *(f"  {name:<{_NAMES_WIDTH}}  {value}" for name, value in facts.items())])


def _read(fact: Callable[[], str]) -> str:
    """One fact; where the system does not give it, that is what is told, and the others stand."""
    try:
        return fact()
    except Exception as error:
        return f"cannot be read ({type(error).__name__})"


def _computer(drive: Path | None) -> dict[str, Callable[[], str]]:
    return {
        "System": platform_name,
        "Processors": _processors,
        "Memory": _memory,
        "MergeDesk uses": lambda: human_bytes(psutil.Process().memory_info().rss),
        "Output's drive": lambda: _drive(drive),
    }


def _processors() -> str:
    cores = psutil.cpu_count(logical=False)
    return f"{os.cpu_count()}" + (f" ({cores} cores)" if cores else "")


def _memory() -> str:
    memory = psutil.virtual_memory()
    return f"{human_bytes(memory.total)}, of which {human_bytes(memory.available)} available"


def _drive(folder: Path | None) -> str:
    if folder is None:
        return "no output chosen"
    for ancestor in (folder, *folder.parents):
        try:
            usage = shutil.disk_usage(ancestor)
        except OSError:
            continue
        return f"{human_bytes(usage.free)} free of {human_bytes(usage.total)}"
    return "cannot be read"


def _last_error(error: LastError | None) -> str:
    if error is None:
        return f"Last error\n  {NO_ERROR}"
    times = f", {error.times} times" if error.times > 1 else ""
    return f"Last error ({error.when:%Y-%m-%d %H:%M:%S} UTC{times})\n{error.details.strip()}"
