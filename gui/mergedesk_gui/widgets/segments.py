"""Words side by side of which one counts, as a switch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QPushButton, QSizePolicy

from .layouts import column
from .mnemonics import without_mnemonic
from .naming import named
from .word_button import WordButton
from .wrapping import SideBySide, WrapRow

_GAP = 2


class Segment(NamedTuple):
    """One choice; an ``&`` in its words marks its key."""

    value: str
    words: str
    object_name: str
    explanation: str


class Segments(QFrame):
    """Exactly one segment is chosen. Tab reaches that one, the arrow keys go on from there.

    With ``wraps``, those that find no room go on in the next line; otherwise all share the width, or are a column.
    """

    changed = Signal(str)

    def __init__(self, name: str, segments: Sequence[Segment], *, wraps: bool = False) -> None:
        super().__init__()
        self.setProperty("part", "segments")
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._buttons = {segment.value: self._button(segment) for segment in segments}
        self.value = segments[0].value
        """The chosen segment's."""
        buttons = self._buttons.values()
        inside = WrapRow(*buttons, spacing=_GAP) if wraps else SideBySide(*buttons, least=0, spacing=_GAP)
        self.setLayout(column(inside, margin=_GAP))
        self._buttons[self.value].setChecked(True)
        self._group.buttonToggled.connect(self._on_toggled)

    def choose(self, value: str) -> None:
        """Choose the segment with that value."""
        self._buttons[value].setChecked(True)

    def offer(self, values: Collection[str]) -> None:
        """Show only the segments with these values."""
        for value, button in self._buttons.items():
            button.setVisible(value in values)

    def _on_toggled(self, button: QAbstractButton, is_chosen: bool) -> None:
        if is_chosen:
            self.value = next(value for value, candidate in self._buttons.items() if candidate is button)
            self.changed.emit(self.value)

    def _button(self, segment: Segment) -> QPushButton:
        button = named(WordButton(segment.words), segment.object_name, without_mnemonic(segment.words))
        button.setProperty("part", "segment")
        button.setCheckable(True)
        button.setAutoExclusive(True)  # so that a screen reader hears of one of several
        button.setToolTip(segment.explanation)
        button.setAccessibleDescription(segment.explanation)
        policy = button.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding)
        button.setSizePolicy(policy)
        self._group.addButton(button)
        return button
