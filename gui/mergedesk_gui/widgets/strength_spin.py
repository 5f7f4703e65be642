"""A number for how strongly an adapter counts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox

from ..choices import MOST_STRENGTH
from .idle_undo import is_idle_undo

_STEP = 0.05
_DECIMALS = 4
_SHOWN_DECIMALS = 2
_WIDTH = 84
_MARGIN = 6


class StrengthSpin(QDoubleSpinBox):
    """From -10 to 10, with at least two digits after the point; a comma is understood as a point."""

    def __init__(self) -> None:
        super().__init__()
        self.setLocale(QLocale.c())  # the other numbers of this window have a point too, and so has the command line
        self.setDecimals(_DECIMALS)
        self.setRange(-MOST_STRENGTH, MOST_STRENGTH)
        self.setSingleStep(_STEP)
        self.setValue(1.0)
        self.setFixedWidth(_WIDTH)
        self.lineEdit().setTextMargins(_MARGIN, 0, 0, 0)  # a style sheet's padding does not reach the text here
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def textFromValue(self, value: float) -> str:  # noqa: N802 (Qt's name)
        """``1.00``, ``0.125``."""
        whole, _, digits = f"{value:.{_DECIMALS}f}".partition(".")
        return f"{whole}.{digits.rstrip('0').ljust(_SHOWN_DECIMALS, '0')}"

    def valueFromText(self, text: str) -> float:  # noqa: N802 (Qt's name)
        """The number that was typed."""
        return super().valueFromText(text.replace(",", "."))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Allow what may become a number, written with a point or a comma."""
        return super().validate(text.replace(",", "."), position)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Leave the wheel to the page, unless the person is at this number: scrolling past must not change it."""
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
