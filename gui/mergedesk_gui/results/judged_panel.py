"""What the report of a merge and the verdict on one have in common: a headline, numbers, findings and checks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from mergedesk.domain.findings import Check, CheckStatus
from mergedesk.domain.merge_report import MergeReport
from mergedesk.domain.verdict import Verdict

from ..text.lines import FindingRow, Line
from ..text.messages import check_message, check_title, peak_memory, say
from ..text.numbers import human_bytes
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.findings_view import FindingsView
from ..widgets.icons import IconLabel
from ..widgets.labels import ElidedText, Notice, Text, breakable, selectable, set_tone
from ..widgets.layouts import column, frame
from ..widgets.table import Cell, ReadTable
from ..widgets.tiles import Fact, Tiles
from .passed_line import PassedLine

translate = QCoreApplication.translate

_ICON = 32
_CHECKS_HEIGHT = 4000  # the checks are few, and are the proof: all of them are seen at once
_PICTURES = {
    CheckStatus.FAIL: ("error", "error"),
    CheckStatus.WARN: ("warning", "warning"),
    CheckStatus.PASS: ("pass", "success"),
    CheckStatus.SKIPPED: ("skipped", "quiet"),
}
"""The worst first."""


class JudgedPanel(QWidget):
    """Its parts; how they are laid out is up to the panel."""

    def __init__(self, object_name: str, checks_title: str) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self._icon = IconLabel("proof", "success", _ICON)
        self.headline = Text("", TextRole.TITLE)
        self._meaning = Text("", tone="quiet")
        self._sum = selectable(Text())
        self._folder = ElidedText("", tone="quiet")
        self.notice = Notice()
        self._tiles = Tiles()
        self.findings = FindingsView()
        self._checks = _checks_table()
        self._checks_line = PassedLine(self._checks)
        title = Text(checks_title, TextRole.HEADING)
        self._checks_card = frame("card", column(title, self._checks_line, self._checks, spacing=UNIT, margin=12))

    def _judge(self, headline: Line, meaning: str) -> None:
        self._icon.show_icon(headline.icon, headline.tone)
        self.headline.setText(headline.sentence)
        set_tone(self.headline, headline.tone)
        self._meaning.setText(meaning)

    def _show_details(self, findings: Sequence[FindingRow], checks: Sequence[Check]) -> None:
        self.findings.show_rows(findings)
        self._checks.show_rows(_check_rows(checks))
        self._checks_line.show_checks(checks)
        self._checks_card.setVisible(bool(checks))

    def _memory(self, of: MergeReport | Verdict) -> tuple[Fact, Fact]:
        own, whole = of.peak_rss_beyond_imports_bytes, of.peak_rss_bytes
        both = peak_memory(of)
        return (
            Fact(self.tr("Peak memory"), human_bytes(own or whole) if whole else "", both),
            Fact(self.tr("With the libraries"), human_bytes(whole) if own else "", both),
        )

    def _hero(self, *parts: QWidget | QLayout) -> QFrame:
        return frame("card", column(*parts, self.notice, spacing=12, margin=2 * UNIT))


def _checks_table() -> ReadTable:
    """For every verification check: its outcome, what it proves, what it found."""
    headers = (
        translate("JudgedPanel", "Outcome"),
        translate("JudgedPanel", "Check"),
        translate("JudgedPanel", "What was found"),
    )
    name = translate("JudgedPanel", "Verification checks")
    return ReadTable("checksTable", name, headers, stretched=2, most_height=_CHECKS_HEIGHT)


def _check_rows(checks: Sequence[Check]) -> list[tuple[str | Cell, ...]]:
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
