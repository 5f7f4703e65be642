"""Paths inside commands: quoted so that the shell of this platform takes them for one word and runs nothing."""

from __future__ import annotations

import re
import shlex
import sys
from enum import StrEnum
from pathlib import Path

# PowerShell takes these for the straight quote too.
_SINGLE_QUOTES = re.compile("['\u2018\u2019\u201a\u201b]")


class Shell(StrEnum):
    """The shell that commands are written for."""

    POSIX = "sh"
    POWERSHELL = "powershell"


def this_shell() -> Shell:
    """The one that people have here."""
    return Shell.POWERSHELL if sys.platform == "win32" else Shell.POSIX


def quoted(path: Path | str, shell: Shell) -> str:
    """A path or name as one word of a command line."""
    if shell is Shell.POSIX:
        return shlex.quote(str(path))
    return "'" + _SINGLE_QUOTES.sub(lambda quote: quote[0] * 2, str(path)) + "'"
