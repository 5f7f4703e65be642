"""No command: open the window, prefilled."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...runtime.version import __version__
from ..launch import Prefill, open_window
from ..options import adapters_of


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mergedesk {__version__}")
        raise typer.Exit


def window(
    context: typer.Context,
    base: Annotated[Path | None, typer.Option(help="Fill in the base model's folder.", metavar="DIR")] = None,
    adapter: Annotated[
        list[str] | None,
        typer.Option(help="Fill in an adapter's folder, =WEIGHT for its strength.", metavar="DIR[=WEIGHT]"),
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Fill in the output folder.", metavar="DIR")] = None,
    merged: Annotated[
        Path | None, typer.Option(help="Open the window to verify this merged folder.", metavar="DIR")
    ] = None,
    new_window: Annotated[
        bool, typer.Option("--new-window", help="Open a window of its own, even if there is one.")
    ] = False,
    _version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """With no command, open the window; folders with a slash in their path are put where they belong."""
    if context.invoked_subcommand is None:
        raise typer.Exit(open_window(Prefill(base, adapters_of(adapter or []), output, merged, apart=new_window)))
