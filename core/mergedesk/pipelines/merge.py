"""The one merge that both the window and the command line call.

preflight → plan → merge into a staging folder → verify it → publish it under its name → report.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from ..checkpoints.files import REPORT
from ..domain.findings import UserError
from ..domain.merge_report import AdapterIdentity, MergeReport, MergeStatus, report_text
from ..domain.progress import Cancelled, CancelToken, Progress, Report, Stage, unheard
from ..domain.requests import MergeRequest
from ..output.companions import write_text
from ..output.staging import staged
from ..planning.preflight import Ready, Refused, prepare
from ..support.failures import logged
from .dry_run import REFUSALS, class_findings
from .merge_job import MergeJob
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
from .warm_up import warm_up

if TYPE_CHECKING:
    from .verify_staged import StagedChecks
    from .writing import Written


def merge(request: MergeRequest, report: Report = unheard, cancel: CancelToken | None = None) -> MergeReport:
    """The whole job. Refusals and failures come back as a report with that status; raises ``Cancelled``."""
    meter, cancel = Meter(), cancel or CancelToken()
    report(Progress(Stage.PREFLIGHT))
    prepared = prepare(request)
    if isinstance(prepared, Refused):
        return meter.measured(outline(request, prepared.preflight, MergeStatus.REFUSED))
    cancel.check()
    try:
        with meter.importing():
            warm_up()
        said = class_findings(prepared)
        prepared = replace(prepared, preflight=prepared.preflight.saying(said))
        if prepared.preflight.refused:
            return meter.measured(outline(request, prepared.preflight, MergeStatus.REFUSED))
        return _merge(request, prepared, meter, report, cancel)
    except Cancelled:
        raise
    except Exception as trouble:
        refused = isinstance(trouble, UserError) and trouble.code in REFUSALS
        status = MergeStatus.REFUSED if refused else MergeStatus.FAILED
        return meter.measured(outline(request, prepared.preflight, status, [logged(trouble, "merge")]))


def _merge(request: MergeRequest, ready: Ready, meter: Meter, report: Report, cancel: CancelToken) -> MergeReport:
    from .verify_staged import verify_staged
    from .write_output import write_output

    with ThreadPoolExecutor(1, thread_name_prefix="mergedesk-hash") as pool, staged(request.output) as staging:
        job = MergeJob(request, ready, staging.folder, report, cancel)
        identities = [pool.submit(identify, resolved) for resolved in ready.mapped]
        written = write_output(job)
        cancel.check()
        proof = verify_staged(job, written)
        adapters = tuple(_wait(future, cancel) for future in identities)
        outcome = meter.measured(replace(_outcome(job, written, proof), adapters=adapters))
        if failure := verification_failed(proof.checks):
            return replace(outcome, status=MergeStatus.FAILED, findings=(*outcome.findings, failure))
        _tell(outcome, job)
        job.start(Stage.PUBLISH)
        cancel.check()
        staging.publish(request.overwrite)
    return meter.measured(replace(outcome, files=list_files(request.output)))


def _outcome(job: MergeJob, written: Written, proof: StagedChecks) -> MergeReport:
    ready = job.ready
    return replace(
        outline(job.request, ready.preflight, MergeStatus.MERGED, written.findings),
        merged_class=proof.class_name,
        engine_reason=written.engine_reason or ready.preflight.engine_reason,
        checks=proof.checks,
        tensors=count_tensors(written.planned),
        effect=written.effect,
        base_files=base_files(ready.base),
        inherited_adapters=inherited_adapters(ready.base),
    )


def _tell(outcome: MergeReport, job: MergeJob) -> None:
    """Card and report, beside the model."""
    write_card(outcome, job.ready, job.request.output, job.folder)
    shared = names_only(replace(outcome, files=list_files(job.folder)), job.request)
    write_text(job.folder / REPORT, report_text(shared))


def _wait(future: Future[AdapterIdentity], cancel: CancelToken) -> AdapterIdentity:
    while not future.done():
        cancel.check()
        time.sleep(0.005)
    return future.result()
