"""What the C library's allocator keeps of the memory that was freed, and when it gives it back to the system."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

_MANY = 20_000
# glibc's M_TRIM_THRESHOLD and M_MMAP_THRESHOLD, and what both of them are at first (mallopt(3)).
_THRESHOLDS, _BYTES = (-1, -3), 128 * 1024


def give_back_free_memory() -> None:
    """Return to the system what the allocator keeps for later, where it can be asked to."""
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # musl has no such function
            ctypes.CDLL(None).malloc_trim(0)


def give_back_at_once() -> None:
    """From now on return large blocks to the system when they are freed, where the allocator can be told to.

    glibc by itself keeps blocks of all sizes that it has once seen freed, in an arena for each thread. To take them
    anew costs time where many come and go: two faults instead of one for every page that a merge computes.
    """
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # musl has no such function
            for threshold in _THRESHOLDS:
                ctypes.CDLL(None).mallopt(threshold, _BYTES)


def give_back_after(count: int) -> None:
    """Keep little from now on, after work on ``count`` tensors, where those were so many that it is worth the while."""
    if count > _MANY:
        give_back_at_once()
        give_back_free_memory()
