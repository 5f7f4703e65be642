"""Sizes that fit on the screen."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

_FRAME = QSize(32, 64)  # what a window manager puts around a window


def resize_within_screen(window: QWidget, width: int, height: int) -> None:
    """Give a window this size, or as much of it as its screen has room for."""
    window.resize(QSize(width, height).boundedTo(window.screen().availableSize() - _FRAME))
