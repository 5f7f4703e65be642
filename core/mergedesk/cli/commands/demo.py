"""``mergedesk demo``: a real merge of a real model."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer

from ...domain.findings import UserError
from ..output import ExitCode
from ..words import tell


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Merge without a screen and save a picture.")] = False,
) -> None:
    """Make the demo model, then open the window on it (or merge at once where there is no screen)."""
    run: Any = import_module("mergedesk_gui.demo_command").run
    try:
        code = run(headless=headless)
    except UserError as trouble:
        tell(trouble.finding())
        code = ExitCode.FAILED
    raise typer.Exit(int(code))
