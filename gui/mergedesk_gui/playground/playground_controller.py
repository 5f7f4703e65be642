"""What happens on the page “Try it”: from a prompt to answers, and how it is stopped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from mergedesk.domain.findings import Finding, errors_of
from mergedesk.domain.progress import Cancelled
from mergedesk.domain.requests import AdapterChoice
from mergedesk.inference.logits_comparison import LogitsComparison
from mergedesk.inference.trial import (
    ALL_SIDES,
    AnswerKind,
    Forecast,
    Piece,
    Side,
    Speed,
    Trial,
    TrialProgress,
    TrialRequest,
)
from mergedesk.support.failures import Failure, failure_of

from ..jobs.engine_api import EngineApi
from ..jobs.queued_signal import ask_in_thread
from ..jobs.task_runner import TaskRunner, Work
from ..state.form import Form
from ..state.result_context import ResultContext
from ..state.settings import Settings
from ..state.trial_subject import TrialSubject, subject_of, subject_of_form
from ..text.messages import finding_message
from ..text.trial_text import need_line, progress_sentence, question_answered
from ..theme.tone import Tone
from ..widgets.naming import announce
from .forecaster import Forecaster
from .measurements_panel import MeasurementCard
from .playground_page import PlaygroundPage
from .strengths_panel import StrengthAnswer


class PlaygroundController(QObject):
    """Connects the page with the runner. One thing runs at a time, and nothing while a merge does."""

    state_changed = Signal()
    ended = Signal()
    """A trial is over, however it ended."""
    merge_asked = Signal(object)
    """A ``TrialSubject`` at the strengths that are wanted."""
    answered = Signal(object, object)
    """The merged folder, and a ``QuestionAnswered`` by base and merged model, for its report."""

    def __init__(self, backend: EngineApi, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._backend, self._settings, self.page = backend, settings, PlaygroundPage()
        self._result: TrialSubject | None = None
        self._form: TrialSubject | None = None
        self._subject: TrialSubject | None = None
        self._fixed = ""
        self._strength: StrengthAnswer | None = None
        self._forecast: Forecast | None = None
        self._knows_devices = False
        self._waits = False
        self._running_for: object = None
        self._prompt = ""
        self._begun: tuple[str, tuple[Side, ...], AnswerKind] | None = None
        self._said: list[object] = []
        self._measuring: MeasurementCard | None = None
        self.runner = TaskRunner("trial", self)
        self._forecaster = Forecaster(backend.forecast, self._request, self)
        self._prober = Forecaster(backend.why_one_strength, self._request, self)
        self._connect()
        self.page.card.recent = settings.prompts
        self.page.card.set_prompt((*settings.prompts, self.page.card.examples[0])[0])
        self._update()

    @property
    def can_stop(self) -> bool:
        """Whether something runs that was not asked to stop yet."""
        return self.runner.running and not self.runner.stopping

    @property
    def hold(self) -> str:
        """Why no merge can start; empty while nothing runs here."""
        return self.tr("A trial is running. Stop it or wait for its end.") if self.runner.running else ""

    @property
    def obstacle(self) -> str:
        """Why nothing can be asked now; empty if it can."""
        request = self._request()
        if request is None or self.obstacle_to_measuring:
            return self.obstacle_to_measuring
        if not request.sides:
            return self.tr("Choose at least one model to answer.")
        return "" if request.prompt else self.tr("Type a prompt first.")

    @property
    def obstacle_to_measuring(self) -> str:
        """Why nothing can be measured now; empty if it can."""
        if self._subject is None:
            return self.tr("There is no merge to try out yet.")
        if self.runner.running:
            return self.tr("A trial is running.")
        if self._waits:
            return self.tr("Wait until what is running has ended.")
        errors = errors_of(self._forecast.findings) if self._forecast else ()
        return finding_message(errors[0]).whole if errors else ""

    def show_context(self, context: ResultContext | None) -> None:
        """Take up another merge, or what was made of the form."""
        self._result = subject_of(context)
        self._turn_to(self._result or self._form)

    def show_form(self, form: Form | None) -> None:
        """Take up what is chosen now, where that is not what the result was made of; None if it cannot be tried."""
        subject = subject_of_form(form) if form is not None else None
        if subject == self._form:
            return
        self._form = subject
        if subject is None:
            self._turn_to(self._result)
        else:
            is_merged = self._result is not None and self._result.is_made_of(subject)
            self._turn_to(self._result if is_merged else subject)

    def _turn_to(self, subject: TrialSubject | None) -> None:
        """Ask other models; what was said of those before is forgotten."""
        before, self._subject = self._subject, subject
        if before == subject:
            return  # the same models, of which only more is known by now
        self._forecast, self._begun, self._said = None, None, []
        self.stop()
        self.page.clear()
        self.page.show_subject(subject)
        self._fixed = ""
        self._update()
        self._forecaster.drop()
        self._prober.drop()
        if subject is not None:
            self._forecaster.ask()
            self._prober.ask()
            if not self._knows_devices:
                self._knows_devices = True
                ask_in_thread(self._backend.devices, self._on_devices, name="devices")

    def wait_for(self, is_busy: bool) -> None:
        """Start nothing while a merge or a verification runs."""
        if is_busy != self._waits:
            self._waits = is_busy
            self._update()

    def ask(self) -> None:
        """Have the prompt answered, if nothing is in the way."""
        request = self._request()
        if request is None or self.obstacle:
            return
        self._settings.add_prompt(request.prompt)
        self.page.card.recent = self._settings.prompts
        self._prompt = request.prompt
        task = self._forecast.task if self._forecast else AnswerKind.TEXT
        self._begun = (request.prompt, request.sides, task)
        self._said = [said for said in self._said if not isinstance(said, Trial)]
        self.page.answers.begin(request.prompt, request.sides, task)
        self.page.reveal_answers()
        self._start(lambda publish, cancel: self._backend.try_it(request, publish, publish, cancel))

    def ask_strength(self) -> None:
        """Have the prompt answered by base and adapters at the strengths that are set."""
        request = self._at_strength()
        if request is None or self.obstacle_at_strength or self._fixed:
            return
        self._settings.add_prompt(request.prompt)
        self.page.card.recent = self._settings.prompts
        self._strength = self.page.strengths.begin(request.prompt)
        self._strength.card.say(self.tr("Waits for its turn"))
        self._start(lambda publish, cancel: self._backend.try_strength(request, publish, publish, cancel))

    @property
    def obstacle_at_strength(self) -> str:
        """Why nothing can be asked at other strengths now; empty if it can."""
        request = self._request()
        if request is None or self.obstacle_to_measuring:
            return self.obstacle_to_measuring
        return "" if request.prompt else self.tr("Type a prompt first.")

    def _at_strength(self) -> TrialRequest | None:
        request = self._request()
        return request and replace(request, merged=None, sides=(Side.UNMERGED,), adapters=self.page.strengths.adapters)

    def _want_merge(self, adapters: tuple[AdapterChoice, ...]) -> None:
        if self._subject is not None:
            self.merge_asked.emit(replace(self._subject, adapters=adapters))

    def take_over(self, other: PlaygroundController) -> None:
        """Show what another one shows of the same models, and have its prompt."""
        self.page.card.set_prompt(other.page.card.prompt.toPlainText())
        self._prompt, self._begun = other._prompt, other._begun
        if self._begun is not None:
            prompt, sides, task = self._begun
            self.page.answers.begin(prompt, sides, task)
        for said in other._said:
            self._show_outcome(said)

    def compare(self) -> None:
        """Compare the models' logits on built-in prompts and the one in the field."""
        request = self._request()
        if request is not None and not self.obstacle_to_measuring:
            prompts = (request.prompt,) if request.prompt else ()
            asked = replace(request, sides=ALL_SIDES)
            self._measure(partial(self._backend.compare_logits, asked, prompts), self.page.measurements.logits)

    def measure(self) -> None:
        """Measure how fast the unmerged and the merged model are."""
        request = self._request()
        if request is not None and not self.obstacle_to_measuring:
            self._measure(partial(self._backend.measure_speed, request), self.page.measurements.speed)

    def stop(self) -> None:
        """Stop what runs, within a token."""
        if self.can_stop:
            self.runner.stop()
            self._say(self.tr("Stopping…"))
            self.page.card.stop.setEnabled(False)
            self.state_changed.emit()

    def _request(self) -> TrialRequest | None:
        return self.page.card.request(self._subject) if self._subject else None

    def _measure(self, work: Work, card: MeasurementCard) -> None:
        card.clear()
        card.show_running(True)
        self._measuring = card
        self._start(work)

    def _start(self, work: Work) -> None:
        self.page.show_failure(None)
        self._forecaster.drop()
        self._running_for = self._subject
        self.runner.start(work)
        self.page.card.show_running(True)
        self._say(self.tr("Getting ready…"))
        self._update()
        self.state_changed.emit()

    def _on_published(self, batch: Iterable[object]) -> None:
        if self._running_for != self._subject:
            return
        for news in _joined(batch):
            if isinstance(news, Piece):
                self.page.answers.write(news) if self._strength is None else self._strength.card.write(news.text)
            elif isinstance(news, TrialProgress):
                if self._measuring is None and self._strength is None:
                    self.page.answers.show_progress(news)
                if not self.runner.stopping:
                    self._say(f"{progress_sentence(news)}…")

    def _say(self, sentence: str) -> None:
        self.page.card.say(sentence)
        if self._measuring is not None:
            self._measuring.say(sentence)

    def _on_ended(self, outcome: object) -> None:
        self.page.card.show_running(False)
        self.page.card.say("")
        measured, self._measuring = self._measuring, None
        if measured is not None:
            measured.show_running(False)
        strength, self._strength = self._strength, None
        if self._running_for == self._subject:
            self._show_outcome(outcome) if strength is None else self._show_at_strength(strength, outcome)
        self._update()
        if self._subject is not None:
            self._forecaster.ask()
        self.state_changed.emit()
        self.ended.emit()

    def _show_outcome(self, outcome: object) -> None:
        self._said = [*(said for said in self._said if type(said) is not type(outcome)), outcome]
        if isinstance(outcome, Trial):
            self.page.answers.show_trial(outcome)
            said = question_answered(self._prompt, outcome)
            if said is not None and self._subject is not None:
                self.answered.emit(self._subject.merged, said)
        elif isinstance(outcome, LogitsComparison):
            self.page.measurements.show_logits(outcome)
        elif isinstance(outcome, Speed):
            self.page.measurements.show_speed(outcome)
        elif isinstance(outcome, Failure):
            self.page.answers.rest(self.tr("No answer"))
            self.page.show_failure(outcome)
        elif isinstance(outcome, Cancelled):
            self.page.answers.rest(self.tr("Stopped"))

    def _show_at_strength(self, shown: StrengthAnswer, outcome: object) -> None:
        if isinstance(outcome, Trial) and outcome.answers:
            shown.show_answer(outcome.answers[0], outcome.task)
            announce(self.page, shown.card.text)
        elif isinstance(outcome, Trial):
            shown.card.say(" ".join(finding_message(finding).whole for finding in outcome.findings), Tone.ERROR.value)
        elif isinstance(outcome, Failure):
            shown.card.say(self.tr("No answer"))
            self.page.show_failure(outcome)
        else:
            shown.card.say(self.tr("Stopped"))

    def _on_probed(self, finding: object) -> None:
        self._fixed = finding_message(finding).whole if isinstance(finding, Finding) else ""
        self._update()

    def _on_forecast(self, forecast: object) -> None:
        self._forecast = forecast if isinstance(forecast, Forecast) else None
        if isinstance(forecast, Forecast):
            line = need_line(forecast)
            self.page.show_task(forecast.task)
            self.page.card.say(line.sentence, line.tone.value)
        elif isinstance(forecast, Exception):
            self.page.card.say(finding_message(failure_of(forecast).finding).whole, Tone.ERROR.value)
        self._update()

    def _on_devices(self, devices: object) -> None:
        if isinstance(devices, tuple):
            self.page.card.set_devices(devices)

    def _update(self) -> None:
        self.page.card.answer.allow(self.obstacle)
        self.page.strengths.allow(self.obstacle_at_strength, self._fixed)
        for card in self.page.measurements.cards:
            card.button.allow(self.obstacle_to_measuring)

    def _connect(self) -> None:
        card = self.page.card
        card.asked.connect(self.ask)
        card.stop.clicked.connect(self.stop)
        card.prompt.textChanged.connect(self._update)
        card.setting_changed.connect(self._on_setting)
        self.page.shown.connect(self._on_shown)
        self.page.strengths.asked.connect(self.ask_strength)
        self.page.strengths.merge_asked.connect(self._want_merge)
        self._prober.known.connect(self._on_probed)
        self.page.answers.said.connect(partial(announce, self.page))
        measurements = self.page.measurements
        measurements.said.connect(partial(announce, self.page))
        measurements.logits.button.clicked.connect(self.compare)
        measurements.speed.button.clicked.connect(self.measure)
        for measurement in measurements.cards:
            measurement.stop.clicked.connect(self.stop)
        self._forecaster.known.connect(self._on_forecast)
        self.runner.published.connect(self._on_published)
        self.runner.ended.connect(self._on_ended)

    def _on_setting(self) -> None:
        self._update()
        self._on_shown()

    def _on_shown(self) -> None:
        if self._subject is not None and not self.runner.running:
            self._forecaster.ask()


def _joined(batch: Iterable[object]) -> list[object]:
    """The pieces in their order, those of one side that follow one another as one: each costs a layout."""
    joined: list[object] = []
    for piece in batch:
        last = joined[-1] if joined else None
        if isinstance(piece, Piece) and isinstance(last, Piece) and last.side is piece.side:
            joined[-1] = Piece(piece.side, last.text + piece.text)
        else:
            joined.append(piece)
    return joined
