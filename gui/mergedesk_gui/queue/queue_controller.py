"""The queue at work: its list, the job that runs, and what is kept of both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from mergedesk.domain import job_list
from mergedesk.domain.findings import UserError
from mergedesk.domain.job_list import JobList, JobState, QueuedJob, Task
from mergedesk.domain.requests import MergeRequest, VerifyRequest
from mergedesk.domain.transfer import UploadRequest
from mergedesk.support.failures import Failure, failure_of

from ..jobs.engine_api import EngineApi
from ..jobs.latest_only import LatestOnly
from ..jobs.queued_signal import ask_in_thread
from ..jobs.task_runner import TaskRunner
from ..text.messages import finding_message, say


class QueueController(QObject):
    """Holds the list, begins its jobs one after the other, and keeps it on the disk.

    ``is_busy`` says whether something else runs that jobs wait for, ``threads`` how many a merge takes that begins now,
    0 for as many as suit the computer, and ``written`` which folder the window's own merge is writing.
    """

    changed = Signal(object)
    """The ``JobList``."""
    progressed = Signal(int, object)
    """The number of the job that runs, and its latest reading."""
    told = Signal(str)
    """A sentence on what was done, or why not."""
    interrupted_found = Signal()
    """The last window was ended while a job ran, which can go on."""
    began = Signal()
    job_ended = Signal(object)
    """A ``QueuedJob`` as it ended."""
    stopped = Signal()
    """Nothing runs any more, and nothing is to be begun."""

    def __init__(
        self,
        backend: EngineApi,
        parent: QObject,
        is_busy: Callable[[], bool],
        threads: Callable[[], int],
        written: Callable[[], Path | None] = lambda: None,
    ) -> None:
        super().__init__(parent)
        self._backend, self._is_busy, self._threads, self._written = backend, is_busy, threads, written
        self.jobs = JobList()
        self._closes = self._is_restored = self.is_ready = self._is_kept = False
        self._writer = LatestOnly(self._save, "queue")
        self.runner = TaskRunner("queue", self, keep=1)
        self.runner.published.connect(self._publish)
        self.runner.ended.connect(self._end)

    @property
    def running(self) -> bool:
        """Whether a job of the list runs."""
        return self.runner.running

    def restore(self) -> None:
        """Take up the list that the last window left; nothing of it is begun before the person says so."""
        if not self._is_restored:
            self._is_restored = True
            ask_in_thread(self._backend.open_queue, self._receive, name="queue list")

    def add(self, tasks: Iterable[Task]) -> int:
        """Put jobs at the end; how many. Outputs that another job is to write get a number of their own."""
        self.restore()
        before = len(self.jobs.jobs)
        for task in tasks:
            self.jobs = job_list.added(self.jobs, [_with_own_output(task, self.jobs, self._written())])
        self._keep()
        return len(self.jobs.jobs) - before

    def move(self, number: int, by: int) -> None:
        """Move a job in the list."""
        self._turn_to(job_list.moved(self.jobs, number, by))

    def pause(self, number: int) -> None:
        """Leave a job out, or have it wait again."""
        is_paused = (job := self.jobs.job(number)) is not None and job.state is JobState.PAUSED
        self._turn_to((job_list.unpaused if is_paused else job_list.paused)(self.jobs, number))

    def retry(self, number: int) -> None:
        """Begin a job again that ended without a result; a merge that was cut off goes on with what it left."""
        job = self.jobs.job(number)
        in_place = job is not None and job.state is JobState.INTERRUPTED
        self._turn_to(replace(job_list.retried(self.jobs, number, in_place=in_place), held=False))

    def remove(self, number: int) -> None:
        """Take a job out of the list. What it made stays."""
        self._turn_to(job_list.removed(self.jobs, number))

    def clear(self) -> None:
        """Take out all that are done."""
        self._turn_to(job_list.without_done(self.jobs))

    def hold(self) -> None:
        """Begin no more jobs, or begin them again."""
        self._turn_to(replace(self.jobs, held=not self.jobs.held))

    def stop(self) -> None:
        """Cancel the job that runs."""
        self.runner.stop()

    def close(self) -> None:
        """End with the window: the job that runs is offered again at the next start; ``stopped`` follows."""
        self._closes = True
        if self.running:
            self.runner.stop()
        else:
            self.stopped.emit()

    def finish(self) -> None:
        """Wait until the list is on the disk."""
        self._writer.wait()

    def step(self) -> None:
        """Begin the next job, if there is one and nothing else runs."""
        job = self.jobs.next
        if job is None or not self.is_ready or self.running or self._closes or self._is_busy():
            return
        self.jobs = job_list.begun(self.jobs, job.number)
        begun = self.jobs.job(job.number)
        assert begun is not None
        now = _with_threads(begun, self._threads() or None)
        self.runner.start(lambda publish, cancel: self._backend.perform(now, publish, cancel))
        self._tell_changed()
        self.began.emit()

    def read_file(self, file: Path) -> None:
        """Add the jobs of a batch file."""
        ask_in_thread(partial(self._backend.read_batch, file), self._receive_tasks, name="batch file")

    def write_file(self, file: Path) -> None:
        """Save the list as a batch file."""
        tasks = [job.task for job in self.jobs.jobs]
        ask_in_thread(partial(self._backend.write_batch, tasks, file), self._receive_written, name="batch file")

    def _turn_to(self, jobs: JobList) -> None:
        if jobs != self.jobs:
            self.jobs = jobs
            self._keep()

    def _keep(self) -> None:
        self._tell_changed()
        self.step()

    def _tell_changed(self) -> None:
        if self._is_kept:
            self._writer.put(self.jobs)
        self.changed.emit(self.jobs)

    def _save(self, jobs: JobList) -> None:
        try:
            self._backend.save_queue(jobs)
        except UserError as trouble:
            failure_of(trouble)

    def _receive(self, stored: object) -> None:
        self.is_ready = True
        if isinstance(stored, JobList):
            self._is_kept = True
            self.jobs = _taken_up(stored, self.jobs)
            self._keep()
            if stored.count(JobState.INTERRUPTED):
                self.interrupted_found.emit()
        elif isinstance(stored, Exception):
            self.told.emit(finding_message(failure_of(stored).finding).whole)
            self.step()

    def _receive_tasks(self, read: object) -> None:
        if isinstance(read, tuple):
            self.told.emit(say("queue.added", number=self.add(read)))
        elif isinstance(read, Exception):
            self.told.emit(finding_message(failure_of(read).finding).whole)

    def _receive_written(self, trouble: object) -> None:
        if isinstance(trouble, Exception):
            self.told.emit(finding_message(failure_of(trouble).finding).whole)
        else:
            self.told.emit(say("queue.saved"))

    def _publish(self, readings: tuple[object, ...]) -> None:
        if (job := self.jobs.running) is not None:
            self.progressed.emit(job.number, readings[-1])

    def _end(self, outcome: object) -> None:
        job = self.jobs.running
        if job is not None:
            last = _ended(job, outcome)
            if self._closes and last.state is JobState.CANCELLED:
                last = replace(last, state=JobState.INTERRUPTED)
            self.jobs = job_list.ended(self.jobs, last)
            self._tell_changed()
            self.job_ended.emit(last)
        self.step()
        if not self.running:
            self.stopped.emit()


def _taken_up(stored: JobList, now: JobList) -> JobList:
    """The list that the last window left, and behind it what was added before that came, held and paused as it was."""
    held = now.held or stored.held or stored.count(JobState.WAITING) > 0
    jobs = job_list.added(replace(stored, held=held), [job.task for job in now.jobs])
    for number, job in enumerate(now.jobs, stored.latest + 1):
        jobs = job_list.paused(jobs, number) if job.state is JobState.PAUSED else jobs
    return jobs


def _ended(job: QueuedJob, outcome: object) -> QueuedJob:
    """A job after its end: ``outcome`` is a pair of a ``JobEnd`` and the file with its report."""
    if isinstance(outcome, tuple):
        end, report = outcome
        return replace(job, state=end.state, findings=end.findings, seconds=end.seconds, report=report)
    if isinstance(outcome, Failure):
        return replace(job, state=JobState.FAILED, findings=(outcome.finding,), report=None)
    return replace(job, state=JobState.CANCELLED, findings=(), report=None)


def _with_threads(job: QueuedJob, threads: int | None) -> QueuedJob:
    """The job with so many threads, if it is a merge."""
    return replace(job, task=replace(job.task, threads=threads)) if isinstance(job.task, MergeRequest) else job


def _with_own_output(task: Task, jobs: JobList, written: Path | None) -> Task:
    """The task; where a job that is still to come writes to the same place, with a number behind its name."""
    if isinstance(task, VerifyRequest | UploadRequest):
        return task
    taken = {written, *(job.output for job in jobs.jobs if not job.has_ended)}
    output, number = task.output, 2
    ending = output.suffix if output.suffix == ".gguf" else ""
    while output in taken:
        output, number = task.output.with_name(f"{task.output.name.removesuffix(ending)}-{number}{ending}"), number + 1
    return replace(task, output=output)
