"""“Try it”: one prompt, answered by base, unmerged and merged model side by side."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from mergedesk.domain.folder_names import spoken_name
from mergedesk.inference.prompts import DEMO_QUESTION
from mergedesk.inference.trial import AnswerKind
from mergedesk.support.failures import Failure

from ..state.trial_subject import TrialSubject
from ..text.folder_text import sum_of
from ..text.messages import failure_text
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.failure_card import FailureCard
from ..widgets.labels import Text
from ..widgets.layouts import column
from .answers_panel import AnswersPanel
from .measurements_panel import MeasurementsPanel
from .prompt_card import PromptCard
from .strengths_panel import StrengthsPanel

translate = QCoreApplication.translate


class PlaygroundPage(QWidget):
    """The page; what happens on it is up to ``PlaygroundController``."""

    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.card = PromptCard(example_prompts())
        self.about = Text("", TextRole.STRONG)
        self.answers = AnswersPanel()
        self.strengths = StrengthsPanel()
        self.measurements = MeasurementsPanel()
        self.failure = FailureCard()
        self.failure.hide()
        parts = (self.about, self.card, self.failure, self.answers, self.strengths, self.measurements)
        self.setLayout(column(*parts, None, spacing=2 * UNIT))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Tell that the page is looked at: what memory is free may have changed."""
        super().showEvent(event)
        self.shown.emit()

    def reveal_answers(self) -> None:
        """Scroll to the answers, if they are out of sight."""
        QTimer.singleShot(0, self, self._reveal_answers)  # once the layout knows where they are

    def _reveal_answers(self) -> None:
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if isinstance(area, QScrollArea):
            top = self.y() + self.answers.y()
            room = min(self.answers.height(), area.viewport().height())
            area.ensureVisible(0, top + room, 0, 0)
            area.ensureVisible(0, top, 0, 0)

    def clear(self) -> None:
        """Forget everything that was said of a merge."""
        self.show_failure(None)
        self.answers.clear()
        self.card.say("")
        for card in self.measurements.cards:
            card.clear()

    def show_subject(self, subject: TrialSubject | None) -> None:
        """Name what is asked, and leave out what there is only after a merge."""
        is_merged = subject is not None and subject.merged is not None
        self.card.offer_merged(is_merged)
        self.measurements.setVisible(is_merged)
        self.strengths.setVisible(subject is not None)
        if subject is not None:
            self.strengths.show_adapters(subject.base, subject.adapters)
        self.about.show_or_hide(about(subject) if subject else "")

    def show_task(self, task: AnswerKind) -> None:
        """Show only what makes sense for ``task``."""
        self.card.show_task(task)
        self.measurements.speed.setVisible(task.makes_tokens)

    def show_failure(self, failure: Failure | None) -> None:
        """Show what nobody foresaw, or that all is well again."""
        if failure is not None:
            self.failure.show_failure(failure_text(failure))
        self.failure.setVisible(failure is not None)


def about(subject: TrialSubject) -> str:
    """Which models are asked."""
    names = [(spoken_name(adapter.folder), adapter.weight) for adapter in subject.adapters]
    made_of = sum_of(names, spoken_name(subject.base))
    if subject.merged is not None:
        return made_of
    return translate("Tryout", "{names}, not merged yet").format(names=made_of)


def example_prompts() -> tuple[str, ...]:
    """A few questions of different kinds; the first is the demonstration's."""
    return (
        DEMO_QUESTION,
        translate("Tryout", "Explain in two sentences what a neural network is."),
        translate("Tryout", "Write a short poem about the sea."),
        translate("Tryout", "List three things to do on a rainy day."),
    )
