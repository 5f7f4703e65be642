"""Other strengths, asked of base and adapters unmerged; their answers stay beside one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from mergedesk.domain.folder_names import spoken_name
from mergedesk.domain.requests import AdapterChoice
from mergedesk.inference.trial import Answer, AnswerKind

from ..state.form import MOST_STRENGTH
from ..text.folder_text import strength_text
from ..text.messages import finding_message
from ..text.trial_text import answer_line, score_text
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconButton
from ..widgets.labels import Text
from ..widgets.layouts import column, refill, row
from ..widgets.naming import named
from ..widgets.strength_field import StrengthSlider, StrengthSpin, strength_number
from ..widgets.word_button import WordButton
from ..widgets.wrapping import SideBySide, WrapRow
from .answer_card import AnswerCard

MOST_ANSWERS = 12
_CARD_WIDTH = 232


class StrengthAnswer(QWidget):
    """An answer under its strengths, and the way to merge at them."""

    merge_asked = Signal(object)

    def __init__(self, adapters: tuple[AdapterChoice, ...], prompt: str) -> None:
        super().__init__()
        self.adapters, self.prompt = adapters, prompt
        self.card = AnswerCard(heading(adapters), prompt, "")
        self.merge = IconButton(self.tr("Merge at this strength"), "merge", "accent")
        self.merge.setProperty("part", "link")
        self.merge.clicked.connect(lambda: self.merge_asked.emit(self.adapters))
        self.merge.setAccessibleDescription(heading(adapters))
        asked = Text(prompt, TextRole.SMALL, "quiet")
        self.setLayout(column(asked, self.card, row(self.merge, None), spacing=UNIT // 2))

    def show_answer(self, answer: Answer, task: AnswerKind) -> None:
        """Show it whole, and how it went."""
        written = answer.text or "\n".join(score_text(score) for score in answer.scores)
        if written or answer.trouble is None:
            self.card.show_answer(written)
        self.card.show_class(answer.class_name, finding_message(answer.loaded_as).whole if answer.loaded_as else "")
        line = answer_line(answer, task)
        self.card.say(line.sentence, line.tone.value)


class StrengthsPanel(QFrame):
    """A slider and a number for each adapter, the question at these, and the answers so far."""

    asked = Signal()
    moved = Signal()
    merge_asked = Signal(object)
    """The adapters at the strengths that are wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self._folders: tuple[Path, ...] = ()
        self._adapters: tuple[AdapterChoice, ...] = ()
        self.spins: list[StrengthSpin] = []
        self.sliders: list[StrengthSlider] = []
        self.answers: list[StrengthAnswer] = []
        self._rows, self._shown = column(spacing=UNIT), column()
        self._reason = Text("", TextRole.SMALL, "quiet")
        self.ask = named(IconButton(self.tr("Answer at this strength"), "prompt"), "tryStrengthButton")
        self.ask.clicked.connect(self.asked)
        self.merge = named(IconButton(self.tr("Merge at this strength"), "merge"), "mergeAtStrengthButton")
        self.merge.clicked.connect(lambda: self.merge_asked.emit(self.adapters))
        self.forget = named(WordButton(self.tr("Remove these answers")), "forgetStrengthsButton")
        self.forget.setProperty("part", "link")
        self.forget.clicked.connect(self.clear)
        meaning = self.tr("Base and adapter are asked unmerged; the model stays loaded while only strengths change.")
        head = column(
            Text(self.tr("Strength by ear"), TextRole.HEADING), Text(meaning, TextRole.SMALL, "quiet"), spacing=2
        )
        buttons = WrapRow(self.ask, self.merge)
        parts = (head, self._rows, buttons, self._reason, self._shown, row(self.forget, None))
        self.setLayout(column(*parts, spacing=12, margin=2 * UNIT))
        self.clear()

    @property
    def adapters(self) -> tuple[AdapterChoice, ...]:
        """The adapters at the strengths that are set."""
        pairs = zip(self._adapters, self.spins, strict=True)
        return tuple(replace(adapter, weight=spin.strength) for adapter, spin in pairs)

    def show_adapters(self, base: Path, adapters: tuple[AdapterChoice, ...]) -> None:
        """Begin with adapters at the strengths they have; answers stay as long as the folders are the same."""
        folders = (base, *(adapter.folder for adapter in adapters))
        if (folders, adapters) == (self._folders, self._adapters):
            return
        if folders != self._folders:
            self.clear()
        refill(self._rows)
        self._folders, self._adapters, self.spins, self.sliders = folders, adapters, [], []
        for number, adapter in enumerate(adapters, 1):
            self._rows.addWidget(self._strength_row(number, adapter))
        pairs = zip(self.sliders, self.spins, strict=True)
        for before, after in pairwise([*(control for pair in pairs for control in pair), self.ask, self.merge]):
            QWidget.setTabOrder(before, after)

    def allow(self, obstacle: str, fixed: str) -> None:
        """Let it be asked, or say why not; ``fixed``: why there is but one strength."""
        for control in (*self.spins, *self.sliders):
            control.setEnabled(not fixed)
        self._reason.show_or_hide(fixed)
        for button in (self.ask, self.merge, *(answer.merge for answer in self.answers)):
            button.setEnabled(not fixed)
        self.ask.allow(fixed or obstacle)

    def begin(self, prompt: str) -> StrengthAnswer:
        """A card for the answer that is to come."""
        self.answers = [*self.answers, StrengthAnswer(self.adapters, prompt)][-MOST_ANSWERS:]
        made = self.answers[-1]
        made.merge_asked.connect(self.merge_asked)
        self._lay_out()
        return made

    def clear(self) -> None:
        """Forget the answers."""
        self.answers = []
        self._lay_out()

    def _lay_out(self) -> None:
        for answer in self.answers:
            answer.setParent(None)
        refill(self._shown)
        if self.answers:
            self._shown.addWidget(SideBySide(*self.answers, least=_CARD_WIDTH, high=False))
            for answer in self.answers:
                answer.show()
        self.forget.setVisible(bool(self.answers))

    def _strength_row(self, number: int, adapter: AdapterChoice) -> QWidget:
        name = spoken_name(adapter.folder)
        spoken = self.tr("Strength of {name}").format(name=name)
        spin = named(StrengthSpin(MOST_STRENGTH), f"tryStrengthSpin{number}", spoken)
        spin.setValue(adapter.weight)
        slider = named(StrengthSlider(spin), f"tryStrengthSlider{number}", spoken)
        words = Text(strength_text(adapter.weight), TextRole.SMALL, "quiet")
        spin.valueChanged.connect(lambda: words.setText(strength_text(spin.strength)))
        spin.valueChanged.connect(lambda: self.moved.emit())
        spin.lineEdit().returnPressed.connect(self.asked)
        self.spins.append(spin)
        self.sliders.append(slider)
        made = QWidget()
        made.setLayout(column(Text(name), row(slider, spin, grows=0), words, spacing=2))
        return made


def heading(adapters: Sequence[AdapterChoice]) -> str:
    """The strengths of an answer: a number for one adapter, with their names for several."""
    if len(adapters) == 1:
        return strength_number(adapters[0].weight)
    return " · ".join(f"{spoken_name(adapter.folder)} {strength_number(adapter.weight)}" for adapter in adapters)
