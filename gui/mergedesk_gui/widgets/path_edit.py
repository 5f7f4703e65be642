"""A line for a folder's path, and what a person drops, types or pastes into it, as folders."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QMimeData, QRect, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame

from mergedesk.domain.hub_reference import HubReference, parse_reference, path_of

from .steady import steady_line

_TEXT_MARGIN = 2
# Adapters of MLX and torchtune as they were at some step, which lie in one folder.
_ONE_OF_SEVERAL = re.compile(r"\d+_adapters\.safetensors|adapter_\d+\.pt")
_FILES = frozenset({".safetensors", ".json", ".bin", ".gguf", ".pt", ".pth", ".model", ".txt", ".md"})
_LAST_PART = re.compile(r"[/\\][^/\\]+[/\\]?$")


class PathEdit(QLineEdit):
    """Shows the whole path while it is edited, and both its ends when it is too long for a glance."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.textChanged.connect(lambda text: self.setToolTip(text or self.placeholderText()))
        steady_line(self)

    def setPlaceholderText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        """What stands there while it is empty; the tooltip has it whole, where it does not fit."""
        super().setPlaceholderText(text)
        self.setToolTip(self.text() or text)

    @property
    def is_elided(self) -> bool:
        """Whether the path is shown shortened at the moment."""
        return not self.hasFocus() and self._shown() != self.text()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Take folders, and the addresses of models on a hub; leave everything else to Qt."""
        if self.isEnabled() and _path_in(event.mimeData()):
            take_copied(event)
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Put the dropped folder's path, or the model's name, in place of the text."""
        if path := _path_in(event.mimeData()):
            self.setText(path)
            take_copied(event)

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


def folders_in(dropped: QMimeData) -> tuple[Path, ...]:
    """The local folders among what was dropped. A file stands for the folder it is in, unless it is one of several."""
    paths = [Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile()]
    # Only names are looked at: asking a slow network drive here would hold up the drag.
    folders = [path.parent if _names_a_file(path) else path for path in paths]
    return tuple(dict.fromkeys(folders))


def _path_in(dropped: QMimeData) -> str:
    """The one folder that was dropped, or the one model on a hub, as it is typed; empty for anything else."""
    folders = folders_in(dropped)
    if folders:
        return str(folders[0]) if len(folders) == 1 else ""
    reference = reference_in(dropped)
    return f"hf://{reference.text}" if reference else ""


def reference_in(dropped: QMimeData) -> HubReference | None:
    """The one model on a hub whose name or address was dropped; None for anything else."""
    addresses = [url.toString() for url in dropped.urls()] or [dropped.text()]
    return parse_reference(addresses[0]) if len(addresses) == 1 else None


def take_copied(event: QDropEvent) -> None:
    """Take what is dropped as a copy, whatever was proposed: after a move, a file manager deletes what it gave."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def folder_from_text(text: str) -> Path | None:
    """The folder a person means by what they typed or pasted, or the model on a hub; None for nothing.

    Quotes (Windows copies paths with them), ``file://`` addresses and ``~`` are understood.
    """
    text = text.strip().strip('"').strip()
    if text.startswith("file://"):
        text = QUrl(text).toLocalFile()
    if not text:
        return None
    path = path_of(text)
    try:
        return path.expanduser()
    except RuntimeError:  # no such user: then the name really starts with a tilde
        return path


def _names_a_file(path: Path) -> bool:
    return path.suffix in _FILES and not _ONE_OF_SEVERAL.fullmatch(path.name)
