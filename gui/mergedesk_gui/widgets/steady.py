"""Controls that scrolling past does not change; without anything to undo they leave the undo key to the window.

Among them the fields for numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, QLocale, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget

from ..theme.typography import grown

_Control = TypeVar("_Control", bound=QWidget)
_WIDTH, _MARGIN = 84, 6


class _Steadiness(QObject):
    def __init__(self, control: QWidget, can_undo: Callable[[], bool] | None) -> None:
        super().__init__(control)
        self._control, self._can_undo = control, can_undo

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Leave the wheel to the page without the focus, and the undo key to the window without anything to undo."""
        is_passing = event.type() == QEvent.Type.Wheel and not self._control.hasFocus()
        if is_passing or (self._is_undo(event) and self._can_undo is not None and not self._can_undo()):
            event.ignore()
            return True
        return False

    def _is_undo(self, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        return event.matches(QKeySequence.StandardKey.Undo)


def steady(control: _Control, can_undo: Callable[[], bool] | None = None) -> _Control:
    """Make ``control`` so, and hand it back."""
    if control.focusPolicy() == Qt.FocusPolicy.WheelFocus:
        control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    control.installEventFilter(_Steadiness(control, can_undo))
    return control


class DecimalField(QDoubleSpinBox):
    """A number with a point, in every country, as everywhere in this window; a typed comma is taken for one."""

    def __init__(self) -> None:
        super().__init__()
        self.setLocale(QLocale.c())
        _settle(self)
        self.setFixedWidth(grown(_WIDTH))

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
