"""The veil over the window while folders are dragged over it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from .labels import Text
from .layouts import column


class DropHint(QFrame):
    """Says that dropping works here, and what happens then."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("part", "drop")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        title = Text(self.tr("Drop the folders here"), TextRole.DISPLAY)
        text = Text(self.tr("Model or adapter: each goes to its own field."), tone="quiet")
        for label in (title, text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(column(None, title, text, None))
        self.hide()

    def appear(self) -> None:
        """Cover the window."""
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect().adjusted(UNIT, UNIT, -UNIT, -UNIT))
        self.raise_()
        self.show()
