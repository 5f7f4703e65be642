"""Work for a day as one list: merges, proofs, exports and uploads in an order, each with how it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from .findings import Code, Finding, info
from .gguf_export import GgufRequest
from .packed_export import ExportRequest
from .requests import MergeRequest, VerifyRequest
from .transfer import UploadRequest

Task = MergeRequest | VerifyRequest | GgufRequest | ExportRequest | UploadRequest


class JobKind(StrEnum):
    """What is to be done."""

    MERGE = "merge"
    VERIFY = "verify"
    EXPORT = "export"
    UPLOAD = "upload"


class JobState(StrEnum):
    """How a job stands. Interrupted: its process, or the whole program, ended while it ran."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


_AGAIN = (JobState.REFUSED, JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED)
_KINDS: dict[type, JobKind] = {
    MergeRequest: JobKind.MERGE,
    VerifyRequest: JobKind.VERIFY,
    GgufRequest: JobKind.EXPORT,
    ExportRequest: JobKind.EXPORT,
    UploadRequest: JobKind.UPLOAD,
}


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """One job. ``number`` is its own for ever; ``attempts`` counts how often it was begun.

    ``findings``, ``seconds`` and ``report``, the file that tells all, are of the last attempt that ended.
    """

    number: int
    task: Task
    state: JobState = JobState.WAITING
    attempts: int = 0
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    report: Path | None = None

    @property
    def kind(self) -> JobKind:
        """What is to be done."""
        return _KINDS[type(self.task)]

    @property
    def subject(self) -> Path:
        """What it makes, or looks at where it makes nothing."""
        task = self.task
        if isinstance(task, VerifyRequest):
            return task.merged
        return task.model if isinstance(task, UploadRequest) else task.output

    @property
    def output(self) -> Path | None:
        """What it writes; None where it writes nothing."""
        return None if isinstance(self.task, VerifyRequest | UploadRequest) else self.subject

    @property
    def may_retry(self) -> bool:
        """Whether it ended without a result."""
        return self.state in _AGAIN

    @property
    def has_ended(self) -> bool:
        """Whether there is nothing to come of it."""
        return self.state is JobState.DONE or self.may_retry


@dataclass(frozen=True, slots=True)
class JobList:
    """Jobs in the order in which they are begun. ``latest``: the highest number that was given.

    ``held``: no job is begun; one that runs goes on.
    """

    jobs: tuple[QueuedJob, ...] = ()
    latest: int = 0
    held: bool = False

    def job(self, number: int) -> QueuedJob | None:
        """The job of that number; None where there is none."""
        return next((job for job in self.jobs if job.number == number), None)

    @property
    def running(self) -> QueuedJob | None:
        """The job that runs."""
        return next((job for job in self.jobs if job.state is JobState.RUNNING), None)

    @property
    def next(self) -> QueuedJob | None:
        """The job to begin; None while one runs, where none waits, and while all are held."""
        if self.held or self.running is not None:
            return None
        return next((job for job in self.jobs if job.state is JobState.WAITING), None)

    def count(self, *states: JobState) -> int:
        """How many jobs stand so."""
        return sum(job.state in states for job in self.jobs)


def added(jobs: JobList, tasks: Iterable[Task]) -> JobList:
    """With these at the end."""
    new = tuple(QueuedJob(number, task) for number, task in enumerate(tasks, jobs.latest + 1))
    return replace(jobs, jobs=(*jobs.jobs, *new), latest=jobs.latest + len(new))


def moved(jobs: JobList, number: int, by: int) -> JobList:
    """With a job so many places further down, or up; no further than the list goes."""
    order = list(jobs.jobs)
    place = next((place for place, job in enumerate(order) if job.number == number), None)
    if place is None:
        return jobs
    job = order.pop(place)
    order.insert(min(max(place + by, 0), len(order)), job)
    return replace(jobs, jobs=tuple(order))


def removed(jobs: JobList, number: int) -> JobList:
    """Without a job, unless that runs."""
    kept = (job for job in jobs.jobs if job.number != number or job.state is JobState.RUNNING)
    return replace(jobs, jobs=tuple(kept))


def without_done(jobs: JobList) -> JobList:
    """Without those that are done."""
    return replace(jobs, jobs=tuple(job for job in jobs.jobs if job.state is not JobState.DONE))


def paused(jobs: JobList, number: int) -> JobList:
    """With a job that waits left out until it is told to go on."""
    return _turned(jobs, number, (JobState.WAITING,), JobState.PAUSED)


def unpaused(jobs: JobList, number: int) -> JobList:
    """With a job that was paused waiting again."""
    return _turned(jobs, number, (JobState.PAUSED,), JobState.WAITING)


def retried(jobs: JobList, number: int, *, in_place: bool = False) -> JobList:
    """With a job that ended without a result waiting again, after all others or, ``in_place``, where it stands.

    A merge that was cut off goes on with what it left.
    """
    job = jobs.job(number)
    if job is None or not job.may_retry:
        return jobs
    task = job.task
    if isinstance(task, MergeRequest):
        task = replace(task, resume=job.state is JobState.INTERRUPTED)
    again = replace(job, task=task, state=JobState.WAITING)
    if in_place:
        return _with(jobs, number, lambda _job: again)
    others = (other for other in jobs.jobs if other.number != number)
    return replace(jobs, jobs=(*others, again))


def begun(jobs: JobList, number: int) -> JobList:
    """With a job running."""
    return _with(jobs, number, lambda job: replace(job, state=JobState.RUNNING, attempts=job.attempts + 1))


def ended(jobs: JobList, last: QueuedJob) -> JobList:
    """With a job as it ended; what was removed meanwhile stays away."""
    return _with(jobs, last.number, lambda _job: last)


def after_crash(jobs: JobList) -> JobList:
    """As it is when a program opens the list that another one has left: what ran was interrupted."""
    findings = (info(Code.QUEUE_INTERRUPTED),)
    turned = (
        replace(job, state=JobState.INTERRUPTED, findings=findings) if job.state is JobState.RUNNING else job
        for job in jobs.jobs
    )
    return replace(jobs, jobs=tuple(turned))


def _turned(jobs: JobList, number: int, before: tuple[JobState, ...], after: JobState) -> JobList:
    return _with(jobs, number, lambda job: replace(job, state=after) if job.state in before else job)


def _with(jobs: JobList, number: int, change: Callable[[QueuedJob], QueuedJob]) -> JobList:
    return replace(jobs, jobs=tuple(change(job) if job.number == number else job for job in jobs.jobs))
