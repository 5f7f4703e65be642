"""``mergedesk merge``: the whole job."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import typer

from ...domain.findings import Code, UserError, any_error
from ...domain.hub_reference import HubReference, host, reference_of
from ...domain.merge_report import MergeReport, MergeStatus, report_json
from ...domain.progress import Cancelled, CancelToken
from ...domain.requests import MergeRequest
from ...output.leftovers import is_of, leftover_findings
from ...pipelines.hub_merge import hub_merge
from ...pipelines.merge_from_hub import merge_wherever
from ...planning.checks.output_folder import output_findings
from ..fetching import end_failed, with_folders
from ..interrupt import ctrl_c_cancels
from ..noting import Note, noted
from ..option_sets import takes
from ..options import MergeOptions, check_request, usable_scheme
from ..output import ExitCode, name_original, print_json, told
from ..rendering import print_report, progress_bar
from ..words import finding_message, say


@takes(MergeOptions)
def merge(options: MergeOptions) -> None:
    """Merge, verify and publish."""
    wanted = replace(check_request(options).into(options.output), resume=options.resume, keep_base=options.keep_base)
    with noted(wanted, is_wanted=options.history) as note:
        _merge(wanted, options, note)


def _merge(wanted: MergeRequest, options: MergeOptions, note: Note) -> NoReturn:
    """Raises Exit."""
    cancel, scheme = CancelToken(), usable_scheme(options.packing, wanted)
    _refuse_output_before_download(wanted, note, as_json=options.as_json)
    base = reference_of(wanted.base)
    if not options.keep_base and base is not None:
        _merge_in_pieces(wanted, base, options, note)
    note.request = request = with_folders(wanted, as_json=options.as_json)
    try:
        with ctrl_c_cancels(cancel), progress_bar() as show:
            report = merge_wherever(hub_merge(request), show, cancel, scheme=scheme)
    except Cancelled:
        _end_cancelled(options.output, options.as_json)
    _end(report, note, as_json=options.as_json)


def _merge_in_pieces(wanted: MergeRequest, base: HubReference, options: MergeOptions, note: Note) -> NoReturn:
    """Merge a base that never lies here as a whole. Raises Exit."""
    rest = replace(with_folders(replace(wanted, base=Path()), as_json=options.as_json), base=wanted.base)
    print(say("fetching_in_pieces", name=base.text, host=host()), file=sys.stderr)
    cancel = CancelToken()
    try:
        with ctrl_c_cancels(cancel), progress_bar() as show:
            report = merge_wherever(hub_merge(rest), show, cancel, scheme=options.packing.scheme)
    except Cancelled:
        _end_cancelled(options.output, options.as_json)
    except UserError as trouble:
        end_failed(trouble, as_json=options.as_json)
    _end(report, note, as_json=options.as_json)


def _refuse_output_before_download(wanted: MergeRequest, note: Note, *, as_json: bool) -> None:
    """What could not be written anyway is not downloaded first. Raises Exit."""
    inputs = [wanted.base, *(adapter.folder for adapter in wanted.adapters)]
    if not any(map(reference_of, inputs)):
        return
    report = MergeReport(
        MergeStatus.REFUSED, wanted.output, findings=tuple(output_findings(wanted.output, inputs, wanted.overwrite))
    )
    if any_error(report.findings):
        _end(report, note, as_json=as_json)


def _end(report: MergeReport, note: Note, *, as_json: bool) -> NoReturn:
    """Raises Exit."""
    note.report = report
    with told(exit_code(report)):
        if as_json:
            print_json(report_json(report))
        else:
            print_report(report)
            name_original(report.findings)
    raise AssertionError("told has raised Exit")


def exit_code(report: MergeReport) -> ExitCode:
    """How the shell is told of a finished job."""
    if report.status is MergeStatus.MERGED:
        return ExitCode.DONE
    if report.status is MergeStatus.REFUSED:
        return ExitCode.REFUSED
    failed = any(finding.code is Code.VERIFICATION_FAILED for finding in report.findings)
    return ExitCode.VERIFICATION_FAILED if failed else ExitCode.FAILED


def _end_cancelled(output: Path, as_json: bool) -> NoReturn:
    """What could not be removed is told in the place of a promise that nothing is left."""
    left = [one for one in leftover_findings(output) if is_of(output, [one])]
    with told(ExitCode.CANCELLED):
        if as_json:
            print_json(report_json(MergeReport(MergeStatus.CANCELLED, output)))
        typer.echo(say("cancelled") if left else say("nothing_kept"), err=True)
        for finding in left:
            typer.echo(finding_message(finding), err=True)
    raise AssertionError("told has raised Exit")
