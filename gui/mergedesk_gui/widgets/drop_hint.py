"""The veil over the right side while folders are dragged over the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from .labels import Text
from .layouts import column


class DropHint(QFrame):
    """Says that dropping works here, and what happens then. The fields stay in sight: each takes a drop itself."""

    def __init__(self, covered: QWidget) -> None:
        super().__init__(covered)
        self.setProperty("part", "drop")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._title = Text("", TextRole.DISPLAY)
        text = Text(self.tr("Model or adapter: each goes to its own field."), tone="quiet")
        for label in (self._title, text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(column(None, self._title, text, None))
        self.hide()

    def appear(self) -> None:
        """Cover the side it belongs to."""
        self._cover(self.tr("Drop the folders anywhere"))

    def say_looking(self, name: str) -> None:
        """Cover it while a dropped name is looked at."""
        self._cover(self.tr("Looking at {name} on the hub…").format(name=name))

    def _cover(self, title: str) -> None:
        self._title.setText(title)
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect().adjusted(2 * UNIT, 2 * UNIT, -2 * UNIT, -2 * UNIT))
        self.raise_()
        self.show()
