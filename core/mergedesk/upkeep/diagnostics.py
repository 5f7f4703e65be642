"""What a person can send to somebody who helps them: versions, the computer, the last error; nothing personal."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from ..units import human_bytes
from .privacy import Private
from .versions import is_bundle, library_versions, platform_name

NO_ERROR = "none since the program was started"


@dataclass(frozen=True, slots=True)
class LastError:
    """An error that nobody foresaw: when, and its traceback."""

    when: datetime
    details: str
    times: int = 1


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
    versions = {**library_versions(), "Made as": "installed bundle" if is_bundle() else "Python package"}
    parts = [
        f"MergeDesk diagnostics, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"The crash before this start\n{earlier_crash.strip()}" if earlier_crash else _last_error(error),
        _section("Versions", versions),
        _section("Computer", _computer(drive)),
    ]
    if window:
        parts.append(_section("Window", window))
    return private.hide("\n\n".join(parts)) + "\n"


def _section(title: str, facts: Mapping[str, str]) -> str:
    width = max(len(name) for name in facts)
    return "\n".join([title, *(f"  {name:<{width}}  {value}" for name, value in facts.items())])


def _computer(drive: Path | None) -> dict[str, str]:
    memory, process = psutil.virtual_memory(), psutil.Process()
    cores = psutil.cpu_count(logical=False)
    return {
        "System": platform_name(),
        "Processors": f"{os.cpu_count()}" + (f" ({cores} cores)" if cores else ""),
        "Memory": f"{human_bytes(memory.total)}, of which {human_bytes(memory.available)} available",
        "MergeDesk uses": human_bytes(process.memory_info().rss),
        "Output's drive": _drive(drive),
    }


def _drive(folder: Path | None) -> str:
    if folder is None:
        return "no output chosen"
    for one in (folder, *folder.parents):
        try:
            usage = shutil.disk_usage(one)
        except OSError:
            continue
        return f"{human_bytes(usage.free)} free of {human_bytes(usage.total)}"
    return "cannot be read"


def _last_error(error: LastError | None) -> str:
    if error is None:
        return f"Last error\n  {NO_ERROR}"
    times = f", {error.times} times" if error.times > 1 else ""
    return f"Last error ({error.when:%Y-%m-%d %H:%M:%S} UTC{times})\n{error.details.strip()}"
