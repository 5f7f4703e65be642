"""What a disk and this machine's memory do just now, from short trials: measured, never looked up.

What a trial writes is gone when it ends. Where a disk still has somebody's data to write, a sync may wait for that: a
trial's slower turns are distrusted, and one that takes too long as a whole says nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Thread

from .durable import sync_descriptor

_MB = 1 << 20
_SMALL_BYTES, _LARGEST_BYTES, _MOST_BUFFERED_BYTES = _MB, 16 * _MB, 64 * _MB
_SYNC_SECONDS, _BUFFER_SECONDS, _READ_SECONDS = 0.1, 0.15, 0.07
_PATIENCE_SECONDS, _ALIKE = 0.8, 1.5
_COPIED_BYTES, _COPIES = 16 * _MB, 7
_SPOTS = 8
_WRITERS = 2

Timed = Callable[[int], float]
"""Seconds that it takes to do something with so many bytes."""


@dataclass(frozen=True, slots=True)
class DiskSpeed:
    """Bytes a second that two threads write before the disk has them (``buffered``), and that the disk then takes.

    ``latency``: seconds that a sync takes however little there is to sync.
    """

    buffered: float
    synced: float
    latency: float


@dataclass(frozen=True, slots=True)
class Speeds:
    """``read``: bytes a second from the base; ``memory``: copied in memory by one thread; ``disk``: the output's.

    ``host_lends_memory``: what is left free goes back to a host, so that using it again takes long.
    """

    read: float
    memory: float
    disk: DiskSpeed
    host_lends_memory: bool = False


class DiskTrial:
    """A trial of the disk below ``folder``, in a thread of its own from when it is made."""

    def __init__(self, folder: Path, measure: Callable[[Path], DiskSpeed] | None = None) -> None:
        self._free = free_bytes_in(folder)
        self._folder, self._measure = folder, measure or disk_speed
        self._ends = time.monotonic() + _PATIENCE_SECONDS
        self._speed: DiskSpeed | None = None
        self._thread = Thread(target=self._run, name="mergedesk-disk-trial", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            speed = self._measure(self._folder)
        except OSError:
            return
        if time.monotonic() < self._ends:
            self._speed = speed

    @property
    def free(self) -> int | None:
        """Free bytes of the disk but for what this trial takes of it now; None where that cannot be told."""
        return self._free if self._thread.is_alive() else free_bytes_in(self._folder)

    def speed(self) -> DiskSpeed | None:
        """What it found; None where nothing can be written, or it took so long that it tells nothing."""
        self._thread.join(max(0.0, self._ends - time.monotonic()))
        return self._speed


def free_bytes_in(folder: Path) -> int | None:
    """Free bytes of the disk that a folder lies on; None where that cannot be told."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def disk_speed(folder: Path) -> DiskSpeed:
    """Write nameless files in ``folder``. Raises OSError."""
    block = os.urandom(_MB)
    synced, latency = synced_speed(lambda count: _sync_seconds(folder, block, count))
    most = round(min(_MOST_BUFFERED_BYTES, max(8 * _MB, synced * _BUFFER_SECONDS)))
    return DiskSpeed(_buffered_speed(folder, block, most), synced, latency)


def synced_speed(timed: Timed) -> tuple[float, float]:
    """Bytes a second and seconds of latency of syncs that take ``timed``: a few small ones, and a few larger.

    Of each the fastest counts, and how large they are is chosen by what they take.
    """
    small = min(timed(_SMALL_BYTES) for _ in range(2))
    affordable = _SMALL_BYTES * _SYNC_SECONDS / max(small, 1e-6)
    count = round(max(2 * _SMALL_BYTES, min(affordable, _LARGEST_BYTES)))
    large = min(_turns(timed, count))
    speed = (count - _SMALL_BYTES) / (large - small) if large > small else count / max(large, 1e-6)
    return speed, max(0.0, small - _SMALL_BYTES / speed)


def _turns(timed: Timed, count: int) -> Iterator[float]:
    """Two, and a third where those differ, of a disk that is not slow."""
    first, second = timed(count), timed(count)
    yield from (first, second)
    if min(first, second) < _SYNC_SECONDS and max(first, second) > _ALIKE * min(first, second):
        yield timed(count)


def _sync_seconds(folder: Path, block: bytes, count: int) -> float:
    with tempfile.TemporaryFile(dir=folder, prefix=".mergedesk-speed-", buffering=0) as stream:
        for _ in range(count // _MB):
            stream.write(block)
        started = time.perf_counter()
        sync_descriptor(stream.fileno())
        return time.perf_counter() - started


def _buffered_speed(folder: Path, block: bytes, most: int) -> float:
    """Of what is written last, as the first memory a system gives away is often at hand, and more of it is not."""
    with tempfile.TemporaryFile(dir=folder, prefix=".mergedesk-speed-", buffering=0) as stream:
        started, moments = time.perf_counter(), [0.0]

        def write() -> None:
            while len(moments) * _MB <= most and moments[-1] < _BUFFER_SECONDS:
                stream.write(block)
                moments.append(time.perf_counter() - started)

        writers = [Thread(target=write, name="mergedesk-disk-trial", daemon=True) for _ in range(_WRITERS)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
    moments.sort()
    half = len(moments) // 2
    return (len(moments) - 1 - half) * _MB / max(moments[-1] - moments[half], 1e-6)


def read_speed(files: Sequence[Path]) -> float:
    """At places all over the files: what is in memory already counts as it will for the merge. Raises OSError.

    The slowest few do not count: something else was waited for there.
    """
    spots = [(file, place) for place in range(_SPOTS) for file in _spread(files)]
    into = memoryview(bytearray(b"\1" * _MB))
    reads, spent = list[tuple[float, int]](), 0.0
    for file, place in spots:
        started = time.perf_counter()
        count = _read_at(file, place, into)
        reads.append((time.perf_counter() - started, count))
        spent += reads[-1][0]
        if spent > _READ_SECONDS and len(reads) >= _SPOTS:
            break
    usual = sorted(reads)[: len(reads) - len(reads) // _SPOTS]
    return sum(count for _, count in usual) / max(sum(seconds for seconds, _ in usual), 1e-6)


def _read_at(file: Path, place: int, into: memoryview) -> int:
    with file.open("rb", buffering=0) as stream:
        size = os.fstat(stream.fileno()).st_size
        stream.seek(max(0, size - _MB) * place // (_SPOTS - 1))
        return stream.readinto(into) or 0


def _spread(files: Sequence[Path]) -> Sequence[Path]:
    """At most as many as there are places, from the first to the last."""
    return files[:: -(-len(files) // _SPOTS)]


def memory_speed() -> float:
    """From one place to another, both larger than a processor's cache."""
    source, target = memoryview(b"\1" * _COPIED_BYTES), bytearray(_COPIED_BYTES)

    def copy() -> float:
        started = time.perf_counter()
        target[:] = source
        return time.perf_counter() - started

    return _COPIED_BYTES / max(median(copy() for _ in range(_COPIES)), 1e-9)
