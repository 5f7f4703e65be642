"""How much memory this process took at most, and how often Linux has ended one because memory ran out."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
# Linux's own switch: a 5 written here resets the peak to what is resident now (proc_pid_clear_refs(5)).
_RESET, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
_COUNT = re.compile(r"^oom_kill (\d+)$", re.MULTILINE)
_OF_THE_SYSTEM = Path("/proc/vmstat")
_FREE_PAGE_REPORTING = 5  # the number of the balloon's feature (virtio 1.2, 5.5.3)
_CGROUP, _GROUPS = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")


def forget_earlier_peak() -> None:
    """Count the peak from now on, where the system can; elsewhere it stays the process's whole life's."""
    if sys.platform == "linux":
        with suppress(OSError):
            _RESET.write_text("5", encoding="ascii")


def rss_bytes() -> int:
    """What is resident now, in bytes."""
    return int(psutil.Process().memory_info().rss)


def peak_rss_bytes() -> int:
    """The largest resident set so far, in bytes."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    if sys.platform == "linux":
        with suppress(OSError):
            if match := _PEAK.search(_STATUS.read_text(encoding="ascii", errors="replace")):
                return int(match[1]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


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


def host_lends_memory(drivers: Path = Path("/sys/bus/virtio/drivers/virtio_balloon")) -> bool:
    """Whether this is a virtual machine whose host takes back what memory is free (virtio's free page reporting)."""
    for features in drivers.glob("virtio*/features"):
        with suppress(OSError):
            if features.read_text(encoding="ascii")[_FREE_PAGE_REPORTING : _FREE_PAGE_REPORTING + 1] == "1":
                return True
    return False
