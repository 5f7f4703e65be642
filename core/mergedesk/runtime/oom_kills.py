"""How often Linux has ended a process because memory ran out, by the kernel's own counters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_COUNT = re.compile(r"^oom_kill (\d+)$", re.MULTILINE)
_OF_THE_SYSTEM = Path("/proc/vmstat")
_CGROUP, _GROUPS = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")


def oom_kills() -> tuple[int, ...]:
    """The counters of this process's control group, the groups above it, and the system; empty on other systems.

    One that is larger later tells that memory ran out meanwhile.
    """
    return tuple(count for file in (*_of_groups(), _OF_THE_SYSTEM) for count in _read(file))


def _read(file: Path) -> Iterator[int]:
    with suppress(OSError):
        yield from (int(count) for count in _COUNT.findall(file.read_text(encoding="ascii", errors="replace")))


def _of_groups() -> Iterator[Path]:
    with suppress(OSError):
        stated = re.search(r"^0::/(.*)$", _CGROUP.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
        group = _GROUPS / stated[1] if stated else _GROUPS
        yield from (folder / "memory.events" for folder in (group, *group.parents) if folder.is_relative_to(_GROUPS))
