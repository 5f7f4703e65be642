"""Reports as web pages: of a merged folder, and of a job of the queue."""

from __future__ import annotations

import hashlib
from pathlib import Path

from platformdirs import user_cache_path
from PySide6.QtWidgets import QWidget

from mergedesk.domain.job_list import QueuedJob
from mergedesk.support.failures import failure_of

from ..text.messages import failure_text
from ..widgets import dialogs
from ..widgets.opening import show_file


def report_page(folder: Path) -> Path:
    """A merged folder's report as a web page in the user's cache, in the place of an earlier one of the folder.

    Raises:
        UserError: if the folder holds no report that can be read.
        OSError: if the page cannot be written.
    """
    from mergedesk.reports.formats import ReportFormat, read_report, report_as

    return _kept(folder, report_as(read_report(folder), ReportFormat.HTML))


def job_page(job: QueuedJob, file: Path) -> Path:
    """A job's report, which lies in ``file``, as such a page, whatever came of the job.

    Raises:
        UserError: if the report cannot be read.
        OSError: if the page cannot be written.
    """
    from mergedesk.checkpoints.files import read_json
    from mergedesk.reports.formats import ReportFormat, written
    from mergedesk.reports.job_document import job_document

    document = job_document(job.kind, read_json(file), job.subject.name)
    return _kept(file, written(document, ReportFormat.HTML))


def show_page(parent: QWidget, page: object) -> None:
    """Open a page that was written, or say why there is none: the answer of one of these, from its thread."""
    if isinstance(page, Exception):
        dialogs.show_failure(parent, failure_text(failure_of(page)))
    elif isinstance(page, Path):
        show_file(parent, page)


def _kept(source: Path, page: str) -> Path:
    name = hashlib.sha256(str(source).encode("utf-8", "replace")).hexdigest()[:16]
    file = user_cache_path("mergedesk", ensure_exists=True) / "reports" / f"{name}.html"
    file.parent.mkdir(exist_ok=True)
    file.write_text(page, encoding="utf-8", newline="\n")
    return file
