"""What can be done with a finished merge: open its folder, save its report, show it as a page."""

from __future__ import annotations

import hashlib
from pathlib import Path

from platformdirs import user_cache_path
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from mergedesk.domain.merge_report import MergeReport, report_json
from mergedesk.domain.requests import VerifyRequest
from mergedesk.domain.verdict import Verdict
from mergedesk.reports.formats import ReportFormat, read_report, report_as
from mergedesk.reports.verdict_document import verdict_as


def open_folder(folder: Path) -> bool:
    """Show ``folder`` in the system's file manager; False if there is none to ask."""
    return _opened(folder)


def open_page(file: Path) -> bool:
    """Show a web page in the system's browser; False if there is none to ask."""
    return _opened(file)


def _opened(path: Path) -> bool:
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def save_report(report: MergeReport, file: Path) -> None:
    """Write a report as what the file's ending says: Markdown, a web page, or else JSON.

    Raises:
        OSError: if the file cannot be written.
    """
    file.write_text(report_as(report_json(report), _format_of(file)), encoding="utf-8", newline="\n")


def save_verdict(request: VerifyRequest, verdict: Verdict, file: Path) -> None:
    """Write a verdict as what the file's ending says: Markdown, a web page, or else JSON.

    Raises:
        OSError: if the file cannot be written.
    """
    file.write_text(verdict_as(request, verdict, _format_of(file)), encoding="utf-8", newline="\n")


def report_page(folder: Path) -> Path:
    """A merged folder's report as a web page in the user's cache, in the place of an earlier one of the folder.

    Raises:
        UserError: if the folder holds no report that can be read.
        OSError: if the page cannot be written.
    """
    page = report_as(read_report(folder), ReportFormat.HTML)
    name = hashlib.sha256(str(folder).encode("utf-8", "replace")).hexdigest()[:16]
    file = user_cache_path("mergedesk", ensure_exists=True) / "reports" / f"{name}.html"
    file.parent.mkdir(exist_ok=True)
    file.write_text(page, encoding="utf-8", newline="\n")
    return file


def _format_of(file: Path) -> ReportFormat:
    ending = file.suffix.lower()
    if ending in (".md", ".markdown"):
        return ReportFormat.MARKDOWN
    return ReportFormat.HTML if ending in (".html", ".htm") else ReportFormat.JSON
