"""A guard against a fault of PySide6 6.12.0 that ends the process after some five hundred signals.

There every ``Signal.emit`` returns ``True`` without taking a reference to it. Up to Python 3.11 booleans are
counted like any object, and when the count of ``True`` reaches zero the interpreter aborts. From Python 3.12
on they are immortal; here they get a count that no window will ever use up.
"""

from __future__ import annotations

import ctypes
import sys

_ENOUGH = 1 << 40


def keep_booleans_alive() -> None:
    """Make ``True`` and ``False`` as good as immortal. Harmless where they are so already."""
    if sys.version_info < (3, 12) and sys.implementation.name == "cpython":
        for boolean in (True, False):
            reference_count = ctypes.c_ssize_t.from_address(id(boolean))
            reference_count.value = max(reference_count.value, _ENOUGH)
