"""A guard against a fault of PySide6 6.12.0 that ends the process within minutes on Python 3.11.

That release is built as if ``None``, ``True`` and ``False`` were immortal, which they are from Python 3.12 on.
Before, every signal, slot call and overridden method drops one reference too many, and when the count of one
of them reaches zero the interpreter aborts ("deallocating None"). Here they get a count that no window will
ever use up.
"""

from __future__ import annotations

import ctypes
import sys

_ENOUGH = 1 << 40


def keep_pyside_refcounts() -> None:
    """Make Python's singletons as good as immortal. Harmless where they are so already."""
    if sys.version_info < (3, 12) and sys.implementation.name == "cpython":
        for singleton in (None, True, False, NotImplemented, Ellipsis):
            reference_count = ctypes.c_ssize_t.from_address(id(singleton))
            reference_count.value = max(reference_count.value, _ENOUGH)
