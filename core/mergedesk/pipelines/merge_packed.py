"""Base and adapters in one pass, the result packed for servers: no model of 16 bits is written on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..checkpoints.files import REPORT
from ..domain.findings import Code, Finding, UserError, any_error, error
from ..domain.merge_report import MergeReport, MergeStatus, report_text
from ..domain.progress import CancelToken, Progress, Report, Stage
from ..domain.requests import MergeRequest
from ..export.packed.plan import PackedPlan
from ..export.packed.scheme import SCHEMES
from ..output.companions import ConfigChanges, write_text
from ..output.staging import Staging, bring_to_disk, staged
from ..planning.checks.output_folder import free_bytes, space_findings
from ..planning.layout import make_layout
from ..planning.plan import Plan
from ..planning.preflight import Ready, Refused, prepare
from ..runtime.offline import stay_offline
from ..storage.file_identity import FileIdentity
from ..support.failures import logged
from .inputs import inputs_of, look_at
from .merge_in_pieces import moved_layout, packed_in_pieces, prepare_in_pieces
from .merge_job import Supplies
from .merge_outcome import (
    base_files,
    count_tensors,
    identify,
    inherited_adapters,
    list_files,
    names_only,
    outline,
    verification_failed,
    write_card,
)
from .meter import Meter
from .packing_plan import packed_merge

if TYPE_CHECKING:
    from .packing import PackingJob, PackingProof


def merge_packed(
    request: MergeRequest, form: str, report: Report, cancel: CancelToken, supply: Supplies | None = None
) -> MergeReport:
    """The whole job; ``form`` is a key of ``export.packed.scheme.SCHEMES``. Raises Cancelled.

    ``supply`` brings pieces of the base, where that is an outline.
    """
    stay_offline()
    meter, before = Meter(), look_at(request)
    report = meter.hearing(report)
    report(Progress(Stage.PREFLIGHT))
    prepared = prepare_in_pieces(request, 0, supply) if supply else prepare(request)
    if isinstance(prepared, Refused):
        done = outline(request, prepared.preflight, MergeStatus.REFUSED)
    else:
        done = _attempt(request, form, prepared, before, report, cancel, supply)
    done = replace(done, options={**done.options, "output_format": form}, stage_seconds=meter.stage_seconds)
    return meter.measured(done)


def _attempt(
    request: MergeRequest,
    form: str,
    ready: Ready,
    before: Mapping[Path, FileIdentity],
    report: Report,
    cancel: CancelToken,
    supply: Supplies | None,
) -> MergeReport:
    from .packing import PackingJob

    try:
        plan = packed_merge(request, form, ready, cancel)
        if isinstance(plan, Finding):
            return outline(request, ready.preflight, MergeStatus.REFUSED, [plan])
        layout = make_layout(plan.plan, ready.base, request.max_shard_size)
        beside = supply.beside_bytes if supply else 0
        full = tuple(space_findings(request.output, layout.nbytes + beside, free_bytes(request.output)))
        if any_error(full):
            return outline(request, ready.preflight, MergeStatus.REFUSED, full)
        if supply is not None:
            plan, layout = packed_in_pieces(plan, supply), moved_layout(layout, supply)
        return _merge(request, ready, plan, before, PackingJob(
            ready.base, plan, layout, SCHEMES[form], request.output, report, cancel,
            tuple(folder for one in ready.mapped for folder in one.adapter.folders), _config_changes(ready, plan.plan),
            supply=supply,
        ), form)  # fmt: skip
    except UserError as trouble:
        return outline(request, ready.preflight, MergeStatus.FAILED, [logged(trouble, "merge")])


def _config_changes(ready: Ready, plan: Plan) -> ConfigChanges:
    return ConfigChanges(
        untie=plan.splits_tie,
        vocabulary=(ready.resize.before, ready.resize.after) if ready.resize else None,
        head=ready.head.config if ready.head else {},
    )


def _merge(
    request: MergeRequest,
    ready: Ready,
    plan: PackedPlan,
    before: Mapping[Path, FileIdentity],
    job: PackingJob,
    form: str,
) -> MergeReport:
    from ..verification.staged.reload import class_of
    from .packing import write_and_prove

    inputs = inputs_of(ready, before)
    inputs = inputs.without(job.supply.files) if job.supply else inputs
    identities = tuple(identify(one) for one in ready.given)
    with staged(request.output) as staging:
        job = replace(job, folder=staging.folder)
        proof = write_and_prove(job)
        inputs.refuse_changed()
        told = outline(request, ready.preflight, MergeStatus.MERGED, tuple(proof.told(form)))
        done = replace(
            told,
            checks=proof.checks,
            merged_class=class_of(proof.checks),
            tensors=count_tensors(plan.plan.tensors),
            base_files=base_files(ready.base),
            inherited_adapters=inherited_adapters(ready.base),
            adapters=identities,
            options={**told.options, "output_format": form},
        )
        failure = verification_failed(proof.checks) or _nothing_changed(proof)
        if failure is not None:
            return replace(done, status=MergeStatus.FAILED, findings=(*done.findings, failure))
        return _published(request, ready, staging, job, done)


def _nothing_changed(proof: PackingProof) -> Finding | None:
    """Where adapters change packed weights, something of that must be left in them."""
    total = proof.total
    return error(Code.EXPORT_LEFT_NOTHING) if total.delta and not (total.kept or 0) > 0 else None


def _published(
    request: MergeRequest, ready: Ready, staging: Staging, job: PackingJob, done: MergeReport
) -> MergeReport:
    write_card(done, ready, request.output, staging.folder)
    shared = names_only(replace(done, files=list_files(staging.folder)), request)
    write_text(staging.folder / REPORT, report_text(shared))
    job.report(Progress(Stage.PUBLISH))
    bring_to_disk(staging.folder, job.cancel.check)
    done = replace(done, files=list_files(staging.folder))
    return replace(done, findings=(*done.findings, *staging.publish(request.overwrite)))
