"""Findings as rows: how bad, what is so, the way out, and where it can be taken right here, the box for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QFrame, QVBoxLayout, QWidget

from ..text.lines import FindingRow, RowAction
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from .icons import IconLabel
from .labels import Text, breakable, selectable
from .layouts import beside_icon, column, refill, row
from .naming import named
from .word_button import WordBox, WordButton
from .wrapping import WrapRow

_BOX_WIDTH = 26  # as wide as the style sheet makes a box and its distance to the words
_ICONS = {
    "error": ("error", "error"),
    "warning": ("warning", "warning"),
    "info": ("info", "quiet"),
    "success": ("pass", "success"),
}


class FindingsView(QWidget):
    """All findings in the order given; what is fine stands there without a frame."""

    pressed = Signal(object)
    """What the pressed button of a row sends."""
    toggled = Signal(object, bool)
    """What the box of a row sends, and whether it is ticked now."""

    def __init__(self) -> None:
        super().__init__()
        self._is_locked = False
        self._box_layout = column()
        self._shown: tuple[FindingRow, ...] = ()
        self._frames: list[QFrame] = []
        self.setLayout(self._box_layout)

    @property
    def texts(self) -> tuple[str, ...]:
        """The findings as they are read out."""
        return tuple(frame.accessibleName() for frame in self._frames)

    def show_rows(self, rows: Sequence[FindingRow]) -> None:
        """Show ``rows`` in place of the earlier ones; hidden where there is none. A box that has the focus keeps it."""
        self.setVisible(bool(rows))
        if tuple(rows) == self._shown:
            return
        self._shown = tuple(rows)
        focused = next((box.objectName() for box in self._buttons() if box.hasFocus()), None)
        self._frames = [self._frame(finding) for finding in rows]
        refill(self._box_layout, self._frames)
        self.lock(self._is_locked)
        for button in self._buttons():
            if button.objectName() == focused:
                button.setFocus()

    def drop(self, sent: object) -> None:
        """Take out the row with the action that has ``sent`` this: it is settled."""
        self.show_rows([row for row in self._shown if all(action.sends != sent for action in row.actions)])

    def lock(self, is_locked: bool) -> None:
        """Keep consents as they are, or let them be changed again."""
        self._is_locked = is_locked
        for button in self._buttons():
            button.setEnabled(not is_locked)

    def _buttons(self) -> list[QAbstractButton]:
        return [button for frame in self._frames for button in frame.findChildren(QAbstractButton)]

    def _frame(self, finding: FindingRow) -> QFrame:
        words = column(spacing=UNIT // 2)
        if finding.subject is not None:
            named_so = Text(breakable(finding.subject.meaning), TextRole.STRONG)
            words.addLayout(row(self._button(finding.subject), named_so, grows=1))
        if finding.message.sentence:
            words.addWidget(selectable(Text(finding.message.sentence)))
        if finding.message.hint:
            words.addWidget(selectable(Text(finding.message.hint, tone="quiet")))
        for action in finding.actions:
            if action.meaning:
                words.addSpacing(UNIT // 2)
                words.addLayout(_with_meaning(action, self._button(action)))
        if plain := [self._button(action) for action in finding.actions if not action.meaning]:
            words.addWidget(WrapRow(*plain))
        made = QFrame()
        is_framed = finding.severity != "success"
        if is_framed:
            made.setProperty("part", "finding")
            made.setProperty("severity", finding.severity)
        made.setAccessibleName(finding.spoken)
        made.setLayout(beside_icon(IconLabel(*_ICONS[finding.severity], 20), words, margin=12 if is_framed else 0))
        return made

    def _button(self, action: RowAction) -> QAbstractButton:
        made: QAbstractButton
        if action.is_given is None:
            made = WordButton(action.label)
            made.setProperty("part", "link")
            made.clicked.connect(lambda: self.pressed.emit(action.sends))
        else:
            made = WordBox(action.label)
            made.setToolTip(action.meaning)
            made.setChecked(action.is_given)
            made.toggled.connect(partial(self.toggled.emit, action.sends))
        made.setAccessibleDescription(action.meaning)
        return named(made, action.object_name, action.label)


def _with_meaning(action: RowAction, button: QAbstractButton) -> QVBoxLayout:
    meaning = row(Text(action.meaning, TextRole.SMALL, "quiet"))
    meaning.setContentsMargins(0 if action.is_given is None else _BOX_WIDTH, 0, 0, 0)
    both = column(button, meaning, spacing=0)
    both.setAlignment(button, Qt.AlignmentFlag.AlignLeft)
    return both
