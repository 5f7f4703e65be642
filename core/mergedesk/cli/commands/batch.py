"""``mergedesk batch``: the jobs of a file, one after the other, each with its own report."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from ...domain.findings import Code, UserError
from ...domain.job_list import JobList, JobState, QueuedJob, Task, added
from ...domain.json_objects import as_json
from ...domain.merge_record import Front
from ...domain.progress import CancelToken
from ...domain.requests import VerifyRequest
from ...pipelines.history.recording import keep_job
from ...pipelines.queue.batch_file import read_batch
from ...pipelines.queue.perform import JobEnd, perform
from ...pipelines.queue.run import gone_on_with, run_all
from ...pipelines.queue.stored import batch_state_file, keep_report, load, save
from ...pipelines.worker.pool import Workers
from ..interrupt import ctrl_c_cancels
from ..option_sets import takes
from ..options import HistoryOption
from ..output import ExitCode, print_json, told
from ..rendering import progress_bar
from ..words import human_seconds, print_findings, say, tell

_CODES = {
    JobState.DONE: ExitCode.DONE,
    JobState.REFUSED: ExitCode.REFUSED,
    JobState.CANCELLED: ExitCode.CANCELLED,
}
_COUNTED = (
    JobState.DONE, JobState.REFUSED, JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED, JobState.WAITING,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """What ``batch`` takes."""

    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML file of merges, proofs, exports and uploads.")]
    resume: Annotated[
        bool, typer.Option("--resume", help="Leave out what is done already, and go on with what was cut off.")
    ] = False
    reports: Annotated[
        Path | None, typer.Option("--reports", help="Folder for a JSON report of each job.", metavar="DIR")
    ] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print a line of JSON for each job, and one at the end.")] = (
        False
    )
    history: HistoryOption = True


@takes(BatchOptions)
def batch(options: BatchOptions) -> None:
    """Carry out many jobs one after the other; what fails does not stop the others."""
    tasks = _tasks(options.file)
    run = _BatchRun(options, batch_state_file(options.file), CancelToken())
    jobs = gone_on_with(tasks, _earlier(run.state_file)) if options.resume else added(JobList(), tasks)
    workers = Workers()
    try:
        with ctrl_c_cancels(run.cancel):
            jobs = run_all(jobs, partial(run.do, workers), run.tell, lambda: run.cancel.cancelled)
    finally:
        workers.close()
    _end(run, jobs)


def _tasks(file: Path) -> tuple[Task, ...]:
    """Raises Exit where the file is not as it should be: nothing is begun then."""
    try:
        return read_batch(file)
    except UserError as trouble:
        tell(trouble.finding())
        raise typer.Exit(ExitCode.USAGE) from trouble


def _earlier(state: Path) -> JobList:
    """What the last run of the file came to; nothing where that cannot be told."""
    try:
        return load(state)
    except UserError:
        return JobList()


@dataclass(frozen=True, slots=True)
class _BatchRun:
    """One run of a file. ``state_file``: where it is noted how far it is."""

    options: BatchOptions
    state_file: Path
    cancel: CancelToken

    def do(self, workers: Workers, job: QueuedJob) -> JobEnd:
        """Carry out one."""
        with progress_bar() as show:
            return perform(job.task, workers.run, show, self.cancel)

    def tell(self, jobs: JobList, job: QueuedJob, end: JobEnd | None) -> None:
        """Note how far it is, and say so."""
        with suppress(UserError):  # where it cannot be noted, only going on from there is lost
            save(jobs, self.state_file)
        if end is None:
            print(say("batch_begins", number=job.number, jobs=jobs.latest, what=_what(job)), file=sys.stderr)
            return
        if self.options.history:
            keep_job(job, end, Front.BATCH)
        if self.options.reports is not None:
            self._report(self.options.reports, job, end)
        if self.options.as_json:
            print_json(job_json(job, end))
            sys.stdout.flush()
        else:
            _show(job, end)

    def _report(self, folder: Path, job: QueuedJob, end: JobEnd) -> None:
        try:
            keep_report(folder, job, end.report)
        except UserError as trouble:
            tell(trouble.finding())


def _what(job: QueuedJob) -> str:
    return f"{say(f'job.{job.kind}')} {job.subject}"


def _show(job: QueuedJob, end: JobEnd) -> None:
    is_done = end.state is JobState.DONE
    line = say(f"batch.{end.state}", number=job.number, what=_what(job), duration=human_seconds(end.seconds))
    print(line, file=sys.stdout if is_done else sys.stderr)
    if not is_done:
        print_findings(end.findings, of_failure=True)
    sys.stdout.flush()


def _end(run: _BatchRun, jobs: JobList) -> None:
    if jobs.count(JobState.DONE) == len(jobs.jobs):
        with suppress(OSError):
            run.state_file.unlink()
    with told(_code(run, jobs)):
        if run.options.as_json:
            print_json(batch_json(jobs, is_cancelled=run.cancel.cancelled))
        else:
            _print_end(run, jobs)


def _print_end(run: _BatchRun, jobs: JobList) -> None:
    done = jobs.count(JobState.DONE)
    print(say("batch_end", done=done, jobs=len(jobs.jobs)))
    if done < len(jobs.jobs):
        print(say("batch_again", file=str(run.options.file)), file=sys.stderr)


def _code(run: _BatchRun, jobs: JobList) -> ExitCode:
    if run.cancel.cancelled:
        return ExitCode.CANCELLED
    return ExitCode.DONE if jobs.count(JobState.DONE) == len(jobs.jobs) else ExitCode.FAILED


def job_code(job: QueuedJob, end: JobEnd) -> ExitCode:
    """How the command for that one job would have ended."""
    is_refuted = isinstance(job.task, VerifyRequest) and end.report.get("verdict") == "mismatch"
    if is_refuted or any(finding.code is Code.VERIFICATION_FAILED for finding in end.findings):
        return ExitCode.VERIFICATION_FAILED
    return _CODES.get(end.state, ExitCode.FAILED)


def job_json(job: QueuedJob, end: JobEnd) -> dict[str, Any]:
    """The line that ``batch --json`` prints as a job ends."""
    return {
        "job": job.number,
        "kind": job.kind.value,
        "subject": str(job.subject),
        "state": end.state.value,
        "attempt": job.attempts,
        "exit_code": int(job_code(job, end)),
        "seconds": round(end.seconds, 3),
        "findings": as_json(end.findings),
        "report": end.report,
    }


def batch_json(jobs: JobList, *, is_cancelled: bool) -> dict[str, Any]:
    """The last line of ``batch --json``: how many jobs ended how, and the numbers of those that can be begun again."""
    all_done = jobs.count(JobState.DONE) == len(jobs.jobs)
    return {
        "status": "cancelled" if is_cancelled else "done" if all_done else "failed",
        "jobs": len(jobs.jobs),
        **{state.value: jobs.count(state) for state in _COUNTED},
        "again": [job.number for job in jobs.jobs if job.state is not JobState.DONE],
    }
