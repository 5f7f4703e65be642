"""What a command leaves: text and JSON on stdout or in a file, and how it ended."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path
from typing import Any

import typer

from ..domain.findings import Code, Finding, UserError
from ..domain.json_objects import json_text
from ..output.companions import write_text
from .values import command_with_base
from .words import say, tell

_STDERR = 2


def open_closed_streams() -> None:
    """Give stdin, stdout and stderr somewhere to go where they are closed.

    Else the next file that is opened has the number of one, and gets what libraries print.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= _STDERR:
        os.set_inheritable(number, True)
    os.close(number)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 (stays open)


@contextmanager
def told(code: ExitCode) -> Iterator[None]:
    """Print an outcome that is decided: the shell learns ``code`` even where stdout takes nothing. Raises Exit."""
    try:
        yield
        sys.stdout.flush()
    except OSError as trouble:
        _drop_stdout()
        with suppress(OSError):
            typer.echo(say("not_printed", reason=trouble.strerror or str(trouble)), err=True)
    raise typer.Exit(code)


def _drop_stdout() -> None:
    """What Python still holds for stdout would fail again at its end, and change the exit code."""
    with suppress(OSError, ValueError):
        number = os.open(os.devnull, os.O_WRONLY)
        os.dup2(number, sys.stdout.fileno())
        os.close(number)


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    VERIFICATION_FAILED = 4
    CANCELLED = 130


def print_json(content: dict[str, Any]) -> None:
    """One object, in a line."""
    sys.stdout.write(json_text(content, encoding=sys.stdout.encoding or "utf-8") + "\n")


def show_or_write(make: Callable[[], str], output: Path | None) -> None:
    """Print what is made, or write it to ``output``. Raises Exit where it cannot be made."""
    try:
        text = make()
        if output is not None:
            write_text(output, text)
            return
    except UserError as trouble:
        tell(trouble.finding())
        raise typer.Exit(ExitCode.FAILED) from trouble
    with told(ExitCode.DONE):
        _print_text(text)


def name_original(findings: Sequence[Finding]) -> None:
    """Where a quantised base's 16-bit original is on this computer, the same command with it."""
    for finding in findings:
        if finding.code is Code.ORIGINAL_FOUND:
            command = command_with_base(sys.argv[1:], str(finding.data["path"]))
            typer.echo(f"{say('with_original')}\n  {command}", err=True)


def _print_text(text: str) -> None:
    """What the console cannot show becomes a character reference, which both HTML and Markdown understand."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "xmlcharrefreplace").decode(encoding))
