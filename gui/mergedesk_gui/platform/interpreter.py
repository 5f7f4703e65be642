"""What the interpreter does beside the program's own work, kept from making the window late or slow to answer."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

_TURN_SECONDS = 0.001


def search_no_sources() -> None:
    """Keep PySide from reading the source file of each module that is imported after it.

    It looks for its own name there, to know in which modules its ``__feature__`` switches may count. This program uses
    none of them, and the reading takes a tenth of the time until the window is seen.
    """
    import PySide6.QtCore  # noqa: F401 (brings with it what is imported next)

    feature: Any = import_module("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda _module: False


@contextmanager
def prompt() -> Iterator[None]:
    """While the block runs, no garbage is looked for until ``keep_all`` is called, and threads take short turns.

    With the usual five milliseconds each, a thread that looks at folders would hold up every step of the window.
    """
    turn = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_SECONDS)
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        sys.setswitchinterval(turn)


def keep_all() -> None:
    """What is there now stays till the end: looking through it for garbage would only make the window stand still."""
    gc.freeze()
    gc.enable()
