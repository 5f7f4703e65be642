"""``mergedesk usage`` and ``mergedesk modelfile``: a merged folder elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer

from ...deployment.usage import usage_json, usage_of
from ..options import FileOption, FolderArgument, JsonOption
from ..output import ExitCode, print_json, show_or_write
from ..usage_rendering import modelfile_text, print_usage


def usage(folder: FolderArgument, as_json: JsonOption = False) -> None:
    """Say how to use a merged folder elsewhere, and what in it would break there."""
    usage = usage_of(folder)
    if as_json:
        print_json(usage_json(usage))
    else:
        print_usage(usage)
    if not usage.tools:
        raise typer.Exit(ExitCode.FAILED)


def modelfile(
    folder: FolderArgument,
    output: FileOption = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Allow replacing FILE.")] = False,
) -> None:
    """Make a Modelfile for Ollama: show it, or write it."""
    show_or_write(lambda: modelfile_text(folder, output, overwrite=overwrite), output)
