"""What was looked at for a tool: what breaks and what to mind first, then what fits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from mergedesk.deployment.codes import Outcome, Remark, ToolUsage, outcome_of

from ..text.usage_text import outcome_name, remark_message
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconLabel
from ..widgets.labels import Text, selectable
from ..widgets.layouts import column, row

translate = QCoreApplication.translate

_WORST_FIRST = (Outcome.FAIL, Outcome.WARN, Outcome.UNKNOWN, Outcome.PASS)
_ICONS = {
    Outcome.PASS: ("pass", "success"),
    Outcome.WARN: ("warning", "warning"),
    Outcome.FAIL: ("error", "error"),
    Outcome.UNKNOWN: ("info", "quiet"),
}
_SEVERITIES = {Outcome.FAIL: "error", Outcome.WARN: "warning", Outcome.UNKNOWN: "info"}


class RemarksView(QWidget):
    """One row for each remark."""

    def __init__(self, remarks: Sequence[Remark]) -> None:
        super().__init__()
        ordered = sorted(remarks, key=lambda one: _WORST_FIRST.index(outcome_of(one.code)))
        title = Text(translate("RemarksView", "What was looked at"), TextRole.STRONG)
        self.rows = [_row(one) for one in ordered]
        self.setLayout(column(title, *self.rows, spacing=UNIT))


def verdict_on(usage: ToolUsage) -> QWidget:
    """The worst of the remarks as a headline."""
    outcomes = {outcome_of(one.code) for one in usage.remarks}
    worst = next((one for one in _WORST_FIRST if one in outcomes), Outcome.PASS)
    words = {
        Outcome.FAIL: translate("RemarksView", "Something in the folder breaks here"),
        Outcome.WARN: translate("RemarksView", "Works, as far as the files tell, with something to mind"),
        Outcome.UNKNOWN: translate("RemarksView", "Nothing stands against it; one thing only the tool can tell"),
        Outcome.PASS: translate("RemarksView", "Nothing stands against it"),
    }[worst]
    if not usage.steps:
        words = translate("RemarksView", "Not for this kind of model")
    line = QWidget()
    line.setLayout(_beside(IconLabel(*_ICONS[worst], 20), Text(words, TextRole.HEADING)))
    return line


def _row(remark: Remark) -> QFrame:
    outcome, message = outcome_of(remark.code), remark_message(remark)
    words = column(selectable(Text(message.sentence)), spacing=UNIT // 2)
    if message.hint:
        words.addWidget(selectable(Text(message.hint, tone="quiet")))
    holder = QWidget()
    holder.setLayout(words)
    made = QFrame()
    line = _beside(IconLabel(*_ICONS[outcome], 20), holder)
    if outcome is not Outcome.PASS:
        made.setProperty("part", "finding")
        made.setProperty("severity", _SEVERITIES[outcome])
        line.setContentsMargins(12, 12, 12, 12)
    made.setAccessibleName(f"{outcome_name(outcome)}: {message.whole}")
    made.setLayout(line)
    return made


def _beside(icon: IconLabel, words: QWidget) -> QHBoxLayout:
    line = row(icon, words, spacing=12)
    line.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
    line.setStretch(1, 1)
    return line
