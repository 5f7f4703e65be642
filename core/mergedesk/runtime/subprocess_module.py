"""A module of this program in a short-lived process of its own, also where the program is frozen and has no Python."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Sequence

_FLAG = "--own-process"


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs ``module`` as ``python -m`` would."""
    return [sys.executable, _FLAG if is_frozen() else "-m", module, *arguments]


def is_frozen() -> bool:
    """Whether this is the installed bundle, whose executable is the program and no Python."""
    return bool(getattr(sys, "frozen", False))


def run_if_asked(arguments: Sequence[str]) -> bool:
    """In a frozen program, run the module that ``command`` named; False if the arguments are not of that kind."""
    if not is_frozen() or len(arguments) < 2 or arguments[0] != _FLAG or not arguments[1].startswith(f"{__package__}."):
        return False
    sys.argv = [sys.argv[0], *arguments[2:]]
    runpy.run_module(arguments[1], run_name="__main__")
    return True
