"""Merged and unmerged model compared by numbers: their logits, and their speed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from mergedesk.inference.logits_comparison import LogitsComparison
from mergedesk.inference.trial import Speed

from ..text.lines import Line
from ..text.measurement_text import logits_lines, speed_lines
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconButton
from ..widgets.labels import Text
from ..widgets.layouts import column, row
from ..widgets.naming import named
from ..widgets.sentence_list import SentenceList
from .trial_tables import LogitsTable, speed_rows, speed_table


class MeasurementCard(QFrame):
    """What is measured, the button that does it, and what it came to: sentences and a table."""

    def __init__(self, title: str, meaning: str, picture: str, object_name: str, table: QWidget) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self.button, self._table = named(IconButton(title, picture), object_name), table
        self.stop = IconButton(self.tr("Stop"), "stop", tooltip=self.tr("Stop (Esc)"))
        self._status = Text("", TextRole.SMALL, "accent")
        self.sentences = SentenceList()
        words = column(Text(title, TextRole.HEADING), Text(meaning, TextRole.SMALL, "quiet"), spacing=UNIT // 2)
        buttons = row(self.button, self.stop)
        head = row(words, buttons, spacing=2 * UNIT, grows=0)
        head.setAlignment(buttons, Qt.AlignmentFlag.AlignTop)
        self.setLayout(column(head, self._status, self.sentences, table, spacing=12, margin=2 * UNIT))
        self.clear()

    def clear(self) -> None:
        """Show nothing measured."""
        self.sentences.show_lines([])
        self._table.hide()
        self.show_running(False)

    def show_running(self, running: bool) -> None:
        """Offer to stop while it runs."""
        self.stop.setVisible(running)
        self.stop.setEnabled(running)
        self.button.setVisible(not running)
        self.say("")

    def say(self, status: str) -> None:
        """Say what it is at."""
        self._status.show_or_hide(status)

    def show_lines(self, lines: list[Line], *, with_table: bool) -> None:
        """Show what it came to."""
        self.sentences.show_lines(lines)
        self._table.setVisible(with_table)


class MeasurementsPanel(QWidget):
    """Two cards: logits and speed."""

    said = Signal(str)
    """What was found, for people who listen."""

    def __init__(self) -> None:
        super().__init__()
        self.logits_table, self.speed_table = LogitsTable(), speed_table()
        self.logits = MeasurementCard(
            self.tr("Compare logits"),
            self.tr(
                "Runs a few prompts, yours among them, through all three models and compares what each gives every "
                "possible next token: this tells a real difference from rounding."
            ),
            "proof",
            "compareLogitsButton",
            self.logits_table,
        )
        self.speed = MeasurementCard(
            self.tr("Measure speed"),
            self.tr(
                "Lets the unmerged and the merged model answer in turn, several times, and takes the middle values."
            ),
            "time",
            "measureSpeedButton",
            self.speed_table,
        )
        self.cards = (self.logits, self.speed)
        self.setLayout(column(*self.cards, spacing=2 * UNIT))

    def show_logits(self, made: LogitsComparison) -> None:
        """Show how far the models' outputs are apart."""
        self.logits_table.show_comparison(made)
        self.logits.show_lines(logits_lines(made), with_table=bool(made.gaps))
        self.said.emit(" ".join(self.logits.sentences.sentences))

    def show_speed(self, made: Speed) -> None:
        """Show how fast the models are."""
        self.speed_table.show_rows(speed_rows(made))
        self.speed.show_lines(speed_lines(made), with_table=made.ratio is not None)
        self.said.emit(" ".join(self.speed.sentences.sentences))
