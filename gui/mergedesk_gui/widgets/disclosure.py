"""A part of the window that is folded away until somebody wants it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ..theme.stylesheet import UNIT
from .icons import IconLabel
from .labels import Text
from .layouts import column, row
from .mnemonics import without_mnemonic
from .naming import named
from .word_button import WordButton


class Disclosure(QWidget):
    """A heading to press, and below it ``content``. Folded away, it still says what is set differently inside."""

    toggled = Signal(bool)

    def __init__(self, title: str, object_name: str, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self._arrow = IconLabel("expand", "quiet", 16)
        self.button = named(WordButton(title), object_name, without_mnemonic(title))
        self.button.setProperty("part", "heading")
        self.button.setCheckable(True)
        self.button.toggled.connect(self._show)
        self._summary = Text("", tone="quiet")
        line = row(self._arrow, self.button, self._summary, spacing=UNIT // 2, grows=2)
        self.setLayout(column(line, content))
        content.hide()

    def summarise(self, summary: str) -> None:
        """Say in a few words what is set inside; shown while the content is not."""
        self._summary.setText(summary)
        self.button.setAccessibleDescription(summary)

    def _show(self, shown: bool) -> None:
        self._content.setVisible(shown)
        self._summary.setVisible(not shown)
        self._arrow.show_icon("collapse" if shown else "expand", "quiet")
        self.toggled.emit(shown)
