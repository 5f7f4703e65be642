"""The models' answers beside one another, and what they say of the merge."""

from __future__ import annotations

from os.path import commonprefix

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mergedesk.domain.findings import errors_of
from mergedesk.inference.trial import ALL_SIDES, Answer, AnswerKind, Piece, Side, Trial, TrialProgress, TrialStep

from ..text.lines import SEPARATOR, Line
from ..text.messages import finding_message, say
from ..text.trial_text import answer_line, as_markdown, comparison_lines, progress_sentence, side_name
from ..theme.tone import Tone
from ..theme.typography import TextRole
from ..widgets.answer_view import Mark
from ..widgets.icons import IconButton
from ..widgets.labels import Notice
from ..widgets.layouts import column, row
from ..widgets.naming import named
from ..widgets.sentence_list import SentenceList
from ..widgets.wrapping import SideBySide
from .answer_card import AnswerCard
from .trial_tables import ScoresTable

_CARD_WIDTH = 232
_NO_BREAK_SPACE = "\u00a0"


class AnswersPanel(QWidget):
    """Three cards, the sentences that compare them, and a table where a task gives scores instead of text."""

    said = Signal(str)
    """What the comparison came to, for people who listen."""

    def __init__(self) -> None:
        super().__init__()
        self._prompt = ""
        self._trial: Trial | None = None
        self.cards = {side: self._card(side) for side in ALL_SIDES}
        self._lines = SentenceList()
        self.scores = ScoresTable()
        copy_all = IconButton(self.tr("Copy all as Markdown"), "copy", clicked=self.copy)
        self._notice = Notice(TextRole.SMALL, wrap=False)
        self._columns = SideBySide(*self.cards.values(), least=_CARD_WIDTH)
        foot = row(named(copy_all, "tryCopyAllButton"), self._notice, None)
        self._foot = QWidget()
        self._foot.setLayout(foot)
        self.setLayout(column(self._lines, self._columns, self.scores, self._foot, spacing=12))
        self.clear()

    @property
    def sentences(self) -> list[str]:
        """What is said about the answers."""
        return self._lines.sentences

    def clear(self) -> None:
        """Show nothing."""
        self._trial = None
        self._lines.show_lines([])
        self._notice.hide()
        for part in (self._columns, self.scores, self._foot):
            part.hide()

    def begin(self, prompt: str, sides: tuple[Side, ...], task: AnswerKind) -> None:
        """Get ready for the answers of ``sides``."""
        self.clear()
        self._prompt = prompt
        for side, card in self.cards.items():
            card.clear(self.tr("Waits for its turn"))
            card.setVisible(side in sides)
            card.view.setVisible(task.makes_tokens)
        self._columns.show()
        self._columns.arrange()

    def show_progress(self, progress: TrialProgress) -> None:
        """Say in the card whose turn it is what is going on."""
        if progress.side in self.cards and progress.step in (TrialStep.LOADING, TrialStep.ANSWERING):
            for side, card in self.cards.items():
                if side is not progress.side and card.text:
                    card.say(self.tr("Answered"))
            self.cards[progress.side].say(progress_sentence(TrialProgress(progress.step)) + "…", "accent")

    def write(self, piece: Piece) -> None:
        """Add to an answer."""
        self.cards[piece.side].write(piece.text)

    def show_trial(self, trial: Trial) -> None:
        """Show the finished answers and compare them."""
        self._trial = trial
        for side, card in self.cards.items():
            answer = next((answer for answer in trial.answers if answer.side is side), None)
            if answer is None:
                card.say(self.tr("Not asked: it was stopped before."))
            else:
                self._show_answer(answer, trial.task)
        self._mark(trial)
        lines = comparison_lines(trial)
        self._lines.show_lines([*_trouble_lines(trial), *lines, *_remarks(trial)])
        self.scores.show_trial(trial)
        self._foot.setVisible(any(answer.trouble is None for answer in trial.answers))
        self.said.emit(" ".join(self.sentences))

    def rest(self, sentence: str) -> None:
        """Say in every card that has no answer that none will come."""
        for card in self.cards.values():
            if not card.text:
                card.say(sentence)

    def copy(self) -> None:
        """Put prompt, answers and comparison on the clipboard."""
        if self._trial is not None:
            self._notice.copy(as_markdown(self._prompt, self._trial))

    def _card(self, side: Side) -> AnswerCard:
        card = AnswerCard(side_name(side), say(f"side.{side}.meaning"), f"try{side.value.title()}Answer")
        card.copied.connect(lambda text: self._notice.copy(text))
        return card

    def _show_answer(self, answer: Answer, task: AnswerKind) -> None:
        card = self.cards[answer.side]
        card.view.setVisible(task.makes_tokens)
        explanation = finding_message(answer.loaded_as).whole if answer.loaded_as else ""
        card.show_class(answer.class_name, explanation)
        if answer.text or answer.trouble is None:
            card.show_answer(answer.text)
        line = answer_line(answer, task)
        card.say(unbroken(line.sentence) if answer.trouble is None else line.sentence, line.tone.value)

    def _mark(self, trial: Trial) -> None:
        """Mark where the base parts from the others, and, which matters more, merged from unmerged."""
        texts = {answer.side: answer.text for answer in trial.answers}
        for difference in sorted(trial.differences, key=lambda pair: Side.BASE not in (pair.one, pair.other)):
            if difference.first_token is None:
                continue
            pair = (difference.one, difference.other)
            with_base = Side.BASE in pair
            sides = (Side.BASE,) if with_base else pair
            place = len(commonprefix([texts[side] for side in pair]))  # noqa: RUF071 (of letters, not paths)
            for side in sides:
                self.cards[side].view.mark_from(place, Mark.EXPECTED if with_base else Mark.SUSPECT)


def unbroken(line: str) -> str:
    """``line`` with its numbers and their units kept together: it breaks between its parts only."""
    return SEPARATOR.join(part.replace(" ", _NO_BREAK_SPACE) for part in line.split(SEPARATOR))


def _trouble_lines(trial: Trial) -> list[Line]:
    return [Line(finding_message(finding).whole, "error", Tone.ERROR) for finding in errors_of(trial.findings)]


def _remarks(trial: Trial) -> list[Line]:
    """What is worth knowing beside the answers: the chat template, and what was loaded on the unmerged side."""
    findings = [finding for finding in trial.findings if finding.severity != "error"]
    unmerged = (answer for answer in trial.answers if answer.side is Side.UNMERGED)
    findings += [answer.loaded_as for answer in unmerged if answer.loaded_as is not None]
    return [Line(finding_message(finding).whole, "info", Tone.QUIET) for finding in findings]
