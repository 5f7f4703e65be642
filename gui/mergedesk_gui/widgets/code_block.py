"""Code or commands to read, select and copy: under a heading, as high as its text, with a button."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole, set_monospace
from .icons import IconButton
from .labels import Text
from .layouts import column, row
from .naming import named

_AROUND = 22  # what the style sheet and the document leave free above and below


class CodeBlock(QWidget):
    """``heading`` says what the text is for; ``copied`` carries it when the button is pressed."""

    copied = Signal(str)

    def __init__(self, heading: str, text: str, object_name: str = "") -> None:
        super().__init__()
        copy = IconButton(self.tr("Copy"), "copy", clicked=lambda: self.copied.emit(text))
        spoken = self.tr("Copy: {heading}").format(heading=heading)
        line = row(Text(heading, TextRole.STRONG), named(copy, object_name, spoken), grows=0)
        self.setLayout(column(line, _Code(text, heading), spacing=UNIT // 2))


class _Code(QPlainTextEdit):
    """Monospaced and read-only; long lines go on in the next, so that nothing is out of sight."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(readOnly=True, tabChangesFocus=True)
        self.setAccessibleName(name)
        set_monospace(self)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setPlainText(text)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        block, height = self.document().firstBlock(), 0.0
        while block.isValid():
            height += self.document().documentLayout().blockBoundingRect(block).height()
            block = block.next()
        wanted = round(height) + _AROUND
        if wanted != self.height():
            self.setFixedHeight(wanted)
