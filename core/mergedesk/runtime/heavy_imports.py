"""Importing large libraries: hundreds of thousands of objects that all stay, where looking for garbage finds none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def importing_heavily() -> Iterator[None]:
    """No garbage is collected inside, which is a tenth of the time; what is there at the end is looked at no more."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()
