"""Where ``mergedesk`` starts: straight to the window if that is all that is asked for.

The command line's library takes a fifth of a second to import, which a person who wants the window need not wait.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..runtime import subprocess_module as own_process
from .launch import Prefill, open_window
from .values import parse_adapter

_FOLDERS = ("--base", "--output", "--merged")
_ADAPTER = "--adapter"
_APART = "--new-window"
_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))


def main() -> None:
    """The ``mergedesk`` command."""
    if own_process.run_if_asked(sys.argv[1:]):
        return
    wanted = window_options(sys.argv[1:])
    if wanted is None:
        _command_line()
    else:
        sys.exit(_window(wanted))


def _command_line() -> None:
    """Its import takes most of a second, in which Ctrl+C comes as it does later."""
    try:
        from .commands import main as command_line
        from .interrupt import ctrl_c_interrupts

        with ctrl_c_interrupts():
            command_line()
    except KeyboardInterrupt:
        _end_cancelled()
    except SystemExit as end:
        if not _was_interrupted(end):
            raise
        _end_cancelled()


def _was_interrupted(end: SystemExit) -> bool:
    """Whether the command line's library made this end of a Ctrl+C, of which it says nothing."""
    asked = end.__context__
    return asked is not None and isinstance(asked.__cause__, KeyboardInterrupt)


def _end_cancelled() -> None:
    """Raises SystemExit."""
    from .output import ExitCode
    from .words import say

    print(say("cancelled"), file=sys.stderr)
    sys.exit(ExitCode.CANCELLED)


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
        options, paths = _without_paths(arguments)
        given = list(_options(options))
        adapters = tuple(parse_adapter(value) for name, value in given if name == _ADAPTER)
    except ValueError:
        return None
    folders = {name.removeprefix("--"): Path(value) for name, value in given if name != _ADAPTER}
    named = folders.get("base"), adapters, folders.get("output"), folders.get("merged")
    return Prefill(*named, tuple(paths), apart=_APART in arguments)


def _without_paths(arguments: Sequence[str]) -> tuple[list[str], list[Path]]:
    """The options, and what stands between them as paths do: with a separator, so that none is taken for a command."""
    options: list[str] = []
    paths: list[Path] = []
    for argument in arguments:
        is_value = bool(options) and options[-1] in (*_FOLDERS, _ADAPTER)
        is_path = any(mark in argument for mark in _SEPARATORS) and not argument.startswith("-")
        if is_path and not is_value:
            paths.append(Path(argument))
        elif argument != _APART or is_value:
            options.append(argument)
    return options, paths


def _options(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each option with its value. Raises ValueError at what is no option of the window, or has no value."""
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        value = value if equals else next(rest, "")
        if name not in (*_FOLDERS, _ADAPTER) or not value or (not equals and value.startswith("-")):
            raise ValueError(argument)
        yield name, value
