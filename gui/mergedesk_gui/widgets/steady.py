"""Controls that scrolling past does not change; without anything to undo or redo they leave those keys to the window.

Among them the fields for numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QEvent, QLocale, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from ..text.numbers import written
from ..theme.typography import grown

_Control = TypeVar("_Control", bound=QWidget)
_WIDTH, _MARGIN = 84, 6


@dataclass(frozen=True, slots=True)
class OwnUndo:
    """Whether a control's own text has something to undo, and to redo."""

    can_undo: Callable[[], bool]
    can_redo: Callable[[], bool]


class _Steadiness(QObject):
    def __init__(self, control: QWidget, own: OwnUndo | None) -> None:
        super().__init__(control)
        self._control, self._own = control, own

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Leave the wheel to the page without the focus, and a key to the window where the text has no use for it."""
        is_passing = event.type() == QEvent.Type.Wheel and not self._control.hasFocus()
        if is_passing or self._is_of_no_use(event):
            event.ignore()
            return True
        return False

    def _is_of_no_use(self, event: QEvent) -> bool:
        own = self._own
        if own is None or event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if event.matches(QKeySequence.StandardKey.Undo):
            return not own.can_undo()
        return event.matches(QKeySequence.StandardKey.Redo) and not own.can_redo()


def steady(control: _Control, own: OwnUndo | None = None) -> _Control:
    """Make ``control`` so, and hand it back."""
    if control.focusPolicy() == Qt.FocusPolicy.WheelFocus:
        control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    control.installEventFilter(_Steadiness(control, own))
    return control


def steady_line(line: QLineEdit) -> QLineEdit:
    """Make a line of text so."""
    return steady(line, OwnUndo(line.isUndoAvailable, line.isRedoAvailable))


class DecimalField(QDoubleSpinBox):
    """A number with the decimal mark of the window's language; point and comma are both taken for it."""

    def __init__(self) -> None:
        super().__init__()
        self.setLocale(QLocale.c())
        _settle(self)
        self.setFixedWidth(grown(_WIDTH))

    def textFromValue(self, value: float) -> str:  # noqa: N802 (Qt's name)
        return written(super().textFromValue(value))

    def valueFromText(self, text: str) -> float:  # noqa: N802 (Qt's name)
        return super().valueFromText(text.replace(",", "."))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Allow what may become a number, written with a point or a comma."""
        state, _with_point, place = super().validate(text.replace(",", "."), position)
        return state, text, place


def whole_number_field() -> QSpinBox:
    """A field for a whole number."""
    field = QSpinBox()
    _settle(field)
    return field


def _settle(field: QSpinBox | QDoubleSpinBox) -> None:
    steady(field, OwnUndo(lambda: field.lineEdit().isUndoAvailable(), lambda: field.lineEdit().isRedoAvailable()))
    field.lineEdit().setTextMargins(_MARGIN, 0, 0, 0)  # a style sheet's padding does not reach the text here
