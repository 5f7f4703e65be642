"""Text on the window: with a role, a tone, and manners when there is too little room."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QPaintEvent, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QLabel, QSizePolicy, QStylePainter, QWidget

from ..theme.typography import HEADINGS, TextRole, set_type

_LONG_WORD = re.compile(r"\S{24,}")
_NAME = re.compile(r"[A-Za-z]{14,}")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BREAK_AFTER = re.compile(r"([/\\_.\-:])(?=\S)")
_NOTICE_MS = 5000
_ZERO_WIDTH_SPACE = "\u200b"


def set_tone(widget: QWidget, tone: str) -> None:
    """Colour ``widget`` as the style sheet says for ``tone``."""
    restyle(widget, "tone", tone)


def restyle(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet asks for, on a widget that may be on the screen already."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Text(QLabel):
    """A label that wraps, breaks long paths and names where a reader would, and can be selected."""

    def __init__(
        self, text: str = "", role: TextRole = TextRole.BODY, tone: str = "plain", *, wrap: bool = True
    ) -> None:
        super().__init__()
        self.plain = ""
        """The text as it was set, without the marks that let it break."""
        self.is_heading = role in HEADINGS
        """Whether it is the title of what follows."""
        set_type(self, role)
        set_tone(self, tone)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        self.plain = text
        super().setText(breakable(text) if self.wordWrap() else text)

    def show_or_hide(self, text: str) -> None:
        """Show ``text``; be hidden where there is none."""
        self.setText(text)
        self.setVisible(bool(text))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """One line of the widest word; the layout asks for the height that a given width needs."""
        hint = super().minimumSizeHint()
        return QSize(hint.width(), self.fontMetrics().height()) if self.wordWrap() else hint


class BoundedText(Text):
    """Text of at most so many lines, the last of which ends in dots where there is more; the tooltip has it whole."""

    def __init__(self, text: str = "", role: TextRole = TextRole.BODY, tone: str = "plain") -> None:
        self._most_lines = 0
        super().__init__(text, role, tone)

    @property
    def most_lines(self) -> int:
        """How many lines it may have; 0 is any number."""
        return self._most_lines

    @most_lines.setter
    def most_lines(self, most: int) -> None:
        if most != self._most_lines:
            self._most_lines = most
            self.updateGeometry()
            self._tell_whole()

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        super().setText(text)
        self._tell_whole()

    def heightForWidth(self, width: int) -> int:  # noqa: N802 (Qt's name)
        """The height of the lines that it needs, or may have."""
        needed = super().heightForWidth(width)
        return min(needed, self._most_lines * self.fontMetrics().lineSpacing()) if self._most_lines else needed

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._tell_whole()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        if not self._is_shortened():
            super().paintEvent(event)
            return
        painter, spacing = QStylePainter(self), self.fontMetrics().lineSpacing()
        painter.setPen(self.palette().color(self.foregroundRole()))
        for number, line in enumerate(self._lines(max(1, self.height() // spacing))):
            place = QRect(0, number * spacing, self.width(), spacing)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), line)

    def _tell_whole(self) -> None:
        self.setToolTip(self.plain if self._is_shortened() else "")

    def _is_shortened(self) -> bool:
        return bool(self._most_lines) and super().heightForWidth(self.width()) > self.heightForWidth(self.width())

    def _lines(self, most: int) -> list[str]:
        """The first lines, the last of them with all that is left, shortened."""
        layout = QTextLayout(self.text(), self.font())
        layout.beginLayout()
        lines: list[str] = []
        while len(lines) < most and (line := layout.createLine()).isValid():
            line.setLineWidth(self.width())
            begin = line.textStart()
            lines.append(self.text()[begin : begin + line.textLength()])
        layout.endLayout()
        rest = self.text()[sum(map(len, lines[:-1])) :]
        return [*lines[:-1], self.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, self.width())]


class Notice(Text):
    """Says for a few seconds what a button did."""

    def __init__(self, role: TextRole = TextRole.BODY, *, wrap: bool = True) -> None:
        super().__init__("", role, "quiet", wrap=wrap)
        self._forget = QTimer(self, singleShot=True, interval=_NOTICE_MS)
        self._forget.timeout.connect(self.hide)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show ``sentence`` for a while."""
        self.setText(sentence)
        self.show()
        self._forget.start()

    def copy(self, text: str) -> None:
        """Put ``text`` on the clipboard, and say so."""
        QGuiApplication.clipboard().setText(text)
        self.say(self.tr("Copied to the clipboard."))

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """What is out of sight is forgotten."""
        super().hideEvent(event)
        self._forget.stop()


def breakable(text: str) -> str:
    """``text`` with invisible places to break inside long paths and names, those of classes among them."""
    text = _LONG_WORD.sub(lambda word: _BREAK_AFTER.sub(rf"\1{_ZERO_WIDTH_SPACE}", word[0]), text)
    return _NAME.sub(lambda name: _HUMP.sub(_ZERO_WIDTH_SPACE, name[0]), text)


def selectable(label: Text) -> Text:
    """Let the person select and copy the label's text with the mouse."""
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setCursor(Qt.CursorShape.IBeamCursor)
    return label


class ElidedText(QLabel):
    """One line, shortened in the middle where it does not fit; the tooltip has it whole."""

    def __init__(self, text: str = "", role: TextRole = TextRole.BODY, tone: str = "plain") -> None:
        super().__init__()
        set_type(self, role)
        set_tone(self, tone)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        super().setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        line = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        middle = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter, palette = QStylePainter(self), self.palette()
        painter.drawItemText(self.rect(), middle, palette, self.isEnabled(), line, self.foregroundRole())
