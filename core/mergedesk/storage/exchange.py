"""Two folders that exchange their names in one step, where the system can: at no moment is a name without a folder."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

_AT_CURRENT_FOLDER = -100
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS are the same number
_NOT_SUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders of one file system exchange names; False where the system or file system cannot.

    Raises OSError where it could, and failed: nothing has changed then.
    """
    call = _call()
    if call is None:
        return False
    if call(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_SUPPORTED:
        return False
    raise OSError(number, os.strerror(number), str(other))


@cache
def _call() -> Any:
    """The system's call, taking two names as bytes; None where there is none."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            linux, here = library.renameat2, _AT_CURRENT_FOLDER
            linux.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
            return lambda one, other: linux(here, one, here, other, _EXCHANGE)
        if sys.platform == "darwin":
            mac = library.renamex_np
            mac.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint)
            return lambda one, other: mac(one, other, _EXCHANGE)
    except (OSError, AttributeError, TypeError):
        pass
    return None
