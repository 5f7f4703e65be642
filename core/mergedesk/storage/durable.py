"""Bringing what was written to the disk itself, so that it outlives a power cut.

``fsync`` is what Linux and Windows (FlushFileBuffers) need. macOS keeps data in the drive's own memory unless asked
by F_FULLFSYNC. A folder's entries are synced through the folder, which Windows neither needs nor allows.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

_PARALLEL = 8
_START_WRITING = 2  # SYNC_FILE_RANGE_WRITE: starts, and does not wait
# What file systems answer that cannot sync a folder, or a drive that knows no full sync.
_NOT_SUPPORTED = (errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.ENOTTY, errno.EBADF)


def sync_descriptor(descriptor: int) -> None:
    """Wait until everything written to an open file is on the disk. Raises OSError."""
    if sys.platform == "darwin" and _full_sync(descriptor):
        return
    os.fsync(descriptor)


def _full_sync(descriptor: int) -> bool:
    import fcntl

    try:
        fcntl.fcntl(descriptor, getattr(fcntl, "F_FULLFSYNC", 51))
    except OSError as trouble:
        if trouble.errno in _NOT_SUPPORTED:
            return False
        raise
    return True


def sync_file(file: Path) -> None:
    """Wait until a file's content is on the disk. Raises OSError that names the file."""
    _synced(file, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)


def sync_folder(folder: Path) -> None:
    """Wait until a folder's entries are on the disk, where the system can be asked for it. Raises OSError."""
    if sys.platform == "win32":
        return
    try:
        _synced(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as trouble:
        if trouble.errno not in _NOT_SUPPORTED:
            raise


def _synced(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    try:
        sync_descriptor(descriptor)
    except OSError as trouble:
        trouble.filename = str(path)
        raise
    finally:
        os.close(descriptor)


def sync_tree(folder: Path, check: Callable[[], None] = lambda: None) -> None:
    """Sync every file and folder in ``folder``, and itself. Raises OSError that names what could not be synced.

    ``check`` is called before each of them, from any thread, and may raise.
    """
    entries = sorted(folder.rglob("*"))

    def sync(path: Path) -> None:
        check()
        (sync_folder if path.is_dir() else sync_file)(path)

    with ThreadPoolExecutor(_PARALLEL, thread_name_prefix="mergedesk-sync") as pool:
        files = [pool.submit(sync, entry) for entry in entries if entry.is_file()]
        for done in files:
            done.result()
        for path in [*(entry for entry in entries if entry.is_dir()), folder]:
            sync(path)


def start_writeback(descriptor: int, offset: int, count: int) -> None:
    """Have the system begin to write a stretch of a file now, so that a later sync finds little left to do."""
    if (start := _sync_file_range()) is not None:
        start(descriptor, offset, count, _START_WRITING)


@cache
def _sync_file_range() -> Any:
    """The call of Linux; None elsewhere."""
    if sys.platform != "linux":
        return None
    try:
        call = ctypes.CDLL(None).sync_file_range
    except (OSError, AttributeError):
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)
    return call
