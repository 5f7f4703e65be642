"""A plain model folder, packed for servers: written, proved and published."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.files import EXPORT_REPORT
from ..checkpoints.tokenizer_files import broken_tokenizer_files, has_tokenizer
from ..domain.findings import Code, Finding, UserError, any_error, error, warning
from ..domain.json_objects import json_text
from ..domain.packed_export import ExportRequest, ExportStatus, PackedExport, export_json
from ..domain.progress import CancelToken, Progress, Report, Stage
from ..export.packed.plan import PackedPlan, as_it_is
from ..export.packed.scheme import SCHEMES
from ..inspection.inspect_folder import FolderContents, read_folder
from ..output.companions import write_text
from ..output.staging import Staging, bring_to_disk, staged
from ..planning.checks.output_folder import free_bytes, output_findings, space_findings
from ..planning.layout import Layout, make_layout
from ..runtime.memory import forget_earlier_peak, peak_rss_bytes, rss_bytes
from ..storage.file_identity import FileIdentity, changed_among, identities_in
from ..support.failures import logged
from .merge_outcome import list_files, verification_failed
from .packing_plan import planned_packing

if TYPE_CHECKING:
    from .packing import PackingJob, PackingProof

_PACKED = frozenset({Code.QUANTIZED_BASE, Code.QUANTIZED_UNMERGEABLE})


def export_packed(request: ExportRequest, report: Report, cancel: CancelToken) -> PackedExport:
    """Pack it. Trouble becomes findings; nothing half is left. Raises Cancelled."""
    began, at_rest = time.perf_counter(), rss_bytes()
    forget_earlier_peak()
    report(Progress(Stage.PREFLIGHT))
    before = identities_in([request.model])
    done = _attempt(request, before, report, cancel)
    peak = max(0, peak_rss_bytes() - at_rest)
    return replace(done, seconds=time.perf_counter() - began, peak_rss_beyond_imports_bytes=peak)


def _attempt(
    request: ExportRequest, before: Mapping[Path, FileIdentity], report: Report, cancel: CancelToken
) -> PackedExport:
    nothing = PackedExport(ExportStatus.REFUSED, request.output, request.form)
    contents = read_folder(request.model, request.follow_links)
    findings = [*_of_folders(request, contents)]
    if contents.checkpoint is None or any_error(findings):
        return replace(nothing, findings=tuple(findings))
    plan = planned_packing(as_it_is(contents.checkpoint), contents.checkpoint, SCHEMES[request.form], cancel)
    if isinstance(plan, Finding):
        return replace(nothing, findings=(*findings, plan))
    layout = make_layout(plan.plan, contents.checkpoint)
    findings += space_findings(request.output, layout.nbytes, free_bytes(request.output))
    if any_error(findings):
        return replace(nothing, findings=tuple(findings))
    job = _Job(request, contents.checkpoint, plan, layout, report, cancel, before)
    try:
        done = _export(job)
    except UserError as trouble:
        return replace(nothing, status=ExportStatus.FAILED, findings=(*findings, logged(trouble, "export")))
    return replace(done, findings=(*findings, *done.findings))


def _of_folders(request: ExportRequest, contents: FolderContents) -> Iterator[Finding]:
    """What is to be said of both folders. What a quantised model is told before a merge is of no use here."""
    yield from (one for one in contents.folder_info.findings if one.code not in _PACKED)
    yield from output_findings(request.output, [request.model], request.overwrite)
    if contents.checkpoint is not None and not has_tokenizer(request.model):
        yield warning(Code.EXPORT_NO_TOKENIZER, path=str(request.model))
    yield from (warning(Code.GGUF_TOKENIZER_BROKEN, file=name) for name in broken_tokenizer_files(request.model))
    if any(one.code in _PACKED for one in contents.folder_info.findings):
        yield error(Code.EXPORT_PACKED_ALREADY, path=str(request.model))
    elif contents.checkpoint is None and not any_error(contents.folder_info.findings):
        yield error(Code.BASE_NOT_A_MODEL, path=str(request.model))


@dataclass(frozen=True, slots=True)
class _Job:
    """An export under way. ``before``: the inputs as they were when it began."""

    request: ExportRequest
    model: Checkpoint
    plan: PackedPlan
    layout: Layout
    report: Report
    cancel: CancelToken
    before: Mapping[Path, FileIdentity]

    def into(self, folder: Path) -> PackingJob:
        """What is written into a folder."""
        from .packing import PackingJob

        scheme = SCHEMES[self.request.form]
        job = PackingJob(self.model, self.plan, self.layout, scheme, folder, self.report, self.cancel)
        return replace(job, written_last=(EXPORT_REPORT,))


def _export(job: _Job) -> PackedExport:
    from .packing import write_and_prove

    with staged(job.request.output) as staging:
        proof = write_and_prove(job.into(staging.folder))
        inputs = {header.file for header in job.model.headers}
        if (changed := changed_among(inputs, job.before)) is not None:
            raise UserError(Code.INPUT_CHANGED, file=changed.name)
        done = _told(job, proof)
        if (failure := verification_failed(proof.checks)) is not None:
            return replace(done, status=ExportStatus.FAILED, findings=(failure,))
        return _published(job, staging, done)


def _published(job: _Job, staging: Staging, done: PackedExport) -> PackedExport:
    """Give the result its name, its report beside it."""
    shared = replace(done, output=Path(done.output.name), files=list_files(staging.folder))
    write_text(staging.folder / EXPORT_REPORT, json_text(export_json(shared), indent=2) + "\n")
    job.report(Progress(Stage.PUBLISH))
    bring_to_disk(staging.folder, job.cancel.check)
    done = replace(done, files=list_files(staging.folder))
    return replace(done, findings=(*done.findings, *staging.publish(job.request.overwrite)))


def _told(job: _Job, proof: PackingProof) -> PackedExport:
    return PackedExport(
        ExportStatus.EXPORTED,
        job.request.output,
        job.request.form,
        findings=tuple(proof.told(job.request.form)),
        checks=proof.checks,
        modules=proof.modules(list(job.plan.packed)),
        left=job.plan.left,
        loss=proof.total.loss,
    )
