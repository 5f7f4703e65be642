"""Rows and columns on the window's 8-pixel grid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QLayout, QScrollArea, QVBoxLayout, QWidget

from ..theme.stylesheet import UNIT

_Box = TypeVar("_Box", bound=QBoxLayout)


def row(
    *parts: QWidget | QLayout | None, spacing: int = UNIT, margin: int = 0, grows: int | None = None
) -> QHBoxLayout:
    """A row of widgets and layouts; None is a stretch, and the part number ``grows`` takes the room that is left."""
    box = _filled(QHBoxLayout(), parts, spacing, margin)
    if grows is not None:
        box.setStretch(grows, 1)
    return box


def beside_icon(icon: QWidget, words: QWidget | QLayout, *, spacing: int = 12, margin: int = 0) -> QHBoxLayout:
    """An icon at the top left of words that take the rest of the width."""
    line = row(icon, words, spacing=spacing, margin=margin, grows=1)
    line.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
    return line


def column(*parts: QWidget | QLayout | None, spacing: int = UNIT, margin: int = 0) -> QVBoxLayout:
    """A column of widgets and layouts; None is a stretch."""
    return _filled(QVBoxLayout(), parts, spacing, margin)


def labelled(name: str, control: QWidget, *below: QWidget | QLayout | None) -> QVBoxLayout:
    """A control under its name, whose key goes to it, and what stands ``below``."""
    label = QLabel(name)
    label.setBuddy(control)
    label.setWordWrap(True)
    return column(label, control, *below, spacing=UNIT // 2)


def refill(layout: QLayout, widgets: Iterable[QWidget] = ()) -> None:
    """Put ``widgets`` in the place of all that the layout holds; those are no longer found by their names."""
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.setParent(None)
            old.deleteLater()
    for widget in widgets:
        layout.addWidget(widget)


def scrolled(content: QWidget, part: str) -> QScrollArea:
    """An area that ``content`` can be scrolled in, up and down; the style sheet knows it as ``part``."""
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setProperty("part", part)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAlignment(Qt.AlignmentFlag.AlignLeft)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area


def show_whole(control: QWidget) -> None:
    """Scroll until ``control`` is seen."""
    holder = control.parentWidget()
    while holder is not None and not isinstance(holder, QScrollArea):
        holder = holder.parentWidget()
    if holder is not None:
        holder.ensureWidgetVisible(control)


def frame(part: str, layout: QLayout | None = None) -> QFrame:
    """A frame that the style sheet knows as ``part``."""
    made = QFrame()
    made.setProperty("part", part)
    if layout is not None:
        made.setLayout(layout)
    return made


def _filled(box: _Box, parts: tuple[QWidget | QLayout | None, ...], spacing: int, margin: int) -> _Box:
    box.setSpacing(spacing)
    box.setContentsMargins(margin, margin, margin, margin)
    for part in parts:
        if part is None:
            box.addStretch(1)
        elif isinstance(part, QWidget):
            box.addWidget(part)
        else:
            box.addLayout(part)
    return box
