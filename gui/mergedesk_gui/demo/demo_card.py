"""The first page's offer to try the program with a small model."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea

from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconButton
from ..widgets.labels import Text, selectable, set_tone
from ..widgets.layouts import column, row
from ..widgets.naming import announce, named


class DemoCard(QFrame):
    """A sentence and a button; below it what became of pressing that."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "offer")
        self.button = named(IconButton(self.tr("Try the &demo"), "prompt", clicked=self.asked), "demoButton")
        self._said = selectable(Text("", tone="quiet"))
        text = self.tr("Merge a small model and an adapter that makes it speak like a ship's captain.")
        words = column(Text(self.tr("Nothing at hand?"), TextRole.STRONG), Text(text), spacing=UNIT // 2)
        line = row(words, self.button, spacing=2 * UNIT, grows=0)
        self.setLayout(column(line, self._said, spacing=UNIT, margin=2 * UNIT))
        self.show_rest()

    @property
    def said(self) -> str:
        """What became of pressing the button."""
        return self._said.plain

    def show_rest(self) -> None:
        """Nothing is going on."""
        self._say("", "quiet")
        self._said.hide()

    def show_busy(self, sentence: str) -> None:
        """Say what is being done; pressing again would do nothing."""
        self._say(sentence, "quiet")
        self.button.setEnabled(False)

    def show_problem(self, sentence: str) -> None:
        """Say why there is no demo."""
        self._say(sentence, "error")

    def show_missing(self) -> None:
        """Say where the base can be had: this program fetches nothing that was not asked for."""
        sentence = self.tr(
            "The adapter is filled in. Its base model is not on this computer, and nothing is fetched by itself: "
            "enter {name} (270 MB) as the base model to download it from the hub, or choose its folder."
        )
        self._say(sentence.format(name="HuggingFaceTB/SmolLM2-135M-Instruct"), "warning")

    def _say(self, sentence: str, tone: str) -> None:
        self.button.setEnabled(True)
        set_tone(self._said, tone)
        self._said.setText(sentence)
        self._said.show()
        if sentence:
            announce(self, sentence)
            QTimer.singleShot(0, self, self._scroll_to_it)

    def _scroll_to_it(self) -> None:
        """Where the page is longer than the window, what was said would be below its edge."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None and self.isVisible():
            above.ensureWidgetVisible(self)
