"""The one merge that both the window and the command line call.

preflight → plan → merge into a staging folder → verify it → publish it under its name → report.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..checkpoints.checkpoint import folded
from ..checkpoints.files import REPORT
from ..domain.findings import Code, info
from ..domain.merge_report import AdapterIdentity, MergeReport, MergeStatus, report_text
from ..domain.progress import Cancelled, CancelToken, Progress, Report, Stage, unheard
from ..domain.requests import MergeRequest
from ..output.companions import write_text
from ..output.journal_writer import JournalWriter
from ..output.leftovers import is_of, leftover_findings, put_back_set_aside, remove_spent, resumable
from ..output.staging import bring_to_disk, staged
from ..planning.preflight import Ready, Refused, Room, prepare
from ..runtime.allocator import give_back_after
from ..runtime.offline import stay_offline
from ..storage.file_identity import FileIdentity
from ..support.failures import logged
from ..verification.staged.load_beside import LoadBeside, loading_beside
from .doubts import needs_transformers
from .dry_run import REFUSALS, class_findings
from .forecast import learn
from .inputs import MergeInputs, inputs_of, look_at
from .merge_in_pieces import prepare_in_pieces
from .merge_job import Caller, MergeJob, Supplies
from .merge_outcome import (
    base_files,
    count_tensors,
    identify,
    inherited_adapters,
    list_files,
    names_only,
    outline,
    resume_findings,
    verification_failed,
    write_card,
)
from .meter import Meter
from .time_left import TimeLeft, prospects_of
from .warm_up import warm_up, warm_up_streaming

T = TypeVar("T")
_REFUSALS = frozenset({Code.RESUME_INPUT_DIFFERS, Code.RESUME_PLAN_DIFFERS, Code.PACKING_LOSES_TOO_MUCH, *REFUSALS})

if TYPE_CHECKING:
    from .verify_staged import StagedChecks
    from .writing import Written


def merge(
    request: MergeRequest,
    report: Report = unheard,
    cancel: CancelToken | None = None,
    *,
    apart: bool = False,
    supply: Supplies | None = None,
) -> MergeReport:
    """The whole job. Refusals and failures come back as a report with that status; raises ``Cancelled``.

    ``apart``: in a process that does nothing else. Files are mapped there, so that one that shrinks meanwhile ends it.
    ``supply`` brings the base's files one by one, where that is an outline.
    """
    meter, cancel = Meter(), cancel or CancelToken()
    caller = Caller(meter.hearing(report), cancel, apart, supply)
    caller.report(Progress(Stage.PREFLIGHT))
    said = put_back_set_aside(request.output)
    before = look_at(request)
    left = resumable(request.output) if request.resume else None
    prepared = _prepared(request, left.nbytes if left else 0, supply)
    if isinstance(prepared, Refused):
        done = meter.measured(outline(request, prepared.preflight, MergeStatus.REFUSED))
    else:
        cancel.check()
        prepared = replace(prepared, base=folded(prepared.base))
        give_back_after(len(prepared.base.tensors))
        caller = replace(caller, report=TimeLeft(prospects_of(prepared)).hearing(caller.report))
        done = _attempt(request, prepared, before, meter, caller)
    told = leftover_findings(request.output)
    kept = [] if done.status is not MergeStatus.FAILED or is_of(request.output, told) else [info(Code.NOTHING_KEPT)]
    return replace(done, findings=(*done.findings, *kept, *said, *told))


def _prepared(request: MergeRequest, reused: int, supply: Supplies | None) -> Ready | Refused:
    return prepare_in_pieces(request, reused, supply) if supply else prepare(request, Room(reused=reused))


def _attempt(
    request: MergeRequest, ready: Ready, before: Mapping[Path, FileIdentity], meter: Meter, caller: Caller
) -> MergeReport:
    """Merge, or tell why not. Raises Cancelled."""
    inputs = None
    try:
        inputs = inputs_of(ready, before)
        inputs = inputs.without(caller.supply.files) if caller.supply else inputs
        with _warm(request, ready, meter) as loads:
            ready = replace(ready, preflight=ready.preflight.saying(class_findings(ready)))
            if ready.preflight.refused:
                return meter.measured(outline(request, ready.preflight, MergeStatus.REFUSED))
            return _merge(request, ready, inputs, meter, loads, caller)
    except Cancelled:
        raise
    except Exception as trouble:
        failure = (inputs and inputs.changed()) or logged(trouble, "merge")
    status = MergeStatus.REFUSED if failure.code in _REFUSALS else MergeStatus.FAILED
    return meter.measured(outline(request, ready.preflight, status, [failure]))


@contextmanager
def _warm(request: MergeRequest, ready: Ready, meter: Meter) -> Iterator[LoadBeside]:
    """Import what is needed here; transformers in another process, where headers say enough of the class."""
    stay_offline()
    if needs_transformers(ready, request.precision):
        with meter.importing():
            warm_up()
        yield LoadBeside(None)
        return
    with loading_beside() as loads:
        with meter.importing():
            warm_up_streaming()
        yield loads


def _merge(
    request: MergeRequest, ready: Ready, inputs: MergeInputs, meter: Meter, loads: LoadBeside, caller: Caller
) -> MergeReport:
    remove_spent(request.output)
    left = resumable(request.output) if request.resume else None
    with (
        staged(request.output, left.home if left else None) as staging,
        ThreadPoolExecutor(2, thread_name_prefix="mergedesk-hash") as pool,
    ):
        identities = [pool.submit(identify, one) for one in ready.given]
        digests = partial(_digests, ready, identities, caller.cancel)
        job = MergeJob(request, ready, inputs, staging, digests, caller, loads)
        inputs.refuse_changed()
        outcome, synced, importing = _make(job, pool)
        meter.excuse(importing)
        outcome = meter.measured(
            replace(outcome, adapters=tuple(_wait(future, caller.cancel) for future in identities))
        )
        outcome = replace(outcome, stage_seconds=meter.stage_seconds)
        inputs.refuse_changed()
        staging.refuse_moved()
        if failure := verification_failed(outcome.checks):
            return replace(outcome, status=MergeStatus.FAILED, findings=(*outcome.findings, failure))
        outcome = _publish(outcome, job, synced)
    findings = resume_findings(request, ready.engine, outcome.findings)
    outcome = replace(outcome, findings=(*outcome.findings, *findings), stage_seconds=meter.stage_seconds)
    outcome = meter.measured(outcome)
    if not request.resume and caller.supply is None:
        learn(ready, outcome)
    return outcome


def _digests(
    ready: Ready, identities: Sequence[Future[AdapterIdentity]], cancel: CancelToken, wait: bool
) -> dict[str, str]:
    if not wait and not all(future.done() for future in identities):
        return {}
    known = zip(ready.given, identities, strict=True)
    return {str(one.adapter.weights_file): _wait(future, cancel).sha256 for one, future in known}


def _make(job: MergeJob, pool: ThreadPoolExecutor) -> tuple[MergeReport, Future[None], float]:
    """Write and verify the result; it goes to the disk meanwhile. Last: seconds that only imports were waited for."""
    from .verify_staged import verify_staged
    from .write_output import write_output

    written = write_output(job)
    job.cancel.check()
    synced = pool.submit(_sync, job, written.journal)
    give_back_after(len(written.planned))
    proof = verify_staged(job, written)
    return _outcome(job, written, proof), synced, proof.importing


def _publish(outcome: MergeReport, job: MergeJob, synced: Future[None]) -> MergeReport:
    """Give the result its name, with card and report beside the model."""
    write_card(outcome, job.ready, job.request.output, job.folder)
    shared = names_only(replace(outcome, files=list_files(job.folder)), job.request)
    write_text(job.folder / REPORT, report_text(shared))
    job.start(Stage.PUBLISH)
    _wait(synced, job.cancel, lambda: job.caller.report(Progress(Stage.PUBLISH)))
    job.cancel.check()
    files = list_files(job.folder)
    said = job.staging.publish(job.request.overwrite)
    return replace(outcome, files=files, findings=(*outcome.findings, *said))


def _sync(job: MergeJob, journal: JournalWriter | None) -> None:
    """Bring all to the disk that is written so far. Raises Cancelled, UserError(disk_filled_up or write_failed)."""
    bring_to_disk(job.folder, job.cancel.check)
    if journal is not None:
        journal.note_rest()


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


def _wait(future: Future[T], cancel: CancelToken, meanwhile: Callable[[], None] = lambda: None) -> T:
    while not future.done():
        cancel.check()
        meanwhile()
        time.sleep(0.005)
    return future.result()
