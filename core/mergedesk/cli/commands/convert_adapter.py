"""``mergedesk convert-adapter``: an adapter of another tool as a PEFT adapter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...domain.conversion_report import ConversionReport, ConversionStatus, conversion_json
from ...domain.hub_reference import folder_or_name
from ...domain.progress import Cancelled, CancelToken
from ...pipelines.convert_adapter import ConversionRequest
from ...pipelines.convert_adapter import convert_adapter as run_conversion
from ..fetching import with_folders
from ..interrupt import ctrl_c_cancels
from ..options import JsonOption, OverwriteOption
from ..output import ExitCode, print_json, told
from ..words import print_findings, say

_CODES = {
    ConversionStatus.CONVERTED: ExitCode.DONE,
    ConversionStatus.REFUSED: ExitCode.REFUSED,
    ConversionStatus.FAILED: ExitCode.FAILED,
    ConversionStatus.CANCELLED: ExitCode.CANCELLED,
}


def convert_adapter(
    adapter: Annotated[
        Path,
        typer.Argument(metavar="IN", help="Folder or file of an adapter, whatever wrote it.", parser=folder_or_name),
    ],
    output: Annotated[Path, typer.Option("--output", help="Folder to write.", metavar="DIR")],
    base: Annotated[
        Path | None,
        typer.Option(
            "--base", help="Folder of the base model, or its name on a hub.", metavar="DIR", parser=folder_or_name
        ),
    ] = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write an adapter of another tool as a PEFT adapter."""
    request = with_folders(ConversionRequest(adapter, output, base, overwrite), as_json=as_json)
    report = _converted(request)
    with told(_CODES[report.status]):
        if as_json:
            print_json(conversion_json(report))
        else:
            _print(report)


def _converted(request: ConversionRequest) -> ConversionReport:
    cancel = CancelToken()
    try:
        with ctrl_c_cancels(cancel):
            return run_conversion(request, cancel)
    except Cancelled:
        return ConversionReport(ConversionStatus.CANCELLED, request.output)


def _print(report: ConversionReport) -> None:
    print_findings(report.findings)
    if report.status is ConversionStatus.CONVERTED:
        print(say("adapter_converted", path=str(report.output), count=report.tensors, bytes=report.bytes))
    elif report.status is ConversionStatus.CANCELLED:
        typer.echo(say("nothing_kept"), err=True)
