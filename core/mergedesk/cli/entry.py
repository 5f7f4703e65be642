"""Where ``mergedesk`` starts: straight to the window if that is all that is asked for.

The command line's library takes a fifth of a second to import, which a person who wants the window need not wait.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..runtime import subprocess_module as own_process
from .launch import Prefill, open_window
from .values import parse_adapter

_FOLDERS = ("--base", "--output", "--merged")
_ADAPTER = "--adapter"


def main() -> None:
    """The ``mergedesk`` command."""
    if own_process.run_if_asked(sys.argv[1:]):
        return
    wanted = window_options(sys.argv[1:])
    if wanted is None:
        from .commands import main as command_line

        command_line()
    else:
        sys.exit(_window(wanted))


def _window(wanted: Prefill) -> int:
    try:
        return open_window(wanted)
    except Exception:
        from .errors import unexpected_errors_logged

        with unexpected_errors_logged():
            raise


def window_options(arguments: Sequence[str]) -> Prefill | None:
    """What to fill in; None if the arguments ask for anything but the window, or are wrong."""
    try:
        given = list(_options(arguments))
        adapters = tuple(parse_adapter(value) for name, value in given if name == _ADAPTER)
    except ValueError:
        return None
    folders = {name.removeprefix("--"): Path(value) for name, value in given if name != _ADAPTER}
    return Prefill(folders.get("base"), adapters, folders.get("output"), folders.get("merged"))


def _options(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each option with its value. Raises ValueError at what is no option of the window, or has no value."""
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        value = value if equals else next(rest, "")
        if name not in (*_FOLDERS, _ADAPTER) or not value or (not equals and value.startswith("-")):
            raise ValueError(argument)
        yield name, value
