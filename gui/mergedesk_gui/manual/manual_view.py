"""A chapter to read: Markdown with pictures, never wider than the page. Nothing is fetched, and nothing is run."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import QApplication, QTextBrowser, QTextEdit

from ..theme.colours import Colours, colours_of
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole, points_of
from ..widgets.naming import named

_LINE_PERCENT = 135
_RATHER = 8  # pictures are a little narrower than the page
_PICTURE = "\ufffc"
"""What stands for a picture in the text."""


class ManualView(QTextBrowser):
    """Shows one chapter's file. Links lead to other chapters, or to ``page_asked``."""

    page_asked = Signal(str)
    """The address of a web page that was clicked."""

    def __init__(self, spoken: str) -> None:
        super().__init__()
        named(self, "manualText", spoken)
        self.setOpenLinks(False)
        self.document().setDocumentMargin(2 * UNIT)
        self._pictures: dict[str, QImage] = {}
        self.sourceChanged.connect(self._dress)
        self.anchorClicked.connect(self._follow)

    def show_chapter(self, file: Path, words: str = "") -> None:
        """Show a chapter from its start, or from the first of the ``words`` on, which are marked."""
        address = QUrl.fromLocalFile(str(file))
        if self.source() != address:
            self.setSource(address, QTextDocument.ResourceType.MarkdownResource)
        self._mark(words.split())

    def dress_again(self) -> None:
        """Take the colours that the application has now."""
        self.reload()
        self._dress()

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802 (Qt's name)
        """Only what lies beside the chapter: its text, and its pictures in the width there is."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, name)
        address = QUrl(name)
        picture = QImage(str(Path(self.source().toLocalFile()).with_name(address.fileName())))
        if picture.isNull():
            return picture
        self._pictures[address.toString()] = picture
        return self._fitted(picture)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and self._pictures:
            for name, picture in self._pictures.items():
                kind = QTextDocument.ResourceType.ImageResource.value
                self.document().addResource(kind, QUrl(name), self._fitted(picture))
            self.document().markContentsDirty(0, self.document().characterCount())

    def _fitted(self, picture: QImage) -> QImage:
        room = self.viewport().width() - 4 * UNIT - _RATHER
        ratio = self.devicePixelRatioF()
        width = max(1, round(min(picture.width(), room) * ratio))
        fitted = picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        fitted.setDevicePixelRatio(ratio)
        return fitted

    def _follow(self, address: QUrl) -> None:
        target = self.source().resolved(address)
        if target.isLocalFile() and Path(target.toLocalFile()).suffix == ".md":
            self.setSource(target, QTextDocument.ResourceType.MarkdownResource)
        elif target.scheme() in ("http", "https"):
            self.page_asked.emit(target.toString())

    def _dress(self) -> None:
        colours, document = colours_of(QApplication.palette()), self.document()
        block = document.begin()
        while block.isValid():
            cursor = QTextCursor(block)
            cursor.setBlockFormat(_block_format(block, colours))
            if block.blockFormat().headingLevel():
                cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
                cursor.mergeCharFormat(_heading_format(block.blockFormat().headingLevel(), self.font().pointSizeF()))
            block = block.next()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                _dress_table(frame, colours)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _mark(self, words: list[str]) -> None:
        marked: list[QTextEdit.ExtraSelection] = []
        colours = colours_of(QApplication.palette())
        for word in words:
            found = self.document().find(word, 0)
            while not found.isNull():
                one = QTextEdit.ExtraSelection()
                one.cursor = found
                one.format = _on_colour(colours.warning_soft)
                marked.append(one)
                found = self.document().find(word, found)
        self.setExtraSelections(marked)
        if marked:
            first = min((one.cursor for one in marked), key=QTextCursor.position)
            first.setPosition(first.selectionStart())
            self.setTextCursor(first)
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.cursorRect().top() - 6 * UNIT)


def _block_format(block: QTextBlock, colours: Colours) -> QTextBlockFormat:
    given = block.blockFormat()
    made = QTextBlockFormat(given)
    if _is_code(block):
        made.setBackground(QBrush(QColor(colours.sidebar if colours.is_dark else colours.window)))
        made.setLeftMargin(UNIT)
        made.setTopMargin(0)
        made.setBottomMargin(0 if _is_code(block.next()) else UNIT)
        made.setNonBreakableLines(False)
    elif _PICTURE not in block.text():
        made.setLineHeight(_LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if given.headingLevel():
        made.setTopMargin(UNIT if given.headingLevel() == 1 else 2 * UNIT)
        made.setBottomMargin(UNIT)
    return made


def _is_code(block: QTextBlock) -> bool:
    return block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)


def _dress_table(table: QTextTable, colours: Colours) -> None:
    made = table.format()
    made.setBorder(1)
    made.setBorderCollapse(True)
    made.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    made.setBorderBrush(QBrush(QColor(colours.line)))
    made.setCellPadding(UNIT - 2)
    made.setTopMargin(UNIT)
    made.setBottomMargin(UNIT)
    table.setFormat(made)


def _heading_format(level: int, points: float) -> QTextCharFormat:
    made = QTextCharFormat()
    made.clearProperty(QTextFormat.Property.FontSizeAdjustment)
    made.setFontPointSize(points_of(TextRole.DISPLAY if level == 1 else TextRole.TITLE, points))
    return made


def _on_colour(colour: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setBackground(QBrush(QColor(colour)))
    return made
