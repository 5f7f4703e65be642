"""What the report of a merge and the verdict on one have in common: a headline, numbers, findings and checks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QLayout, QWidget

from mergedesk.domain.findings import Check, Finding
from mergedesk.domain.merge_report import MergeReport
from mergedesk.domain.units import human_bytes
from mergedesk.domain.verdict import Verdict

from ..text.finding_rows import finding_rows
from ..text.lines import Line
from ..text.messages import peak_memory
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.findings_view import FindingsView
from ..widgets.icons import IconLabel
from ..widgets.labels import ElidedText, Notice, Text, selectable, set_tone
from ..widgets.layouts import column, frame
from ..widgets.tiles import Fact, Tiles
from .report_tables import check_rows, checks_table

_ICON = 32


class JudgedPanel(QWidget):
    """Its parts; how they are laid out is up to the panel."""

    def __init__(self, object_name: str, checks_title: str) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self._icon = IconLabel("proof", "success", _ICON)
        self._headline = Text("", TextRole.TITLE)
        self._meaning = Text("", tone="quiet")
        self._sum = selectable(Text())
        self._folder = ElidedText("", tone="quiet")
        self.notice = Notice()
        self._tiles = Tiles()
        self._findings = FindingsView()
        self._checks = checks_table()
        title = Text(checks_title, TextRole.HEADING)
        self._checks_card = frame("card", column(title, self._checks, spacing=UNIT, margin=12))

    @property
    def headline(self) -> str:
        """What it came to, in words."""
        return self._headline.plain

    def _judge(self, headline: Line, meaning: str) -> None:
        self._icon.show_icon(headline.icon, headline.tone)
        self._headline.setText(headline.sentence)
        set_tone(self._headline, headline.tone)
        self._meaning.setText(meaning)

    def _show_details(self, findings: Sequence[Finding], checks: Sequence[Check]) -> None:
        self._findings.show_rows(finding_rows(findings))
        self._checks.show_rows(check_rows(checks))
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
