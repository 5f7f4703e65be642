"""The two tables of a report: its files, and its checks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QTableWidgetItem

from mergedesk.domain.findings import Check, CheckStatus
from mergedesk.domain.merge_report import OutputFile
from mergedesk.domain.units import human_bytes

from ..text.messages import check_message, check_title, status_name
from ..theme.icons import icon
from ..widgets.icons import RECOLOURED, tone_colour
from ..widgets.labels import breakable
from ..widgets.table import ReadTable

translate = QCoreApplication.translate

_FILES_HEIGHT = 640  # a large model has a hundred files and more
_CHECKS_HEIGHT = 4000  # the checks are few, and are the proof: all of them are seen at once
_NUMERIC = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ICONS = {
    CheckStatus.PASS: ("pass", "success"),
    CheckStatus.WARN: ("warning", "warning"),
    CheckStatus.FAIL: ("error", "error"),
    CheckStatus.SKIPPED: ("skipped", "quiet"),
}
_WORST_FIRST = (CheckStatus.FAIL, CheckStatus.WARN, CheckStatus.PASS, CheckStatus.SKIPPED)


class FilesTable(ReadTable):
    """Every file of the result with its size."""

    def __init__(self) -> None:
        name, size = translate("ReportTables", "File"), translate("ReportTables", "Size")
        super().__init__(
            "filesTable",
            translate("ReportTables", "Files of the result"),
            (name, size),
            stretched=0,
            most_height=_FILES_HEIGHT,
        )
        header = self.horizontalHeaderItem(1)
        if header is not None:
            header.setTextAlignment(_NUMERIC)

    def show_files(self, files: Sequence[OutputFile]) -> None:
        """Show ``files``, in place of the earlier ones."""
        self.setRowCount(len(files))
        for row, file in enumerate(files):
            name = QTableWidgetItem(file.name)
            name.setToolTip(file.name)
            self.put(row, 0, name)
            self.put(row, 1, _size_item(file.bytes))
        self.fit()


class ChecksTable(ReadTable):
    """Every verification check: its outcome, what it proves, what it found."""

    def __init__(self) -> None:
        headers = (
            translate("ReportTables", "Outcome"),
            translate("ReportTables", "Check"),
            translate("ReportTables", "What was found"),
        )
        self._checks: tuple[Check, ...] = ()  # first of all, since Qt sends change events while it builds
        super().__init__(
            "checksTable",
            translate("ReportTables", "Verification checks"),
            headers,
            stretched=2,
            most_height=_CHECKS_HEIGHT,
        )

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show ``checks``, the failed ones first, in place of the earlier ones."""
        self._checks = tuple(sorted(checks, key=lambda check: _WORST_FIRST.index(check.status)))
        self.setRowCount(len(self._checks))
        for row, check in enumerate(self._checks):
            self.put(row, 0, _outcome_item(check.status))
            self.put(row, 1, QTableWidgetItem(check_title(check)))
            self.put(row, 2, QTableWidgetItem(breakable(check_message(check))))
        self.fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Follow the colour scheme with the icons."""
        super().changeEvent(event)
        if event.type() in RECOLOURED and self._checks:
            self.show_checks(self._checks)


def _outcome_item(status: CheckStatus) -> QTableWidgetItem:
    name, tone = _ICONS[status]
    colour = tone_colour(tone)
    return QTableWidgetItem(icon(name, colour, colour), status_name(status))


def _size_item(count: int) -> QTableWidgetItem:
    item = QTableWidgetItem(human_bytes(count))
    item.setTextAlignment(_NUMERIC)
    return item
