"""Where dialogs ask for help: the window that they lie over has one desk, whoever answers there."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget


class HelpDesk(QObject):
    """A child of the main window."""

    asked = Signal(str)
    """The name of a chapter."""


def ask_for_help(asking: QWidget, chapter: str) -> None:
    """Ask for a chapter at the desk of the window that ``asking`` lies over; nothing where there is none."""
    window: QWidget | None = asking
    while window is not None:
        desk = window.findChild(HelpDesk)
        if isinstance(desk, HelpDesk):
            desk.asked.emit(chapter)
            return
        window = window.parentWidget()
