"""How much memory this process took at most."""

from __future__ import annotations

import sys

import psutil


def peak_rss_bytes() -> int:
    """The largest resident set so far, in bytes."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
