"""Imports of large libraries in a thread, without the window standing still meanwhile.

Two things in an import hold Python's lock for long, and both were measured here: loading torch's library
(300 ms) and garbage collections over everything just imported (up to 270 ms each). A foreign call releases
the lock while the library loads; collections wait until the imports are done, and then skip what they made.
With both the longest pause went from 300 ms to 20 ms.
"""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_LIBRARY_NAMES = ("libtorch_python.so", "libtorch_python.dylib", "torch_python.dll")
_WINDOWS_SEARCH_BESIDE_IT = 0x1100


@contextmanager
def importing_quietly() -> Iterator[None]:
    """Keep the other threads going while the block imports torch and its friends."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        load_torch_library()
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()


def load_torch_library() -> bool:
    """Load torch's native library through a call that releases Python's lock; False if there is none.

    Importing torch afterwards finds it loaded. Nothing depends on this but smoothness.
    """
    spec = importlib.util.find_spec("torch")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for name in _LIBRARY_NAMES:
            file = Path(folder) / "lib" / name
            if file.is_file():
                return _load(file)
    return False


def _load(library: Path) -> bool:
    if sys.platform == "win32":
        load: Any = ctypes.WinDLL("kernel32").LoadLibraryExW
        load.restype = ctypes.c_void_p
        return bool(load(ctypes.c_wchar_p(str(library)), None, _WINDOWS_SEARCH_BESIDE_IT))
    # ctypes.CDLL(path) would hold the lock while it loads; calling dlopen itself does not.
    load = ctypes.CDLL(None).dlopen
    load.restype = ctypes.c_void_p
    return bool(load(os.fsencode(library), os.RTLD_NOW | os.RTLD_LOCAL))
