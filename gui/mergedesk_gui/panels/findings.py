"""Findings as rows: how bad, what is so, and the way out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from mergedesk.findings import Finding, Severity

from ..messages import finding_message, severity_name
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconLabel
from ..widgets.labels import Text, selectable
from ..widgets.layouts import column, row

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_ICONS = {
    Severity.ERROR: ("error", "error"),
    Severity.WARNING: ("warning", "warning"),
    Severity.INFO: ("info", "quiet"),
}


class FindingsView(QWidget):
    """All findings, the worst first."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = column()
        self._shown: tuple[Finding, ...] = ()
        self._widgets: list[QFrame] = []
        self.setLayout(self._rows)

    @property
    def texts(self) -> tuple[str, ...]:
        """The findings as they are read out."""
        return tuple(row.accessibleName() for row in self._widgets)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show ``findings`` in place of the earlier ones."""
        ordered = tuple(sorted(findings, key=lambda finding: _ORDER.index(finding.severity)))
        if ordered == self._shown:
            return
        self._shown = ordered
        self._clear()
        for finding in ordered:
            self._widgets.append(_row(finding))
            self._rows.addWidget(self._widgets[-1])

    def _clear(self) -> None:
        for widget in self._widgets:
            self._rows.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._widgets = []


def _row(finding: Finding) -> QFrame:
    message = finding_message(finding)
    made = QFrame()
    made.setProperty("part", "finding")
    made.setProperty("severity", finding.severity.value)
    made.setAccessibleName(f"{severity_name(finding.severity)}: {message.whole}")
    icon = IconLabel(*_ICONS[finding.severity], 20)
    sentence = selectable(Text(message.sentence, TextRole.BODY))
    words = column(sentence, spacing=UNIT // 2)
    if message.way_out:
        words.addWidget(selectable(Text(message.way_out, TextRole.BODY, "quiet")))
    line = row(icon, words, spacing=12, margin=12)
    line.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
    line.setStretch(1, 1)
    made.setLayout(line)
    return made
