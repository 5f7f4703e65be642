"""Pages of mapped files, given back once they were read: they lie in the files, so that nothing is lost by it."""

from __future__ import annotations

import ctypes
import mmap
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

_DONT_NEED = 4
_MAPS = Path("/proc/self/maps")


def mapped_ranges(files: Collection[Path]) -> list[range]:
    """Where in this process's memory these files are mapped; nothing but on Linux, which tells."""
    if sys.platform != "linux":
        return []
    names = {str(file.resolve()) for file in files}
    lines = (
        line.split(maxsplit=5) for line in _MAPS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    )
    return [_range(parts[0]) for parts in lines if len(parts) == 6 and parts[5] in names]


def _range(text: str) -> range:
    begin, _, end = text.partition("-")
    return range(int(begin, 16), int(end, 16))


def let_pages_go(ranges: Sequence[range], address: int, nbytes: int) -> int:
    """Give back the whole pages among these bytes that lie in one of ``ranges``; they are read anew when needed.

    Gives their bytes. Memory that is no mapped file is left alone.
    """
    size = mmap.PAGESIZE
    begin, end = -(-address // size) * size, (address + nbytes) // size * size
    if begin >= end or not any(one.start <= begin and end <= one.stop for one in ranges):
        return 0
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return end - begin if libc.madvise(begin, end - begin, _DONT_NEED) == 0 else 0
