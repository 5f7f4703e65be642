"""A list of jobs carried out one after the other; one that fails does not keep the others from their turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ...domain.job_list import JobList, JobState, QueuedJob, Task, added, begun, ended, retried
from ...domain.requests import MergeRequest
from .perform import JobEnd

MOST_ATTEMPTS = 2
Do = Callable[[QueuedJob], JobEnd]
Tell = Callable[[JobList, QueuedJob, JobEnd | None], None]
"""Hears of every change: the list, the job that began or ended, and how, which is None where it began."""


def run_all(jobs: JobList, do: Do, tell: Tell, is_stopped: Callable[[], bool]) -> JobList:
    """Carry out what waits. A job whose process was ended waits once more, after all others; the list at the end.

    Once ``is_stopped``, none is begun any more.
    """
    while not is_stopped() and (job := jobs.next) is not None:
        jobs = begun(jobs, job.number)
        tell(jobs, _of(jobs, job), None)
        end = do(_of(jobs, job))
        jobs = with_end(jobs, job.number, end)
        tell(jobs, _of(jobs, job), end)
        jobs = _once_more(jobs, _of(jobs, job))
    return jobs


def gone_on_with(tasks: Iterable[Task], earlier: JobList) -> JobList:
    """A list of these jobs, with those done that an earlier run did and whose results are still there.

    What was cut off then goes on with what it left.
    """
    before = {_afresh(job.task): job for job in earlier.jobs}
    jobs = added(JobList(), tasks)
    return replace(jobs, jobs=tuple(_as_it_was(job, before.get(_afresh(job.task))) for job in jobs.jobs))


def _as_it_was(job: QueuedJob, before: QueuedJob | None) -> QueuedJob:
    if before is None or before.state not in (JobState.DONE, JobState.INTERRUPTED):
        return job
    if before.state is JobState.INTERRUPTED:
        return replace(job, task=replace(job.task, resume=True)) if isinstance(job.task, MergeRequest) else job
    is_there = job.output is None or job.output.exists()
    return replace(before, number=job.number, task=job.task) if is_there else job


def _afresh(task: Task) -> Task:
    return replace(task, resume=False) if isinstance(task, MergeRequest) else task


def with_end(jobs: JobList, number: int, end: JobEnd) -> JobList:
    """The list after a job's end."""
    job = jobs.job(number)
    if job is None:
        return jobs
    return ended(jobs, replace(job, state=end.state, findings=end.findings, seconds=end.seconds))


def _once_more(jobs: JobList, job: QueuedJob) -> JobList:
    was_interrupted = job.state is JobState.INTERRUPTED and job.attempts < MOST_ATTEMPTS
    return retried(jobs, job.number) if was_interrupted else jobs


def _of(jobs: JobList, job: QueuedJob) -> QueuedJob:
    return jobs.job(job.number) or job
