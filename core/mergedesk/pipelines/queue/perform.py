"""One job of the list carried out: its inputs fetched, the work done by a worker, and how it ended as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ...domain.findings import Code, Data, Finding, errors_of
from ...domain.gguf_export import GgufRequest, gguf_json
from ...domain.hub_reference import reference_of
from ...domain.job_list import JobState, Task
from ...domain.json_objects import as_json
from ...domain.merge_report import MergeReport, report_json
from ...domain.packed_export import ExportRequest, export_json
from ...domain.progress import Cancelled, CancelToken
from ...domain.requests import MergeRequest, VerifyRequest
from ...domain.transfer import UploadRequest
from ...domain.verdict import VerifyStatus
from ...hub.ask import ask as ask_hub
from ...hub.bring import bring
from ...hub.outgoing import outgoing, push_json
from ...hub.questions import PUSH, PushRequest
from ...reports.verdict_document import proof_json
from ...support.failures import Failure, failure_of
from ..hub_merge import hub_merge
from ..worker.jobs import EXPORT_GGUF, EXPORT_PACKED, MERGE, VERIFY, Job
from .paths import with_inputs

Publish = Callable[[Any], None]
Ask = Callable[[Job[Any, Any], Any, Publish, CancelToken], Any]
"""Has a worker do something: ``Workers.run``."""
_STATES = {
    "merged": JobState.DONE,
    "exported": JobState.DONE,
    "refused": JobState.REFUSED,
    "cancelled": JobState.CANCELLED,
}
# What ended a process, and not what was wrong with its work.
_ENDED_FROM_OUTSIDE = (
    Code.WORKER_OUT_OF_MEMORY, Code.WORKER_KILLED, Code.WORKER_LOST_FILE, Code.WORKER_CRASHED, Code.WORKER_EXITED,
    Code.WORKER_NOT_STARTED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class JobEnd:
    """How a job ended. ``report``: what the command for it prints with ``--json``; ``outcome``: the same as data."""

    state: JobState
    findings: tuple[Finding, ...] = ()
    report: Mapping[str, Data] = field(default_factory=dict)
    seconds: float = 0.0
    outcome: Any = None


@dataclass(frozen=True, slots=True)
class _Means:
    """What a job may use: workers, somebody who hears how far it is, what tells it to stop, a token for hubs."""

    ask: Ask
    publish: Publish
    cancel: CancelToken
    token: str | None = field(default=None, repr=False)


def perform(task: Task, ask: Ask, publish: Publish, cancel: CancelToken, token: str | None = None) -> JobEnd:
    """Carry one out. Never raises: whatever stops it is told.

    ``publish`` gets its readings: ``Progress``, ``ExportProgress`` or ``Transfer``. ``token``: one that was typed in.
    """
    means = _Means(ask, publish, cancel, token)
    try:
        cancel.check()
        return _RUNS[type(task)](with_inputs(task, partial(_local, means, _unkept(task))), means)
    except Cancelled:
        return JobEnd(JobState.CANCELLED, report={"status": "cancelled"})
    except BaseException as trouble:  # whatever it is, the other jobs go on
        return _failed(failure_of(trouble))


def _failed(failure: Failure) -> JobEnd:
    state = JobState.INTERRUPTED if failure.finding.code in _ENDED_FROM_OUTSIDE else JobState.FAILED
    findings = (failure.finding, *((failure.kept,) if failure.kept else ()))
    return JobEnd(state, findings, {"status": "failed", "findings": as_json(findings)})


def _unkept(task: Task) -> Path | None:
    """What is not to be downloaded as a whole."""
    return task.base if isinstance(task, MergeRequest) and not task.keep_base else None


def _local(means: _Means, unkept: Path | None, path: Path) -> Path:
    """The folder; of a model on a hub the one that it is downloaded into. Raises UserError and Cancelled."""
    reference = reference_of(path)
    return path if reference is None or path == unkept else bring(reference, means.cancel, means.publish, means.token)


def _merge(request: MergeRequest, means: _Means) -> JobEnd:
    report: MergeReport = means.ask(MERGE, hub_merge(request, means.token), means.publish, means.cancel)
    return _end(report, report_json(report))


def _verify(request: VerifyRequest, means: _Means) -> JobEnd:
    verdict = means.ask(VERIFY, request, means.publish, means.cancel)
    report = proof_json(request, verdict)
    if verdict.status is not VerifyStatus.PROVED:
        return _end(verdict, report)
    reason = (verdict.reason,) if verdict.reason else ()
    state = JobState.DONE if verdict.matches else JobState.FAILED
    return JobEnd(state, reason, report, verdict.seconds, verdict)


def _export_gguf(request: GgufRequest, means: _Means) -> JobEnd:
    report = means.ask(EXPORT_GGUF, request, means.publish, means.cancel)
    return _end(report, gguf_json(report))


def _export_packed(request: ExportRequest, means: _Means) -> JobEnd:
    report = means.ask(EXPORT_PACKED, request, means.publish, means.cancel)
    return _end(report, export_json(report))


def _upload(request: UploadRequest, means: _Means) -> JobEnd:
    with TemporaryDirectory(prefix="mergedesk-push-") as scratch:
        going = outgoing(request.model, Path(scratch))
        question = PushRequest(request.repository, going.files, request.private)
        pushed = ask_hub(PUSH, question, means.cancel, means.publish)
    return JobEnd(JobState.DONE, going.findings, push_json(pushed, going), outcome=pushed)


def _end(outcome: Any, report: Mapping[str, Data]) -> JobEnd:
    """Of all that has a status, findings and a duration."""
    state = _STATES.get(outcome.status, JobState.FAILED)
    findings = outcome.findings if state is JobState.DONE else errors_of(outcome.findings) or outcome.findings
    return JobEnd(state, tuple(findings), report, outcome.seconds, outcome)


_RUNS: Mapping[type, Callable[[Any, _Means], JobEnd]] = {
    MergeRequest: _merge,
    VerifyRequest: _verify,
    GgufRequest: _export_gguf,
    ExportRequest: _export_packed,
    UploadRequest: _upload,
}
