"""What one of the models answered, and how fast."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.answer_view import AnswerView
from ..widgets.icons import IconToolButton
from ..widgets.labels import ElidedText, Text, set_tone
from ..widgets.layouts import column, row
from ..widgets.naming import named


class AnswerCard(QFrame):
    """The model's name and class, its answer as it comes, and a line on how it went."""

    copied = Signal(str)

    def __init__(self, title: str, meaning: str, object_name: str) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self.text = ""
        """The answer to the letter."""
        self.class_label = ElidedText("", TextRole.SMALL, "accent")
        self.state = Text("", TextRole.SMALL, "quiet")
        self.view = named(AnswerView(), object_name, self.tr("Answer: {model}").format(model=title))
        self._copy = IconToolButton("copy", self.tr("Copy this answer"), clicked=lambda: self.copied.emit(self.text))
        self._copy.setProperty("part", "flat")
        self._copy.setAccessibleName(self.tr("Copy the answer: {model}").format(model=title))
        heading = Text(title, TextRole.STRONG)
        heading.setToolTip(meaning)
        line = row(heading, self._copy, grows=0)
        line.setAlignment(self._copy, Qt.AlignmentFlag.AlignTop)
        self.setLayout(column(line, self.class_label, self.view, self.state, spacing=UNIT // 2, margin=12))
        self.clear()

    def clear(self, state: str = "") -> None:
        """Forget the answer, and say how things stand."""
        self.text = ""
        self.view.show_text("")
        self.show_class("", "")
        self._copy.setEnabled(False)
        self.say(state)

    def say(self, state: str, tone: str = "quiet") -> None:
        """Say below the answer how things stand."""
        self.state.setText(state)
        set_tone(self.state, tone)

    def show_class(self, name: str, explanation: str) -> None:
        """Show the class that was loaded, and say how."""
        self.class_label.setText(name)
        self.class_label.setToolTip(explanation or name)
        self.class_label.setAccessibleDescription(explanation)

    def write(self, text: str) -> None:
        """Add what the model has just written."""
        self.text += text
        self.view.append_text(text)
        self._copy.setEnabled(bool(self.text))

    def show_answer(self, text: str) -> None:
        """Show the whole answer, in place of what was written so far."""
        if text != self.text:
            self.text = text
            self.view.show_text(text)
        self._copy.setEnabled(bool(text))
