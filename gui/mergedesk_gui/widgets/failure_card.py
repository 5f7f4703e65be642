"""Something nobody foresaw: said plainly, with the details a click away."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from mergedesk.support.redact import private_of_this_computer

from ..text.lines import FailureText
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole, set_monospace
from .icons import IconButton, IconLabel
from .labels import Text, selectable
from .layouts import beside_icon, column, row
from .naming import named
from .word_button import WordButton

_DETAILS_HEIGHT = 200


class FailureCard(QFrame):
    """A failure's sentence and way out; its traceback can be shown and copied.

    With the label ``again`` there is a button for another attempt, where ``show_failure`` is told to offer it.
    """

    again_asked = Signal()

    def __init__(self, again: str = "") -> None:
        super().__init__()
        self.setProperty("part", "finding")
        self.setProperty("severity", "error")
        self._sentence = selectable(Text("", TextRole.HEADING))
        self._kept = selectable(Text())
        self._hint = selectable(Text())
        self._again = WordButton(again)
        self._again.clicked.connect(self.again_asked)
        self._details = self._details_box()
        self._show_button = WordButton(self.tr("Show details"))
        self._show_button.setCheckable(True)
        self._show_button.toggled.connect(self._show_details)
        copy = IconButton(self.tr("Copy details"), "copy", clicked=self.copy_details)
        icon = IconLabel("error", "error", 20)
        words = column(self._sentence, self._kept, self._hint, spacing=UNIT // 2)
        line = beside_icon(icon, words)
        offered = [named(self._again, "mergeAgainButton")] if again else []
        buttons = row(*offered, self._show_button, copy, None)
        self.setLayout(column(line, buttons, self._details, spacing=12, margin=12))

    @property
    def sentence(self) -> str:
        """What the card says."""
        return " ".join(part.plain for part in (self._sentence, self._kept, self._hint) if part.plain)

    def show_failure(self, failure: FailureText, *, offers_again: bool = False) -> None:
        """Say what went wrong."""
        message = failure.message
        self._sentence.setText(message.sentence)
        for part, text in ((self._kept, failure.kept), (self._hint, message.hint)):
            part.show_or_hide(text)
        self._again.setVisible(offers_again and bool(self._again.text()))
        self._details.setPlainText(failure.details)
        self.setAccessibleName(self.sentence)

    def copy_details(self) -> None:
        """Put sentence and traceback on the clipboard, without what is personal in them."""
        text = f"{self.sentence}\n\n{self._details.toPlainText()}"
        QGuiApplication.clipboard().setText(private_of_this_computer().hide(text))

    def _show_details(self, shown: bool) -> None:
        self._details.setVisible(shown)
        self._show_button.setText(self.tr("Hide details") if shown else self.tr("Show details"))

    def _details_box(self) -> QPlainTextEdit:
        box = named(QPlainTextEdit(readOnly=True, tabChangesFocus=True), spoken=self.tr("Details"))
        set_monospace(box)
        box.setFixedHeight(_DETAILS_HEIGHT)
        box.hide()
        return box
