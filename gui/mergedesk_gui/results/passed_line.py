"""Checks that all passed, as one line; the table of them is a press away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from mergedesk.domain.findings import Check, CheckStatus

from ..theme.stylesheet import UNIT
from ..widgets.icons import IconLabel
from ..widgets.labels import Text
from ..widgets.layouts import row
from ..widgets.naming import named
from ..widgets.word_button import WordButton

_WORTH_READING = (CheckStatus.FAIL, CheckStatus.WARN)


class PassedLine(QWidget):
    """The line, and whether ``table`` is to be seen. A check that did not pass is never folded away."""

    def __init__(self, table: QWidget) -> None:
        super().__init__()
        self._table = table
        self.words = named(Text(""), "checksPassedLabel")
        self.button = named(WordButton(), "showChecksButton")
        self.button.clicked.connect(lambda: self._fold(not table.isHidden()))
        self.setLayout(row(IconLabel("pass", "success", 18), self.words, self.button, spacing=UNIT, grows=1))

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Say how many passed, and fold the table if there is nothing else to tell."""
        passed = sum(check.status is CheckStatus.PASS for check in checks)
        skipped = sum(check.status is CheckStatus.SKIPPED for check in checks)
        is_all = bool(passed) and not any(check.status in _WORTH_READING for check in checks)
        sentence = self.tr("All %n check(s) passed.", "", passed)
        if skipped:
            sentence = f"{sentence} " + self.tr("%n had nothing to compare.", "", skipped)
        self.words.setText(sentence)
        self.setVisible(is_all)
        self._fold(is_all)

    def _fold(self, away: bool) -> None:
        self._table.setVisible(not away)
        words = self.tr("Show") if away else self.tr("Hide")
        self.button.setText(words)
        self.button.setAccessibleName(f"{words}: {self.words.plain}")
