"""How this process shares the processors with others."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import psutil

_STEPS = 5
# Linux may share the processors between sessions first, and only within one by how nice its processes are (sched(7)).
_SESSION = Path("/proc/self/autogroup")


def step_back() -> None:
    """Let what answers a person go first; what is started from here does so too. Alone, it is as fast as before.

    To be called in a process that leads a session of its own: the whole session steps back.
    """
    with suppress(OSError, psutil.Error):
        if sys.platform == "win32":
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(_STEPS)
    if sys.platform == "linux" and _SESSION.exists():
        with suppress(OSError):
            _SESSION.write_text(str(_STEPS), "ascii")
