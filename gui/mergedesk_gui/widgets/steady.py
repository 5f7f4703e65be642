"""Controls that scrolling past does not change; without anything to undo they leave the undo key to the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

_Control = TypeVar("_Control", bound=QWidget)


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
