"""Reading and writing at a position, from any thread, on every platform.

POSIX has positional calls. Windows has not: there each thread seeks in a handle of its own.
"""

from __future__ import annotations

import errno
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from ..domain.findings import Code, UserError
from .strided_path import StridedPath

COPY_BYTES = 8 << 20
_NO_KERNEL_COPY = (errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM, errno.ENOTSUP)


class PositionalFile(Protocol):
    """An open file whose reads and writes each name their place."""

    path: Path

    def read_into(self, view: memoryview, offset: int) -> None:
        """Fill ``view`` from ``offset``. Raises UserError(read_failed), also where the file ends too soon."""

    def write_from(self, view: memoryview, offset: int) -> None:
        """Write all of ``view`` at ``offset``. Raises UserError(disk_filled_up, file_too_big or write_failed)."""

    def copy_from(self, source: PositionalFile, source_offset: int, offset: int, count: int) -> None:
        """Copy ``count`` bytes from another file, inside the kernel where it can."""

    def resize(self, size: int) -> None:
        """Give the file its final size at once. Raises UserError(disk_filled_up, file_too_big or write_failed)."""

    def close(self) -> None:
        """Close every handle."""


def open_positional(path: Path, writable: bool = False) -> PositionalFile:
    """Open for positional access; ``writable`` creates the file, which must not exist yet."""
    if isinstance(path, StridedPath):
        return _StridedFile(path)
    try:
        return _SeekingFile(path, writable) if sys.platform == "win32" else _PosixFile(path, writable)
    except OSError as trouble:
        raise (write_trouble if writable else read_trouble)(path, trouble) from trouble


@contextmanager
def opened(path: Path) -> Iterator[PositionalFile]:
    """The same for reading, closed at the end."""
    file = open_positional(path)
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
        def __init__(self, path: Path, writable: bool) -> None:
            self.path = path
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL if writable else os.O_RDONLY
            self._fd = os.open(path, flags | os.O_CLOEXEC, 0o644)

        def read_into(self, view: memoryview, offset: int) -> None:
            done = 0
            while done < len(view):
                try:
                    count = os.preadv(self._fd, [view[done:]], offset + done)
                except OSError as trouble:
                    raise read_trouble(self.path, trouble) from trouble
                if count == 0:
                    raise _ended_early(self.path)
                done += count

        def write_from(self, view: memoryview, offset: int) -> None:
            done = 0
            with _write_errors(self.path):
                while done < len(view):
                    done += os.pwrite(self._fd, view[done:], offset + done)

        def copy_from(self, source: PositionalFile, source_offset: int, offset: int, count: int) -> None:
            done = self._copy_in_kernel(source, source_offset, offset, count)
            if done < count:
                copy_through_memory(self, source, source_offset + done, offset + done, count - done)

        def _copy_in_kernel(self, source: PositionalFile, source_offset: int, offset: int, count: int) -> int:
            done = 0
            copy = getattr(os, "copy_file_range", None)
            if copy is None or not isinstance(source, _PosixFile):
                return done
            while done < count:
                try:
                    moved = copy(source._fd, self._fd, count - done, source_offset + done, offset + done)
                except OSError as trouble:
                    if trouble.errno in _NO_KERNEL_COPY:
                        return done
                    raise write_trouble(self.path, trouble) from trouble
                if moved == 0:
                    return done
                done += moved
            return done

        def resize(self, size: int) -> None:
            with _write_errors(self.path):
                os.ftruncate(self._fd, size)

        def close(self) -> None:
            with _write_errors(self.path):  # where writing was put off until now
                os.close(self._fd)


class _SeekingFile:
    """For platforms without positional calls: a handle of its own for each thread."""

    def __init__(self, path: Path, writable: bool) -> None:
        self.path = path
        self._writable = writable
        self._local = threading.local()
        self._lock = threading.Lock()
        self._handles: list[BinaryIO] = []
        if writable:
            path.open("xb").close()
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

    def close(self) -> None:
        with self._lock:
            for handle in self._handles:
                handle.close()
            self._handles.clear()


class _StridedFile:
    """A tensor of which the elements lie scattered, as if they lay in order. Only for reading."""

    def __init__(self, path: StridedPath) -> None:
        self.path: Path = path
        self._scattered = path.scattered
        self._file = open_positional(path.scattered.file)

    def read_into(self, view: memoryview, offset: int) -> None:
        self._scattered.read(view, offset, self._file.read_into)

    def close(self) -> None:
        self._file.close()

    def _refuse(self, *_: object, **__: object) -> None:
        raise write_trouble(self.path, OSError(errno.EROFS, os.strerror(errno.EROFS)))

    write_from = copy_from = resize = _refuse


@contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as trouble:
        raise write_trouble(path, trouble) from trouble
