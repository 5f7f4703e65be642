"""A line for a folder's path: typed, pasted or dropped."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame

from .folder_input import folders_in
from .steady import steady

_TEXT_MARGIN = 2
_LAST_PART = re.compile(r"[/\\][^/\\]+[/\\]?$")


class PathEdit(QLineEdit):
    """Shows the whole path while it is edited, and both its ends when it is too long for a glance."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.textChanged.connect(self.setToolTip)
        steady(self, self.isUndoAvailable)

    @property
    def is_elided(self) -> bool:
        """Whether the path is shown shortened at the moment."""
        return not self.hasFocus() and self._shown() != self.text()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Take folders; leave everything else to Qt."""
        if self.isEnabled() and len(folders_in(event.mimeData())) == 1:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Put the dropped folder's path in place of the text."""
        folders = folders_in(event.mimeData())
        if len(folders) == 1:
            self.setText(str(folders[0]))
            event.acceptProposedAction()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the shortened path when it is not being edited and does not fit."""
        if not self.is_elided:
            super().paintEvent(event)
            return
        painter, option = QPainter(self), QStyleOptionFrame()
        self.initStyleOption(option)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self._room(), int(Qt.AlignmentFlag.AlignVCenter), self._shown())

    def _shown(self) -> str:
        return elided_path(self.text(), self.fontMetrics(), self._room().width())

    def _room(self) -> QRect:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        return room.adjusted(_TEXT_MARGIN, 0, -_TEXT_MARGIN, 0)


def elided_path(path: str, metrics: QFontMetrics, width: int) -> str:
    """``path`` shortened in its middle to ``width`` pixels, with the folder's own name whole if it fits."""
    if metrics.horizontalAdvance(path) <= width:
        return path
    last = _LAST_PART.search(path)
    tail = f"…{last[0]}" if last else ""
    room = width - metrics.horizontalAdvance(tail)
    if not last or room < metrics.horizontalAdvance("…/…"):
        return metrics.elidedText(path, Qt.TextElideMode.ElideMiddle, width)
    head = metrics.elidedText(path[: last.start()], Qt.TextElideMode.ElideRight, room)
    return f"{head.removesuffix('…')}{tail}"
