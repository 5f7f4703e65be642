"""The command line: the same job as the window, for scripts.

With no command it opens the window. JSON goes to stdout, progress and everything else to stderr. Each command is a
module here, named below in the order that ``--help`` lists them.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path

import typer

from ...domain.findings import Code, UserError
from ..errors import unexpected_errors_logged
from ..output import open_closed_streams
from . import (
    batch,
    check,
    convert_adapter,
    demo,
    download,
    export,
    inspect,
    install,
    leftovers,
    library,
    merge,
    push,
    report,
    try_out,
    usage,
    verify,
    verify_export,
    window,
)  # fmt: skip

app = typer.Typer(
    add_completion=False,
    help="Fold a PEFT adapter into its base model, and prove that the result is right.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.callback(invoke_without_command=True)(window.window)
app.command()(inspect.inspect)
app.command()(library.library)
app.command()(check.check)
app.command()(merge.merge)
app.command()(batch.batch)
app.command("convert-adapter")(convert_adapter.convert_adapter)
app.command()(export.export)
app.command("report")(report.show_report)
app.command()(usage.usage)
app.command()(usage.modelfile)
app.command()(install.ollama)
app.command("lm-studio")(install.lm_studio)
app.command()(verify.verify)
app.command("verify-export")(verify_export.verify_export)
app.command()(download.download)
app.command()(push.push)
app.command()(download.login)
app.command()(download.logout)
app.command()(leftovers.leftovers)
app.command("try")(try_out.try_out)
app.command()(demo.demo)


def main() -> None:
    """The ``mergedesk`` command."""
    open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # names that a console cannot show are no reason to stop
            stream.reconfigure(errors="backslashreplace")
    with unexpected_errors_logged():
        _refuse_no_current_folder()
        app()


def _refuse_no_current_folder() -> None:
    """Without one, paths have no meaning, and libraries fail in many places."""
    try:
        Path.cwd()
    except OSError as trouble:
        raise UserError(Code.CURRENT_FOLDER_GONE) from trouble
