"""Buttons and boxes to tick whose words go on in the next line where they are narrower than those."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTextBoundaryFinder
from PySide6.QtGui import QFontMetrics, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
)

# Mixed into a control of Qt, which must be the only one that a class comes from.
if TYPE_CHECKING:
    _Mixed = QAbstractButton
else:
    _Mixed = object
_MNEMONIC = int(Qt.TextFlag.TextShowMnemonic)


class _Words(_Mixed):
    """As wide as its words where there is room for them, and never narrower than the longest of them."""

    _element = QStyle.ControlElement.CE_PushButton

    def __init__(self, text: str = "") -> None:
        self._shown = 1
        """In how many lines the words are, at the width it has."""
        super().__init__(text)  # type: ignore[arg-type]  # the control's own
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """All words in one line, as high as they are at the width it has: a layout makes it no higher than that."""
        hint = super().sizeHint()
        return QSize(hint.width(), self._height_of(self._shown))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """One word below the other, as wide as the longest; the layout asks for the height that a width needs."""
        metrics = self.fontMetrics()
        longest = max((_width(metrics, self._indent() + piece.strip()) for piece in _pieces(self.text())), default=0)
        return QSize(self._around() + longest, self._height_of(1))

    def heightForWidth(self, width: int) -> int:  # noqa: N802 (Qt's name)
        """The height of the lines that ``width`` makes necessary."""
        return self._height_of(len(self._lines(width)))

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        super().setText(text)
        self._count_lines()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._count_lines()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        option, painter = QStyleOptionButton(), QStylePainter(self)
        self.initStyleOption(option)  # type: ignore[attr-defined]  # the control's own
        option.text = "\n".join(self._lines(self.width()))
        painter.drawControl(self._element, option)

    def _count_lines(self) -> None:
        count = len(self._lines(self.width())) if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else 1
        if count != self._shown:
            self._shown = count
            self.updateGeometry()

    def _height_of(self, lines: int) -> int:
        return super().sizeHint().height() + (lines - 1) * self.fontMetrics().lineSpacing()

    def _around(self) -> int:
        """What stands beside the words: icon and borders."""
        return max(0, super().sizeHint().width() - _width(self.fontMetrics(), self.text()))

    def _indent(self) -> str:
        """What keeps the words off an icon, in each line."""
        return self.text()[: len(self.text()) - len(self.text().lstrip())]

    def _lines(self, width: int) -> list[str]:
        metrics, room = self.fontMetrics(), width - self._around()
        lines = [""]
        for piece in _pieces(self.text()):
            longer = lines[-1] + piece
            if lines[-1].strip() and _width(metrics, longer.rstrip()) > room:
                lines.append(self._indent() + piece)
            else:
                lines[-1] = longer
        return [line.rstrip() for line in lines]


class WordButton(_Words, QPushButton):
    """A push button."""


class WordBox(_Words, QCheckBox):
    """A box to tick."""

    _element = QStyle.ControlElement.CE_CheckBox


def _pieces(text: str) -> Iterator[str]:
    """The parts between which a line may end; what marks a key stays with its letter."""
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Line, text)
    begin = 0
    while (end := finder.toNextBoundary()) != -1:
        if text[begin:end].strip() and not text[:end].endswith("&"):
            yield text[begin:end]
            begin = end
    if begin < len(text):
        yield text[begin:]


def _width(metrics: QFontMetrics, text: str) -> int:
    return metrics.size(_MNEMONIC, text).width()
