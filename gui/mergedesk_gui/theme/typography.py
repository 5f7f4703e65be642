"""Sizes and weights of type, all relative to the font the person has set."""

from __future__ import annotations

from enum import Enum

from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget

_USUAL_LINE = 17
# What stands out beside smaller type needs to be no larger by much beside large type.
_MOST_GROWING = 12


class TextRole(Enum):
    """What a piece of text is there for: how much larger it is than others, and how heavy."""

    DISPLAY = 1.75, QFont.Weight.Bold
    TITLE = 1.4, QFont.Weight.DemiBold
    HEADING = 1.1, QFont.Weight.DemiBold
    STRONG = 1.0, QFont.Weight.DemiBold
    BODY = 1.0, QFont.Weight.Normal
    SMALL = 0.95, QFont.Weight.Normal


HEADINGS = frozenset({TextRole.DISPLAY, TextRole.TITLE, TextRole.HEADING})


def grown(pixels: int) -> int:
    """What measures so many pixels beside type of the usual size, beside the type there is: larger, never smaller."""
    return max(pixels, round(pixels * _line() / _USUAL_LINE))


def around_line(pixels: int) -> int:
    """What is so high around a line of the usual size, around a line of the type there is."""
    return max(pixels, pixels - _USUAL_LINE + _line())


def _line() -> int:
    return QFontMetrics(QApplication.font()).height()


def set_type(widget: QWidget, role: TextRole) -> None:
    """Give ``widget`` the type of ``role``."""
    font = QFont(widget.font())
    scale, weight = role.value
    if font.pointSizeF() > 0:
        font.setPointSizeF(points_of(role, font.pointSizeF()))
    else:  # a font set in pixels
        font.setPixelSize(round(font.pixelSize() * scale))
    font.setWeight(weight)
    widget.setFont(font)


def points_of(role: TextRole, points: float) -> float:
    """How large type of ``role`` is beside body text of so many ``points``."""
    scale, _weight = role.value
    return float(points + (scale - 1) * min(points, _MOST_GROWING))


def set_monospace(widget: QWidget) -> None:
    """Give ``widget`` the system's fixed-width font in the size it has."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(widget.font().pointSizeF())
    widget.setFont(font)
