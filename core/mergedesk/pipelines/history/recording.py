"""What of a merge that ended is kept: nothing that holds for one attempt only, and nothing secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

from ...domain.findings import Data, Finding, errors_of
from ...domain.job_list import JobState, QueuedJob
from ...domain.merge_record import Front, MergeRecord
from ...domain.merge_report import MergeReport, MergeStatus
from ...domain.progress import Cancelled, CancelToken, Report
from ...domain.requests import MergeRequest
from ...storage.file_identity import folder_number
from ...support.failures import finding_of
from ...support.secrets import SECRET, secrets_of_environment, without_secrets
from ..queue.paths import whole, with_paths
from ..queue.perform import JobEnd
from .store import keep

Merge = Callable[[MergeRequest, Report, CancelToken], MergeReport]
_MOST_FINDINGS, _MOST_LETTERS = 8, 2000
_STATUS = {
    JobState.DONE: MergeStatus.MERGED,
    JobState.REFUSED: MergeStatus.REFUSED,
    JobState.CANCELLED: MergeStatus.CANCELLED,
}


def kept_merge(merge: Merge, front: Front) -> Merge:
    """The same merge, which is put into the list when it ends, however that is."""

    def run(request: MergeRequest, report: Report, cancel: CancelToken) -> MergeReport:
        try:
            done = merge(request, report, cancel)
        except Cancelled:
            keep(record_of_end(request, front, MergeStatus.CANCELLED))
            raise
        except BaseException as trouble:
            keep(record_of_end(request, front, MergeStatus.FAILED, [finding_of(trouble)]))
            raise
        keep(record_of(request, done, front))
        return done

    return run


def keep_job(job: QueuedJob, end: JobEnd, front: Front) -> None:
    """Put a job that ended into the list, if it is a merge."""
    if not isinstance(job.task, MergeRequest):
        return
    if isinstance(end.outcome, MergeReport):
        keep(record_of(job.task, end.outcome, front))
    else:
        status = _STATUS.get(end.state, MergeStatus.FAILED)
        keep(record_of_end(job.task, front, status, end.findings))


def record_of(request: MergeRequest, report: MergeReport, front: Front) -> MergeRecord:
    """What is kept of a merge that came to a report."""
    is_made = report.status is MergeStatus.MERGED
    ended = record_of_end(request, front, report.status, () if is_made else _reasons(report))
    if not is_made:
        return replace(ended, seconds=report.seconds)
    packed = report.options.get("output_format")
    return replace(
        ended,
        seconds=report.seconds,
        nbytes=report.total_bytes,
        precision=str(packed) if packed else report.precision,
        place=folder_number(request.output),
    )


def record_of_end(
    request: MergeRequest, front: Front, status: MergeStatus, findings: Iterable[Finding] = ()
) -> MergeRecord:
    """What is kept of a merge that came to none."""
    asked = cast(MergeRequest, with_paths(request, whole))
    asked = replace(asked, overwrite=False, resume=False, threads=None)
    said = tuple(_without_secrets(finding) for finding in list(findings)[:_MOST_FINDINGS])
    return MergeRecord(datetime.now(UTC), asked, status, front, said)


def _reasons(report: MergeReport) -> tuple[Finding, ...]:
    return errors_of(report.findings) or report.findings


def _without_secrets(finding: Finding) -> Finding:
    return replace(finding, data={name: _clean(value) for name, value in finding.data.items()})


def _clean(value: Data) -> Data:
    if not isinstance(value, str):
        return value
    text = without_secrets(value[:_MOST_LETTERS])
    for secret in secrets_of_environment():
        text = text.replace(secret, SECRET)
    return text
