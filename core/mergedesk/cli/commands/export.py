"""``mergedesk export``: a model folder in the form that another program runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ...domain.findings import Code
from ...domain.gguf_export import GgufForm, gguf_json
from ...domain.packed_export import ExportRequest, ExportStatus, PackedExport, export_json
from ...domain.progress import Cancelled, CancelToken
from ...export.packed.scheme import PackedForm
from ...pipelines.export_packed import export_packed
from ..fetching import local
from ..gguf_files import GgufOptions, exported, print_gguf_report, report_code
from ..interrupt import ctrl_c_cancels
from ..option_sets import takes
from ..options import (
    FolderArgument,
    FollowLinksOption,
    GroupSizeOption,
    JsonOption,
    OverwriteOption,
    ScalesOption,
    scheme_of,
)
from ..output import ExitCode, print_json, told
from ..rendering import print_checks, progress_bar
from ..words import print_findings, say

_CODES = {
    ExportStatus.EXPORTED: ExitCode.DONE,
    ExportStatus.REFUSED: ExitCode.REFUSED,
    ExportStatus.FAILED: ExitCode.FAILED,
    ExportStatus.CANCELLED: ExitCode.CANCELLED,
}


class ExportTarget(StrEnum):
    """What a model may be written as: packed forms for servers, and files for llama.cpp."""

    GGUF = GgufForm.GGUF.value
    GGUF_LORA = GgufForm.GGUF_LORA.value
    FP8 = PackedForm.FP8.value
    INT8 = PackedForm.INT8.value
    INT4 = PackedForm.INT4.value


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What ``export`` takes."""

    model: FolderArgument
    to: Annotated[ExportTarget, typer.Option("--to", help="What to write it as.")]
    output: Annotated[Path, typer.Option("--output", help="Folder to write, or a .gguf file.", metavar="PATH")]
    gguf: GgufOptions
    group_size: GroupSizeOption = None
    scales: ScalesOption = None
    overwrite: OverwriteOption = False
    follow_links: FollowLinksOption = False
    as_json: JsonOption = False


@takes(ExportOptions)
def export(options: ExportOptions) -> None:
    """Write a model as GGUF files, or packed for vLLM and SGLang; and verify what was written."""
    if options.to.value in [form.value for form in GgufForm]:
        _export_gguf(options)
    else:
        _export_packed(options)


def _export_gguf(options: ExportOptions) -> None:
    asked, form = options.gguf, GgufForm(options.to.value)
    scheme_of(None, options.group_size, options.scales)  # both are for packing alone
    request = asked.request(options.model, options.output.absolute(), form, overwrite=options.overwrite)
    source = local(options.model, as_json=options.as_json).absolute()
    base = local(asked.base, as_json=options.as_json).absolute() if asked.base else None
    report = exported(replace(request, source=source, base=base, follow_links=options.follow_links))
    with told(report_code(report)):
        if options.as_json:
            print_json(gguf_json(report))
        else:
            print_gguf_report(report)


def _export_packed(options: ExportOptions) -> None:
    if name := options.gguf.first_given:
        raise typer.BadParameter(say("only_of_gguf", option=name, form=options.to.value))
    scheme = scheme_of(PackedForm(options.to.value), options.group_size, options.scales)
    assert scheme is not None
    folder = local(options.model, as_json=options.as_json)
    request = ExportRequest(folder, options.output.absolute(), scheme, options.overwrite, options.follow_links)
    report = _exported(request)
    with told(exit_code(report)):
        if options.as_json:
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
