"""Text on the window: with a role, a tone, and manners when there is too little room."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QPaintEvent
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
