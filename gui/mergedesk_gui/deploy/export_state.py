"""How far something is that is being made of a merge, and what came of it: a bar, a sentence, and rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QProgressBar, QWidget

from ..text.lines import FindingRow
from ..text.messages import say
from ..widgets.findings_view import FindingsView
from ..widgets.labels import Text, selectable, set_tone
from ..widgets.naming import named

_FULL = 1000


class ExportState:
    """Three widgets that a box lays out among its own; they show themselves where there is something to show."""

    def __init__(self, bar: str, bar_words: str, state: str) -> None:
        """``bar`` and ``state`` are object names; ``bar_words`` is what the bar is called."""
        self._bar = named(QProgressBar(textVisible=False), bar, bar_words)
        self._bar.setRange(0, _FULL)
        self._state = selectable(Text("", tone="quiet"))
        self._state.setObjectName(state)
        self.view = FindingsView()

    @property
    def parts(self) -> tuple[QWidget, QWidget, QWidget]:
        """What is to be laid out, from the top down."""
        return self._bar, self._state, self.view

    @property
    def said(self) -> str:
        """The sentence that is shown."""
        return self._state.plain

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows, as they are read out."""
        return self.view.texts

    def forget(self) -> None:
        """Nothing was made, and nothing is being made."""
        self.view.show_rows(())
        self._state.hide()
        self._bar.hide()

    def begin(self) -> None:
        """It is being made."""
        self.view.show_rows(())
        self._bar.setValue(0)
        self._bar.show()
        self._tell(say("gguf.started"), "quiet")

    def show_progress(self, fraction: float | None, sentence: str) -> None:
        """How far it is, 0 to 1; None where that is not known yet."""
        self._bar.setValue(int(_FULL * (fraction or 0.0)))
        self._tell(sentence, "quiet")

    def show_end(self, sentence: str, tone: str, rows: Sequence[FindingRow] = ()) -> None:
        """What came of it."""
        self._bar.hide()
        self._tell(sentence, tone)
        if rows:
            self.view.show_rows(rows)

    def show_stopped(self) -> None:
        """Somebody stopped it."""
        self.show_end(say("gguf.stopped"), "quiet")

    def _tell(self, sentence: str, tone: str) -> None:
        self._state.setText(sentence)
        set_tone(self._state, tone)
        self._state.show()
