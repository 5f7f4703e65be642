"""Making hundreds of thousands of objects that all stay, where looking for garbage meanwhile finds none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """No garbage is collected inside, which is a tenth of the time and more."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@contextmanager
def importing_heavily() -> Iterator[None]:
    """The same for large libraries: what is there at the end is looked at no more."""
    with without_collecting():
        yield
        gc.freeze()
