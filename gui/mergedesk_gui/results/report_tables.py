"""The two tables of a report: its files, and its checks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from mergedesk.domain.findings import Check, CheckStatus

from ..text.messages import check_message, check_title, say
from ..widgets.labels import breakable
from ..widgets.table import Cell, ReadTable

translate = QCoreApplication.translate

_FILES_HEIGHT = 640  # a large model has a hundred files and more
_CHECKS_HEIGHT = 4000  # the checks are few, and are the proof: all of them are seen at once
_PICTURES = {
    CheckStatus.FAIL: ("error", "error"),
    CheckStatus.WARN: ("warning", "warning"),
    CheckStatus.PASS: ("pass", "success"),
    CheckStatus.SKIPPED: ("skipped", "quiet"),
}
"""The worst first."""


def files_table() -> ReadTable:
    """For every file of the result with its size."""
    headers = translate("ReportTables", "File"), translate("ReportTables", "Size")
    name = translate("ReportTables", "Files of the result")
    return ReadTable("filesTable", name, headers, numeric=(1,), most_height=_FILES_HEIGHT)


def checks_table() -> ReadTable:
    """For every verification check: its outcome, what it proves, what it found."""
    headers = (
        translate("ReportTables", "Outcome"),
        translate("ReportTables", "Check"),
        translate("ReportTables", "What was found"),
    )
    name = translate("ReportTables", "Verification checks")
    return ReadTable("checksTable", name, headers, stretched=2, most_height=_CHECKS_HEIGHT)


def check_rows(checks: Sequence[Check]) -> list[tuple[str | Cell, ...]]:
    """The rows of ``checks``, the failed ones first."""
    order = list(_PICTURES)
    return [
        (
            Cell(say(f"check_status.{check.status}"), picture=_PICTURES[check.status]),
            check_title(check),
            breakable(check_message(check)),
        )
        for check in sorted(checks, key=lambda check: order.index(check.status))
    ]
