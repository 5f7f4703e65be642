"""Merges of the window in the list of past merges: each is put there where it runs, off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mergedesk.domain.job_list import QueuedJob
    from mergedesk.domain.merge_report import MergeReport
    from mergedesk.domain.progress import CancelToken, Report
    from mergedesk.domain.requests import MergeRequest
    from mergedesk.pipelines.queue.perform import JobEnd

Merge = Callable[["MergeRequest", "Report", "CancelToken"], "MergeReport"]
Perform = Callable[["QueuedJob", Callable[[object], None], "CancelToken"], tuple["JobEnd", Path | None]]


def kept(merge: Merge) -> Merge:
    """What the Merge button starts, which is kept however it ends."""

    def run(request: MergeRequest, report: Report, cancel: CancelToken) -> MergeReport:
        from mergedesk.domain.merge_record import Front
        from mergedesk.pipelines.history.recording import kept_merge

        return kept_merge(merge, Front.WINDOW)(request, report, cancel)

    return run


def kept_job(perform: Perform) -> Perform:
    """What the queue begins, of which merges are kept."""

    def run(job: QueuedJob, publish: Callable[[object], None], cancel: CancelToken) -> tuple[JobEnd, Path | None]:
        from mergedesk.domain.merge_record import Front
        from mergedesk.pipelines.history.recording import keep_job

        end, report = perform(job, publish, cancel)
        keep_job(job, end, Front.QUEUE)
        return end, report

    return run
