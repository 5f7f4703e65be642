"""``mergedesk export``: a model folder in the form that another program runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...domain.findings import Code
from ...domain.packed_export import ExportStatus, PackedExport, export_json
from ...domain.progress import Cancelled, CancelToken
from ...export.packed.scheme import GroupSize, PackedForm, ScaleGrid, scheme_name
from ...pipelines.export_packed import ExportRequest, export_packed
from ..fetching import local
from ..interrupt import ctrl_c_cancels
from ..options import FolderArgument, GroupSizeOption, JsonOption, OverwriteOption, ScalesOption
from ..output import ExitCode, print_json, told
from ..rendering import print_checks, progress_bar
from ..words import print_findings, say

_CODES = {
    ExportStatus.EXPORTED: ExitCode.DONE,
    ExportStatus.REFUSED: ExitCode.REFUSED,
    ExportStatus.FAILED: ExitCode.FAILED,
    ExportStatus.CANCELLED: ExitCode.CANCELLED,
}


def export(
    model: FolderArgument,
    to: Annotated[PackedForm, typer.Option("--to", help="What to pack it as.")],
    output: Annotated[Path, typer.Option("--output", help="Folder to write; must be new or empty.", metavar="DIR")],
    group_size: GroupSizeOption = GroupSize.LARGE,
    scales: ScalesOption = ScaleGrid.CHANNEL,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
) -> None:
    """Pack a model for vLLM and SGLang, and verify what was written."""
    scheme, folder = scheme_name(to, group_size, scales), local(model, as_json=as_json)
    report = _exported(ExportRequest(folder, output.absolute(), scheme, overwrite))
    with told(exit_code(report)):
        if as_json:
            print_json(export_json(report))
        else:
            _print(report)


def exit_code(report: PackedExport) -> ExitCode:
    """How the shell is told of a finished export."""
    refuted = any(finding.code is Code.VERIFICATION_FAILED for finding in report.findings)
    return ExitCode.VERIFICATION_FAILED if refuted else _CODES[report.status]


def _exported(request: ExportRequest) -> PackedExport:
    cancel = CancelToken()
    try:
        with ctrl_c_cancels(cancel), progress_bar() as show:
            return export_packed(request, show, cancel)
    except Cancelled:
        return PackedExport(ExportStatus.CANCELLED, request.output, request.form)


def _print(report: PackedExport) -> None:
    print_checks(report.checks)
    print_findings(report.findings, of_failure=report.status is ExportStatus.FAILED)
    if report.status is ExportStatus.EXPORTED:
        count, size = len(report.modules), report.total_bytes
        print(say("exported", path=str(report.output), count=count, form=report.form, bytes=size))
    elif report.status is ExportStatus.CANCELLED:
        typer.echo(say("nothing_kept"), err=True)
