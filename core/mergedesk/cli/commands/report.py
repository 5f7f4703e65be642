"""``mergedesk report``: the report of a merged folder, again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...reports.formats import ReportFormat, read_report, report_as
from ..options import FileOption
from ..output import show_or_write


def show_report(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that MergeDesk merged.")],
    as_what: Annotated[ReportFormat, typer.Option("--format", help="What to write.")] = ReportFormat.MARKDOWN,
    output: FileOption = None,
) -> None:
    """Show the report of a merged folder again, or save it."""
    show_or_write(lambda: report_as(read_report(folder), as_what), output)
