"""Names of controls: one for scripts and tests, one for people who hear the window read out."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget

_Control = TypeVar("_Control", bound=QWidget)


def named(control: _Control, object_name: str = "", spoken: str = "") -> _Control:
    """Give ``control`` its names and hand it back."""
    if object_name:
        control.setObjectName(object_name)
    if spoken:
        control.setAccessibleName(spoken)
    return control
