"""Reading and writing at a position, from any thread, on every platform.

POSIX has positional calls. Windows has not: there each thread seeks in a handle of its own.
"""

from __future__ import annotations

import errno
import mmap
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from ..domain.findings import Code, UserError
from .descriptors import DescriptorPool
from .durable import start_writeback, sync_descriptor
from .holes import Sparse, data_in_either, seek_data, seek_hole
from .strided_path import StridedPath

COPY_BYTES = 8 << 20
# A long write takes memory for the file in whole huge blocks, which the host of a virtual machine often has to find
# first; short ones take what was used just before.
_WRITE_BYTES = 512 << 10
# With what a copy goes on through memory. Of EIO the kernel does not say which of the two files had it.
_NO_KERNEL_COPY = (errno.EIO, errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM, errno.ENOTSUP)


class PositionalFile(Sparse, Protocol):
    """An open file whose reads and writes each name their place."""

    path: Path

    def read_into(self, view: memoryview, offset: int) -> None:
        """Fill ``view`` from ``offset``. Raises UserError(read_failed), also where the file ends too soon."""

    def map(self, offset: int, count: int) -> memoryview:
        """``count`` bytes from ``offset`` as the file holds them. Raises UserError(read_failed, input_changed)."""

    def write_from(self, view: memoryview, offset: int) -> None:
        """Write all of ``view`` at ``offset``. Raises UserError(disk_filled_up, file_too_big or write_failed)."""

    def copy_from(self, source: PositionalFile, source_offset: int, offset: int, count: int) -> None:
        """Copy ``count`` bytes from another file, inside the kernel where it can; what is a hole in both stays one."""

    def resize(self, size: int) -> None:
        """Give the file its final size at once. Raises UserError(disk_filled_up, file_too_big or write_failed)."""

    def start_writeback(self, offset: int, count: int) -> None:
        """Have a stretch that was written go to the disk soon, where the system can be asked for it."""

    def sync(self) -> None:
        """Wait until all that was written is on the disk. Raises UserError(disk_filled_up or write_failed)."""

    def close(self) -> None:
        """Close every handle. Raises UserError(write_failed) where the disk tells only now what went wrong."""


def open_positional(
    path: Path, writable: bool = False, again: bool = False, pool: DescriptorPool | None = None
) -> PositionalFile:
    """Open for positional access; ``writable`` creates the file, which must not exist yet unless ``again``.

    ``pool`` keeps the number of descriptors within bounds where many files are open at once.
    """
    if isinstance(path, StridedPath):
        return _StridedFile(path)
    try:
        kind = _SeekingFile if sys.platform == "win32" else _PosixFile
        return kind(path, writable, again, pool)
    except OSError as trouble:
        raise (write_trouble if writable else read_trouble)(path, trouble) from trouble


@contextmanager
def opened(path: Path, pool: DescriptorPool | None = None) -> Iterator[PositionalFile]:
    """The same for reading, closed at the end."""
    file = open_positional(path, pool=pool)
    try:
        yield file
    finally:
        file.close()


def write_trouble(path: Path, trouble: OSError) -> UserError:
    """A failed write in the product's own terms."""
    if trouble.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(Code.DISK_FILLED_UP, file=path.name)
    if trouble.errno == errno.EFBIG:
        return UserError(Code.FILE_TOO_BIG, file=path.name)
    return UserError(Code.WRITE_FAILED, file=path.name, reason=trouble.strerror or str(trouble))


def read_trouble(path: Path, trouble: OSError) -> UserError:
    """A failed read in the product's own terms."""
    return UserError(Code.READ_FAILED, file=path.name, reason=trouble.strerror or str(trouble))


def _ended_early(path: Path) -> UserError:
    return UserError(Code.INPUT_CHANGED, file=path.name)


def copy_through_memory(
    target: PositionalFile, source: PositionalFile, source_offset: int, offset: int, count: int
) -> None:
    """Copy where the kernel cannot do it by itself."""
    buffer = memoryview(bytearray(min(COPY_BYTES, count)))
    done = 0
    while done < count:
        part = buffer[: min(len(buffer), count - done)]
        source.read_into(part, source_offset + done)
        target.write_from(part, offset + done)
        done += len(part)


