"""Holes: stretches of a file that no disk space stands behind and that read as zeros.

A copy leaves out what is a hole on both sides, so that a sparse file stays one and costs no time.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

_BLOCK_BYTES = 512
_FSCTL_SET_SPARSE = 0x900C4


class Sparse(Protocol):
    """An open file that can say where it has data."""

    def next_data(self, offset: int, end: int) -> int:
        """The first place from ``offset`` on that is in no hole; ``end`` where there is none before it."""

    def next_hole(self, offset: int, end: int) -> int:
        """The first place from ``offset`` on that is in a hole; ``end`` where there is none before it."""


def seek_data(descriptor: int, offset: int, end: int) -> int:
    """``Sparse.next_data`` for a descriptor whose own place nobody uses; what lies past the file's end is no hole."""
    whence = getattr(os, "SEEK_DATA", None)
    if whence is None:  # Windows
        return offset
    try:
        return min(end, os.lseek(descriptor, offset, whence))
    except OSError as trouble:
        only_holes_follow = trouble.errno == errno.ENXIO
        return min(end, max(offset, os.fstat(descriptor).st_size)) if only_holes_follow else offset


def seek_hole(descriptor: int, offset: int, end: int) -> int:
    """``Sparse.next_hole`` for a descriptor whose own place nobody uses."""
    whence = getattr(os, "SEEK_HOLE", None)
    if whence is None:
        return end
    try:
        return min(end, os.lseek(descriptor, offset, whence))
    except OSError:
        return end


def data_in(file: Sparse, offset: int, count: int) -> Iterator[range]:
    """The parts of a stretch of ``count`` bytes that are in no hole, counted from its beginning."""
    end = offset + count
    at = file.next_data(offset, end)
    while at < end:
        hole = max(at + 1, file.next_hole(at, end))
        yield range(at - offset, min(hole, end) - offset)
        at = file.next_data(hole, end) if hole < end else end


def data_in_either(source: Sparse, source_offset: int, target: Sparse, offset: int, count: int) -> Iterator[range]:
    """The parts of a stretch of ``count`` bytes that are no hole on both sides, counted from its beginning."""
    at = 0
    while at < count:
        theirs = source.next_data(source_offset + at, source_offset + count) - source_offset
        ours = target.next_data(offset + at, offset + count) - offset
        begin = min(theirs, ours)
        if begin >= count:
            return
        side, first = (source, source_offset) if theirs <= ours else (target, offset)
        at = max(begin + 1, side.next_hole(first + begin, first + count) - first)
        yield range(begin, min(at, count))


def allow_holes(descriptor: int) -> None:
    """Let an empty file be given a size without the room for it, which Windows sets aside unless it is asked not to."""
    if sys.platform == "win32":
        import ctypes
        import msvcrt

        handle, returned = ctypes.c_void_p(msvcrt.get_osfhandle(descriptor)), ctypes.c_ulong()
        ctypes.windll.kernel32.DeviceIoControl(
            handle, _FSCTL_SET_SPARSE, None, 0, None, 0, ctypes.byref(returned), None
        )


def hole_bytes(files: Sequence[Path], folder: Path) -> int:
    """Bytes of ``files`` that no disk space stands behind, if they lie on the file system of ``folder``.

    Elsewhere a copy of them may well have to be written out. Raises OSError.
    """
    device = folder.stat().st_dev
    states = [state for state in (file.stat() for file in files) if state.st_dev == device]
    return sum(max(0, state.st_size - getattr(state, "st_blocks", state.st_size) * _BLOCK_BYTES) for state in states)
