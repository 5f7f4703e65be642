"""Text that grows while it is being written, to be read, selected and copied."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QColor, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QSizePolicy, QTextEdit

from ..theme.colours import colours_of
from .icons import RECOLOURED
from .prompt_edit import follow_the_script

_LEAST_LINES, _MOST_LINES = 4, 16
_FRAME = 20


class Mark(Enum):
    """What a marked stretch of text means."""

    EXPECTED = "accent_soft"
    SUSPECT = "warning_soft"


class AnswerView(QPlainTextEdit):
    """As high as its text between two limits; beyond them it scrolls, and follows the end unless scrolled away."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setProperty("part", "answer")
        follow_the_script(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.marked_from: int | None = None
        """The character from which on the text is marked; None while nothing is."""
        self._mark = Mark.EXPECTED
        self._lines = _LEAST_LINES
        self._follows = True
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.verticalScrollBar().rangeChanged.connect(self._on_range)

    def show_text(self, text: str) -> None:
        """Show ``text`` in place of what was there, with nothing marked."""
        self.mark_from(None)
        self.setPlainText(text)
        self._follows = not text
        self._grow()

    def append_text(self, text: str) -> None:
        """Add ``text`` at the end; what a person has selected stays selected."""
        end = QTextCursor(self.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        end.insertText(text)
        self._grow()

    def mark_from(self, position: int | None, mark: Mark = Mark.EXPECTED) -> None:
        """Mark the text from the character at ``position`` on, or nothing."""
        self.marked_from, self._mark = position, mark
        self.setExtraSelections([] if position is None else [self._selection(position)])

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(super().sizeHint().width(), self._height(self._lines))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(0, self._height(self._lines))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Another width wraps into other lines."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._grow()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)
        if event.type() in RECOLOURED and self.marked_from is not None:
            self.mark_from(self.marked_from, self._mark)

    def _on_scrolled(self, value: int) -> None:
        self._follows = value >= self.verticalScrollBar().maximum()

    def _on_range(self, _least: int, most: int) -> None:
        # The text's height is known only after the layout, so the end is followed when it moves.
        if self._follows:
            self.verticalScrollBar().setValue(most)

    def _grow(self) -> None:
        lines = max(_LEAST_LINES, min(_MOST_LINES, int(self.document().size().height())))
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()

    def _height(self, lines: int) -> int:
        return lines * self.fontMetrics().lineSpacing() + _FRAME

    def _selection(self, position: int) -> QTextEdit.ExtraSelection:
        colours = colours_of(QApplication.palette())
        marked = QTextEdit.ExtraSelection()
        style = QTextCharFormat()
        style.setBackground(QColor(getattr(colours, self._mark.value)))
        style.setForeground(QColor(colours.text))
        cursor = QTextCursor(self.document())
        cursor.setPosition(_utf16_length(self.toPlainText()[:position]))
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        marked.cursor, marked.format = cursor, style
        return marked


def _utf16_length(text: str) -> int:
    """The length as Qt counts it: a sign beyond the basic plane, such as most emoji, is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
