"""Numbers that only somebody who is at them can change: scrolling past must not, and undo is left to the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

from .idle_undo import is_idle_undo

_WIDTH = 84
_MARGIN = 6


class SteadySpinBox(QSpinBox):
    """A whole number."""

    def __init__(self) -> None:
        super().__init__()
        _settle(self)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Leave the wheel to the page while the focus is elsewhere."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Keep the undo key only while there is typing to undo."""
        if is_idle_undo(event, self.lineEdit().isUndoAvailable()):
            event.ignore()
            return False
        return super().event(event)


class SteadyDoubleSpinBox(QDoubleSpinBox):
    """A number with a point, in every country, as everywhere in this window; a typed comma is taken for one."""

    def __init__(self) -> None:
        super().__init__()
        self.setLocale(QLocale.c())
        _settle(self)
        self.setFixedWidth(_WIDTH)

    def valueFromText(self, text: str) -> float:  # noqa: N802 (Qt's name)
        """The number that was typed."""
        return super().valueFromText(text.replace(",", "."))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Allow what may become a number, written with a point or a comma."""
        return super().validate(text.replace(",", "."), position)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Leave the wheel to the page while the focus is elsewhere."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Keep the undo key only while there is typing to undo."""
        if is_idle_undo(event, self.lineEdit().isUndoAvailable()):
            event.ignore()
            return False
        return super().event(event)


def _settle(box: QSpinBox | QDoubleSpinBox) -> None:
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.lineEdit().setTextMargins(_MARGIN, 0, 0, 0)  # a style sheet's padding does not reach the text here
