"""Sentences below one another, each with an icon that says how it is meant."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from ..text.lines import Line
from ..theme.stylesheet import UNIT
from ..theme.tone import Tone
from ..theme.typography import TextRole
from .icons import IconLabel
from .labels import Text, selectable, set_tone
from .layouts import beside_icon, column, refill

_ICON = 20
_LOUD = (Tone.SUCCESS, Tone.WARNING, Tone.ERROR)


class SentenceList(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._box = column(spacing=UNIT // 2)
        self.setLayout(self._box)
        self._lines: tuple[Line, ...] = ()
        self.hide()

    @property
    def sentences(self) -> list[str]:
        """What it says."""
        return [line.sentence for line in self._lines]

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Say ``lines``, in place of what was said before."""
        self._lines = tuple(lines)
        refill(self._box, map(_drawn, lines))
        self.setVisible(bool(lines))


def _drawn(line: Line) -> QWidget:
    is_loud = line.tone in _LOUD
    text = selectable(Text(line.sentence, TextRole.STRONG if is_loud else TextRole.BODY))
    set_tone(text, line.tone.value if is_loud else "plain")
    icon = IconLabel(line.icon, line.tone.value, _ICON)
    made = QWidget()
    made.setLayout(beside_icon(icon, text, spacing=UNIT))
    return made
