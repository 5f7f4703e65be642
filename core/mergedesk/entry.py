"""Where ``mergedesk`` starts: straight to the window if that is all that is asked for.

The command line's library takes a fifth of a second to import, which a person who wants the window need not wait.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from .launch import open_window

WINDOW_OPTIONS = ("--base", "--adapter", "--output")


def main() -> None:
    """The ``mergedesk`` command."""
    wanted = window_options(sys.argv[1:])
    if wanted is None:
        from .cli import main as command_line

        command_line()
    else:
        sys.exit(open_window(**wanted))


def window_options(arguments: Sequence[str]) -> dict[str, Path] | None:
    """The folders to fill in, by option name; None if the arguments ask for anything but the window."""
    found: dict[str, Path] = {}
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if name not in WINDOW_OPTIONS:
            return None
        value = value if equals else next(rest, "")
        if not value or (not equals and value.startswith("-")):
            return None
        found[name.removeprefix("--")] = Path(value)
    return found
