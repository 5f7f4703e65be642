"""Sizes and weights of type, all relative to the font the person has set."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class _Type:
    scale: float
    weight: QFont.Weight = QFont.Weight.Normal


class TextRole(Enum):
    """What a piece of text is there for."""

    DISPLAY = _Type(1.75, QFont.Weight.Bold)
    TITLE = _Type(1.4, QFont.Weight.DemiBold)
    HEADING = _Type(1.1, QFont.Weight.DemiBold)
    STRONG = _Type(1.0, QFont.Weight.DemiBold)
    BODY = _Type(1.0)
    SMALL = _Type(0.95)


def set_type(widget: QWidget, role: TextRole) -> None:
    """Give ``widget`` the type of ``role``."""
    font = QFont(widget.font())
    _scale(font, role.value.scale)
    font.setWeight(role.value.weight)
    widget.setFont(font)


def set_monospace(widget: QWidget) -> None:
    """Give ``widget`` the system's fixed-width font in the size it has."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(widget.font().pointSizeF())
    widget.setFont(font)


def _scale(font: QFont, factor: float) -> None:
    if font.pointSizeF() > 0:
        font.setPointSizeF(font.pointSizeF() * factor)
    else:  # a font set in pixels
        font.setPixelSize(round(font.pixelSize() * factor))
