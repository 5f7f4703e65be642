"""The end of a process that this one started, and of all that it started in its turn."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress

import psutil

_GRACE_SECONDS = 0.2


def end_group(child: subprocess.Popen[bytes]) -> None:
    """Ask a process of ``subprocess_module`` and its group to end, and a moment later make them.

    It leads a group of its own, which its children are in, so that nothing of it is left.
    """
    if child.poll() is not None:
        return
    inner = _children(child)
    _signal_group(child, "SIGTERM")
    with suppress(subprocess.TimeoutExpired):
        child.wait(_GRACE_SECONDS)
    _signal_group(child, "SIGKILL")
    for one in inner:
        with suppress(psutil.Error):
            one.kill()
    child.kill()


def _children(child: subprocess.Popen[bytes]) -> list[psutil.Process]:
    try:
        return psutil.Process(child.pid).children(recursive=True)
    except psutil.Error:
        return []


def _signal_group(child: subprocess.Popen[bytes], name: str) -> None:
    """Windows has no such groups: there its children are ended one by one."""
    if sys.platform == "win32":
        if name == "SIGTERM":
            child.terminate()
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, getattr(signal, name))
