"""A few lines to type a question into."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from .steady import OwnUndo, steady

_LINES = 3
_FRAME = 16


class PromptEdit(QPlainTextEdit):
    """Plain text of any script and direction; Ctrl+Enter asks, Tab goes on to the next control."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setProperty("part", "field")
        follow_the_script(self)
        steady(self, OwnUndo(self.document().isUndoAvailable, self.document().isRedoAvailable))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Three lines; a longer prompt scrolls."""
        return QSize(super().sizeHint().width(), _LINES * self.fontMetrics().lineSpacing() + _FRAME)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(0, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Claim Ctrl+Enter before the window's own command takes it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _asks(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Ask on Ctrl+Enter; everything else is typing."""
        if _asks(event):
            self.asked.emit()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 (Qt's name)
        """Take pasted text, and nothing but the text."""
        if source.hasText():
            self.textCursor().insertText(source.text())


def follow_the_script(edit: QPlainTextEdit) -> None:
    """Let each paragraph run in the direction of its own script, and break where words are too long."""
    option = QTextOption()
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    edit.document().setDefaultTextOption(option)


def _asks(event: QKeyEvent) -> bool:
    is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return is_enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
