"""A sentence with the buttons that act on it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QMenu

from ..theme.stylesheet import UNIT
from .labels import Text
from .layouts import column, row
from .word_button import WordButton

BarAction = tuple[str, object]
"""A button's words, and the object to send when it is pressed."""


class ActionBar(QFrame):
    """Offers one thing to do, and further choices in a menu; hidden while there is nothing to offer."""

    taken = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "offer")
        self._sentence = Text()
        self._first = WordButton()
        self._more = WordButton(self.tr("Others…"))
        self._more.setMenu(QMenu(self._more))
        self.buttons = (self._first, self._more)
        for button in self.buttons:
            button.setProperty("part", "link")
        self._first.clicked.connect(self._take_first)
        self._actions: tuple[BarAction, ...] = ()
        self.setLayout(column(self._sentence, row(self._first, self._more, None), spacing=0, margin=UNIT))
        self.hide()

    def offer(self, sentence: str, actions: Sequence[BarAction]) -> None:
        """Offer ``actions``, the first one as the likeliest."""
        if (sentence, tuple(actions)) == (self._sentence.plain, self._actions) and not self.isHidden():
            return
        self._sentence.setText(sentence)
        self._actions = tuple(actions)
        self._first.setText(actions[0][0])
        menu = self._more.menu()
        menu.clear()
        for words, sends in actions[1:]:
            menu.addAction(words, partial(self.taken.emit, sends))
        self._more.setVisible(len(actions) > 1)
        self.show()

    def withdraw(self) -> None:
        """Offer nothing."""
        self._actions = ()
        self.hide()

    def _take_first(self) -> None:
        if self._actions:
            self.taken.emit(self._actions[0][1])
