"""How fast a disk and this machine's memory are, from a short trial of each: bytes a second, measured, never looked up.

Each trial ends after about a tenth of a second, and what it writes is gone when it ends.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 0.07
_FIRST_BYTES, _LARGEST_BYTES, _MOST_BYTES = 1 << 20, 8 << 20, 64 << 20
_SPOTS = 8


@dataclass(frozen=True, slots=True)
class Speeds:
    """Bytes a second: read from the base, brought to the output's disk, and copied in memory by one thread."""

    read: float
    write: float
    memory: float


def measure(weights: Sequence[Path], folder: Path) -> Speeds:
    """Read in some of ``weights``, write and sync a nameless file in ``folder``. Raises OSError."""
    return Speeds(read_speed(weights), write_speed(folder), memory_speed())


def read_speed(files: Sequence[Path]) -> float:
    """At places all over the files: what is in memory already counts as it will for the merge. Raises OSError."""
    spots = [(file, place) for file in _spread(files) for place in range(_SPOTS)]

    def read(step: int, count: int) -> int:
        file, place = spots[step % len(spots)]
        with file.open("rb", buffering=0) as stream:
            size = os.fstat(stream.fileno()).st_size
            stream.seek(max(0, size - count) * place // max(1, _SPOTS - 1))
            return len(stream.read(count) or b"")

    return _speed_of(read)


def _spread(files: Sequence[Path]) -> Sequence[Path]:
    """At most as many as there are places, from the first to the last."""
    return files[:: -(-len(files) // _SPOTS)]


def write_speed(folder: Path) -> float:
    """Until the disk has it. Raises OSError."""
    block = memoryview(os.urandom(_FIRST_BYTES) * (_LARGEST_BYTES // _FIRST_BYTES))
    with tempfile.TemporaryFile(dir=folder, prefix=".mergedesk-speed-", buffering=0) as stream:

        def write(_step: int, count: int) -> int:
            written = stream.write(block[:count])
            os.fsync(stream.fileno())
            return written

        return _speed_of(write)


def memory_speed() -> float:
    """From one place to another, both larger than a processor's cache."""
    source, target = bytearray(_LARGEST_BYTES), bytearray(_LARGEST_BYTES)

    def copy(_step: int, count: int) -> int:
        target[:count] = memoryview(source)[:count]
        return count

    return _speed_of(copy, (_FIRST_BYTES * 4,) * 16)


def _speed_of(work: Callable[[int, int], int], counts: Iterable[int] = ()) -> float:
    """Bytes a second of ever larger steps, the first of which tells least and counts least."""
    counts = counts or (min(_FIRST_BYTES << step, _LARGEST_BYTES) for step in range(_MOST_BYTES // _LARGEST_BYTES))
    started, done = time.perf_counter(), 0
    for step, count in enumerate(counts):
        done += work(step, count)
        if time.perf_counter() - started > _SECONDS:
            break
    return done / max(time.perf_counter() - started, 1e-9)
