"""What a command leaves: text and JSON on stdout or in a file, and how it ended."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any

import typer

from ..domain.findings import Code, Finding, UserError
from ..domain.json_objects import json_text
from ..output.companions import write_text
from .values import command_with_base
from .words import say, tell


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
        if output is None:
            _print_text(text)
        else:
            write_text(output, text)
    except UserError as trouble:
        tell(trouble.finding())
        raise typer.Exit(ExitCode.FAILED) from trouble


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
