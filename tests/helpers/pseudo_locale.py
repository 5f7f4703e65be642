"""A language that nobody speaks: each text between brackets and longer than the English one.

What has no brackets on the window was never asked for a translation; what has no end was cut.
"""

from __future__ import annotations

import re
from gettext import NullTranslations

from PySide6.QtCore import QTranslator

from mergedesk.domain.messages import catalogue

_LONGER = 0.4
_WORD = re.compile(r"[A-Za-z]+")


def pseudo(text: str) -> str:
    """``text`` as that language has it; letters of keys and placeholders stay."""
    return f"⟦{text}⟧"


def long_pseudo(text: str) -> str:
    """The same, at least 40 % longer, as translations may be; in words, since those are where a line may break."""
    plain = re.sub(r"\{[^}]*\}|&", "", text)
    words = _WORD.findall(plain)
    more: list[str] = []
    while words and len(" ".join(more)) < _LONGER * len(plain):
        more.append(words[len(more) % len(words)])
    return f"⟦{text} {' '.join(more)}⟧" if words else text


class Pseudo(QTranslator):
    """Qt's texts in that language."""

    def __init__(self, *, longer: bool = False) -> None:
        super().__init__()
        self._speak = long_pseudo if longer else pseudo

    def translate(self, context: str, text: str, _note: str | None = None, _count: int = -1) -> str:
        """Any text but the language's own name, which is looked up elsewhere."""
        return self._speak(text)

    def isEmpty(self) -> bool:  # noqa: N802 (Qt's name)
        return False


class PseudoCatalogue(NullTranslations):
    """The engine's messages in that language."""

    def __init__(self, *, longer: bool = False) -> None:
        super().__init__()
        self._speak = long_pseudo if longer else pseudo

    def gettext(self, message: str) -> str:
        text = catalogue("en").gettext(message)
        return message if text == message else self._speak(text)
