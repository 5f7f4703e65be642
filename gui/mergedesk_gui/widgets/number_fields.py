"""Fields for numbers, steady and with room beside the text."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

from .steady import steady

_WIDTH = 84
_MARGIN = 6


class DecimalField(QDoubleSpinBox):
    """A number with a point, in every country, as everywhere in this window; a typed comma is taken for one."""

    def __init__(self) -> None:
        super().__init__()
        self.setLocale(QLocale.c())
        _settle(self)
        self.setFixedWidth(_WIDTH)

    def valueFromText(self, text: str) -> float:  # noqa: N802 (Qt's name)
        return super().valueFromText(text.replace(",", "."))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Allow what may become a number, written with a point or a comma."""
        return super().validate(text.replace(",", "."), position)


def whole_number_field() -> QSpinBox:
    """A field for a whole number."""
    field = QSpinBox()
    _settle(field)
    return field


def _settle(field: QSpinBox | QDoubleSpinBox) -> None:
    steady(field, lambda: field.lineEdit().isUndoAvailable())
    field.lineEdit().setTextMargins(_MARGIN, 0, 0, 0)  # a style sheet's padding does not reach the text here
