"""Open files within the number that a process may have: those used longest ago are closed, and opened again when used.

Models come in a thousand files, and many systems let a process have 1,024 or 256 open at once.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import OrderedDict
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from ..domain.findings import Code, UserError

_FEWEST, _MOST = 16, 1024
# Inputs, outputs, what is read back and what libraries open have to do with half of what there is.
_SHARE = 8
_LONGEST_PATH = 1024


def most_open() -> int:
    """How many files one of several pools may keep open in this process."""
    if sys.platform == "win32":
        return _MOST
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if soft == resource.RLIM_INFINITY else max(_FEWEST, min(_MOST, soft // _SHARE))


def path_of(descriptor: int) -> Path | None:
    """Where an open file is now; None where the system does not tell."""
    try:
        if sys.platform == "darwin":
            import fcntl

            return Path(os.fsdecode(fcntl.fcntl(descriptor, fcntl.F_GETPATH, bytes(_LONGEST_PATH)).rstrip(b"\0")))
        return Path(f"/proc/self/fd/{descriptor}").readlink()
    except OSError:
        return None


@dataclass(slots=True, eq=False)
class Handle:
    """A file of a pool. ``flags`` open it again; ``identity`` is what it must then still be."""

    path: Path
    flags: int
    descriptor: int | None
    identity: tuple[int, int]
    users: int = 0


@dataclass(slots=True)
class DescriptorPool:
    """Descriptors of at most about ``most`` files at a time: one that is in use is never closed."""

    most: int = field(default_factory=most_open)
    handles: OrderedDict[Handle, None] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, path: Path, flags: int, create: int = 0) -> Handle:
        """Open a file now; ``create`` are flags for this first time, as O_CREAT. Raises OSError."""
        descriptor = os.open(path, flags | create | os.O_CLOEXEC, 0o666)
        found = os.fstat(descriptor)
        handle = Handle(path, flags, descriptor, (found.st_dev, found.st_ino))
        with self.lock:
            self.handles[handle] = None
            self._close_some(but=handle)
        return handle

    def use(self, handle: Handle) -> AbstractContextManager[int]:
        """The descriptor, for as long as the block lasts. Raises OSError, UserError(input_changed)."""
        return _Use(self, handle)

    def take(self, handle: Handle) -> int:
        """The same without a block; ``give_back`` ends it."""
        with self.lock:
            if handle.descriptor is None:
                handle.descriptor = _opened_again(handle)
                self.handles[handle] = None
                self._close_some(but=handle)
            else:
                self.handles.move_to_end(handle)
            handle.users += 1
            return handle.descriptor

    def give_back(self, handle: Handle) -> None:
        """It is no longer in use."""
        with self.lock:
            handle.users -= 1

    def close(self, handle: Handle) -> None:
        """Close a file for good. Raises OSError."""
        with self.lock:
            self._close(handle)

    def _close_some(self, but: Handle) -> None:
        idle = [one for one in self.handles if not one.users and one is not but]
        for handle in idle[: max(0, len(self.handles) - self.most)]:
            self._close(handle)

    def _close(self, handle: Handle) -> None:
        self.handles.pop(handle, None)
        descriptor, handle.descriptor = handle.descriptor, None
        if descriptor is not None:
            os.close(descriptor)


@dataclass(frozen=True, slots=True)
class _Use(AbstractContextManager[int]):
    """A class, for a generator would cost more than many a read."""

    pool: DescriptorPool
    handle: Handle

    def __enter__(self) -> int:
        return self.pool.take(self.handle)

    def __exit__(self, *_: object) -> None:
        self.pool.give_back(self.handle)


def _opened_again(handle: Handle) -> int:
    descriptor = os.open(handle.path, handle.flags | os.O_CLOEXEC)
    found = os.fstat(descriptor)
    if (found.st_dev, found.st_ino) != handle.identity:
        os.close(descriptor)
        raise UserError(Code.INPUT_CHANGED, file=handle.path.name)
    return descriptor
