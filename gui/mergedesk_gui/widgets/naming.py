"""Names of controls: one for scripts and tests, one for people who hear the window read out; and what they hear."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

_Control = TypeVar("_Control", bound=QWidget)


def named(control: _Control, object_name: str = "", spoken: str = "") -> _Control:
    """Give ``control`` its names and hand it back."""
    if object_name:
        control.setObjectName(object_name)
    if spoken:
        control.setAccessibleName(spoken)
    return control


def announce(about: QWidget, sentence: str) -> None:
    """Have a screen reader, if there is one, read out ``sentence`` although the focus is elsewhere."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(about, sentence))