if sys.platform != "win32":

    class _PosixFile:
        def __init__(self, path: Path, writable: bool, again: bool = False, pool: DescriptorPool | None = None) -> None:
            self.path, self._writable = path, writable
            self._pool = pool or DescriptorPool(1)
            create = os.O_CREAT | (0 if again else os.O_EXCL)
            self._handle = self._pool.open(path, *((os.O_RDWR, create) if writable else (os.O_RDONLY,)))
            # Kernels let one thread at a time write to a file; those that wait spin there, and sleep here.
            self._turn = threading.Lock()

        def read_into(self, view: memoryview, offset: int) -> None:
            done = 0
            try:
                with self._use() as descriptor:
                    while done < len(view):
                        count = os.preadv(descriptor, [view[done:]], offset + done)
                        if count == 0:
                            raise _ended_early(self.path)
                        done += count
            except OSError as trouble:
                raise read_trouble(self.path, trouble) from trouble

        def map(self, offset: int, count: int) -> memoryview:
            begin = offset - offset % mmap.ALLOCATIONGRANULARITY
            try:
                with self._use() as descriptor:
                    mapped = mmap.mmap(descriptor, offset + count - begin, access=mmap.ACCESS_COPY, offset=begin)
            except OSError as trouble:
                raise read_trouble(self.path, trouble) from trouble
            except ValueError as trouble:
                raise _ended_early(self.path) from trouble
            return memoryview(mapped)[offset - begin :]

        def write_from(self, view: memoryview, offset: int) -> None:
            done = 0
            with _write_errors(self.path), self._use() as descriptor, self._turn:
                while done < len(view):
                    done += os.pwrite(descriptor, view[done : done + _WRITE_BYTES], offset + done)

        def copy_from(self, source: PositionalFile, source_offset: int, offset: int, count: int) -> None:
            for part in data_in_either(source, source_offset, self, offset, count):
                begin, end = source_offset + part.start, offset + part.start
                done = self._copy_in_kernel(source, begin, end, len(part))
                if done < len(part):
                    copy_through_memory(self, source, begin + done, end + done, len(part) - done)

        def next_data(self, offset: int, end: int) -> int:
            with self._use() as descriptor:
                return seek_data(descriptor, offset, end)

        def next_hole(self, offset: int, end: int) -> int:
            with self._use() as descriptor:
                return seek_hole(descriptor, offset, end)

        def _copy_in_kernel(self, source: PositionalFile, source_offset: int, offset: int, count: int) -> int:
            done = 0
            copy = getattr(os, "copy_file_range", None)
            if copy is None or not isinstance(source, _PosixFile):
                return done
            with _write_errors(self.path), source._use() as origin, self._use() as target, self._turn:
                while done < count:
                    try:
                        moved = copy(origin, target, count - done, source_offset + done, offset + done)
                    except OSError as trouble:
                        if trouble.errno in _NO_KERNEL_COPY:
                            return done
                        raise
                    if moved == 0:
                        return done
                    done += moved
            return done

        def _use(self) -> AbstractContextManager[int]:
            return self._pool.use(self._handle)

        def resize(self, size: int) -> None:
            with _write_errors(self.path), self._use() as descriptor:
                os.ftruncate(descriptor, size)

        def start_writeback(self, offset: int, count: int) -> None:
            with _write_errors(self.path), self._use() as descriptor:
                start_writeback(descriptor, offset, count)

        def sync(self) -> None:
            with _write_errors(self.path), self._use() as descriptor:
                sync_descriptor(descriptor)

        def close(self) -> None:
            with _close_errors(self.path, self._writable):
                self._pool.close(self._handle)


class _Opaque:
    """What is neither mapped nor tells of holes: it is copied, and all of it counts as data."""

    def map(self: PositionalFile, offset: int, count: int) -> memoryview:
        copy = memoryview(bytearray(count))
        self.read_into(copy, offset)
        return copy

    def next_data(self, offset: int, end: int) -> int:
        return min(offset, end)

    def next_hole(self, offset: int, end: int) -> int:
        return max(offset, end)


class _SeekingFile(_Opaque):
    """For platforms without positional calls: a handle of its own for each thread, and no bound to their number."""

    def __init__(self, path: Path, writable: bool, again: bool = False, *_: object) -> None:
        self.path = path
        self._writable = writable
        self._local = threading.local()
        self._lock = threading.Lock()
        self._handles: list[BinaryIO] = []
        if writable:
            path.open("ab" if again else "xb").close()
        self._handle()

    def _handle(self) -> BinaryIO:
        handle: BinaryIO | None = getattr(self._local, "handle", None)
        if handle is None:
            handle = self.path.open("r+b" if self._writable else "rb", buffering=0)
            self._local.handle = handle
            with self._lock:
                self._handles.append(handle)
        return handle

    def read_into(self, view: memoryview, offset: int) -> None:
        try:
            handle = self._handle()
            handle.seek(offset)
            done = 0
            while done < len(view):
                count = handle.readinto(view[done:])  # type: ignore[attr-defined]
                if not count:
                    raise _ended_early(self.path)
                done += count
        except OSError as trouble:
            raise read_trouble(self.path, trouble) from trouble

    def write_from(self, view: memoryview, offset: int) -> None:
        with _write_errors(self.path):
            handle = self._handle()
            handle.seek(offset)
            done = 0
            while done < len(view):
                done += handle.write(view[done:])

    def copy_from(self, source: PositionalFile, source_offset: int, offset: int, count: int) -> None:
        copy_through_memory(self, source, source_offset, offset, count)

    def resize(self, size: int) -> None:
        with _write_errors(self.path):
            self._handle().truncate(size)

    def start_writeback(self, offset: int, count: int) -> None:
        """These systems have no call for it."""

    def sync(self) -> None:
        with _write_errors(self.path):
            sync_descriptor(self._handle().fileno())

    def close(self) -> None:
        with self._lock, _close_errors(self.path, self._writable):
            for handle in self._handles:
                handle.close()
            self._handles.clear()


class _StridedFile(_Opaque):
    """A tensor of which the elements lie scattered, as if they lay in order. Only for reading."""

    def __init__(self, path: StridedPath) -> None:
        self.path: Path = path
        self._gathered = path.gathered
        self._file = open_positional(path.gathered.file)

    def read_into(self, view: memoryview, offset: int) -> None:
        self._gathered.read(view, offset, self._file.read_into)

    def close(self) -> None:
        self._file.close()

    def _refuse(self, *_: object, **__: object) -> None:
        raise write_trouble(self.path, OSError(errno.EROFS, os.strerror(errno.EROFS)))

    write_from = copy_from = resize = start_writeback = sync = _refuse


@contextmanager
def _close_errors(path: Path, writable: bool) -> Iterator[None]:
    """What was only read is none the worse for an error on closing it."""
    try:
        yield
    except OSError as trouble:
        if writable:
            raise write_trouble(path, trouble) from trouble


@contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as trouble:
        raise write_trouble(path, trouble) from trouble
