"""Jobs of the queue in words: what each is, how it stands, and how far it is."""

from __future__ import annotations

from mergedesk.domain.findings import Finding
from mergedesk.domain.folder_names import spoken_name
from mergedesk.domain.gguf_export import ExportProgress, GgufRequest
from mergedesk.domain.job_list import JobList, JobState, QueuedJob
from mergedesk.domain.packed_export import ExportRequest
from mergedesk.domain.progress import Progress
from mergedesk.domain.requests import MergeRequest
from mergedesk.domain.transfer import Transfer, UploadRequest

from .folder_text import sum_of
from .lines import joined
from .messages import finding_message, say
from .numbers import human_seconds

Reading = Progress | ExportProgress | Transfer
ICONS = {
    JobState.WAITING: ("pending", "quiet"),
    JobState.RUNNING: ("current", "accent"),
    JobState.PAUSED: ("time", "quiet"),
    JobState.DONE: ("pass", "success"),
    JobState.REFUSED: ("error", "error"),
    JobState.FAILED: ("error", "error"),
    JobState.CANCELLED: ("skipped", "quiet"),
    JobState.INTERRUPTED: ("warning", "warning"),
}


def job_title(job: QueuedJob) -> str:
    """What is made of what, in one line."""
    return f"{say(f'queue.kind.{job.kind}')}: {_what(job)}"


def _what(job: QueuedJob) -> str:
    task = job.task
    if isinstance(task, MergeRequest):
        made_of = sum_of([(spoken_name(one.folder), one.weight) for one in task.adapters], spoken_name(task.base))
        return f"{made_of} → {spoken_name(task.output)}"
    if isinstance(task, GgufRequest):
        return f"{spoken_name(task.source)} → {spoken_name(task.output)}"
    if isinstance(task, ExportRequest):
        return f"{spoken_name(task.model)} → {spoken_name(task.output)}"
    if isinstance(task, UploadRequest):
        return f"{spoken_name(task.model)} → {task.repository}"
    return spoken_name(task.merged)


def job_remark(job: QueuedJob) -> str:
    """How long it took, or why there is no result; empty while there is nothing to say."""
    if job.state is JobState.RUNNING:
        return say("progress.getting_ready")
    if job.state is JobState.DONE:
        return say("queue.took", time=human_seconds(job.seconds)) if job.seconds else ""
    return _sentence(job.findings) if job.may_retry else ""


def _sentence(findings: tuple[Finding, ...]) -> str:
    return finding_message(findings[0]).sentence if findings else ""


def state_text(state: JobState) -> str:
    """How a job stands, in a word."""
    return say(f"queue.state.{state}")


def reading_text(reading: Reading) -> str:
    """The stage, and how long it will take."""
    left = say("progress.left", time=human_seconds(reading.left)) if reading.left else ""
    return joined(_stage(reading), left)


def _stage(reading: Reading) -> str:
    if isinstance(reading, Progress):
        return say(f"stage.{reading.stage}.name")
    if isinstance(reading, ExportProgress):
        return say(f"gguf.stage.{reading.stage}", type=reading.detail)
    return say(f"hub.stage.{reading.stage}")


def queue_summary(jobs: JobList) -> str:
    """How many jobs there are in which state, as one line."""
    if not jobs.jobs:
        return say("queue.empty")
    left = jobs.count(JobState.WAITING, JobState.RUNNING)
    again = sum(job.may_retry for job in jobs.jobs)
    return joined(
        say("queue.held") if jobs.held else "",
        say("queue.left", number=left) if left else "",
        say("queue.done", number=jobs.count(JobState.DONE)),
        say("queue.again", number=again) if again else "",
    )
