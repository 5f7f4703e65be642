"""A lock in a folder that the kernel holds for a process, and lets go when the process ends, however it ends.

Unlike a process number it is true across containers, hosts of a shared disk and reused numbers.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from ..storage.descriptors import path_of
from .staging_folder import is_folder

LOCK = "lock"
_HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL)


class FolderInUse(Exception):
    """Another process holds the folder's lock, or it cannot be told whether one does."""


@contextmanager
def held(folder: Path, may_be_without: bool = False) -> Iterator[int]:
    """Hold the lock of ``folder`` while the block lasts; the lock file is made if it is not there. Gives its number.

    ``may_be_without``: go on where the file system knows no locks. Raises FolderInUse, or OSError where the file cannot
    be made.
    """
    file = folder / LOCK
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
    with ExitStack() as opened:
        opened.callback(_close, descriptor)
        _take(descriptor, may_be_without)
        # Not left to the file's end: a process that was forked meanwhile would keep it open.
        opened.callback(_let_go, descriptor)
        if not _is_there(file, descriptor):
            raise FolderInUse(str(folder))
        yield descriptor


def _is_there(file: Path, descriptor: int) -> bool:
    """Whether the lock is still the folder's, and was not removed by whoever held it a moment ago."""
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except FileNotFoundError:
        return False


def place_of(folder: Path, descriptor: int) -> Path:
    """Where a folder is now whose lock is held: somebody may have moved it. As it was, where that cannot be told."""
    found = path_of(descriptor)
    return found.parent if not is_folder(folder) and found is not None and is_folder(found.parent) else folder


def is_held(folder: Path) -> bool:
    """Whether a living process holds the lock, or may: where that cannot be told, it is taken to."""
    try:
        descriptor = _opened(folder / LOCK)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        _take(descriptor, may_be_without=False)
        _let_go(descriptor)
    except (FolderInUse, OSError):
        return True
    finally:
        _close(descriptor)
    return False


def _opened(file: Path) -> int:
    """A disk that takes nothing more, or is another's, may still be asked; some network disks want to be written to."""
    try:
        return os.open(file, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        raise
    except OSError:
        return os.open(file, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))


def _take(descriptor: int, may_be_without: bool) -> None:
    try:
        _lock(descriptor)
    except OSError as trouble:
        if trouble.errno in _NO_LOCKS and may_be_without:
            return
        if trouble.errno in (*_HELD, *_NO_LOCKS):
            raise FolderInUse from trouble
        raise


def _close(descriptor: int) -> None:
    with suppress(OSError):  # a lock holds no data that could be lost
        os.close(descriptor)


def _let_go(descriptor: int) -> None:
    with suppress(OSError):
        _unlock(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _unlock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
