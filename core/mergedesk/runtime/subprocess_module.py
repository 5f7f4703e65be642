"""A module of this program in a process of its own, also where the program is frozen and has no Python.

What runs there is this program and nothing else: modules are never looked for in the folder that a person happens to
be in, where a ``json.py`` of theirs may lie.
"""

from __future__ import annotations

import runpy
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_FLAG = "--own-process"
_PACKAGE = __name__.partition(".")[0]


def start(module: str, *arguments: str, **streams: Any) -> subprocess.Popen[bytes]:
    """Start ``module`` as ``python -m`` would; ``streams`` are ``Popen``'s stdin, stdout and stderr.

    It starts in the program's own folder, so paths in ``arguments`` are to be absolute, and in a group of its own: what
    is typed at this process's terminal does not reach it. Raises OSError.
    """
    return subprocess.Popen(command(module, *arguments), cwd=Path(sys.executable).parent, **_apart(), **streams)


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs ``module`` as ``python -m`` would, without the current folder among its paths."""
    return [_program(), *([_FLAG] if is_frozen() else ["-P", "-m"]), module, *arguments]


def is_frozen() -> bool:
    """Whether this is the installed bundle, whose executable is the program and no Python."""
    return bool(getattr(sys, "frozen", False))


def run_if_asked(arguments: Sequence[str]) -> bool:
    """In a frozen program, run the module that ``command`` named; False if the arguments are not of that kind."""
    if not is_frozen() or len(arguments) < 2 or arguments[0] != _FLAG or not arguments[1].startswith(f"{_PACKAGE}."):
        return False
    sys.argv = [sys.argv[0], *arguments[2:]]
    runpy.run_module(arguments[1], run_name="__main__")
    return True


def _program() -> str:
    """The executable; on Windows the one with a console where there are two, since the other may have no streams."""
    this = Path(sys.executable)
    names = {"pythonw.exe": "python.exe", "mergedesk-window.exe": "mergedesk.exe"}
    twin = this.with_name(names.get(this.name.lower(), this.name))
    return str(twin if sys.platform == "win32" and twin.is_file() else this)


def _apart() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
