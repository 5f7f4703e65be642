"""The undo key belongs to a field only while that field has something to undo."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence


def is_idle_undo(event: QEvent, undo_available: bool) -> bool:
    """Whether ``event`` is a field's claim on the undo key although it has nothing to undo."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return event.matches(QKeySequence.StandardKey.Undo) and not undo_available
