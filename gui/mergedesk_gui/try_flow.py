"""What happens on the page “Try it”: from a prompt to answers, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from mergedesk.behaviour.trial import Forecast, Piece, Task, Trial, TrialProgress, TrialRequest
from mergedesk.findings import Severity
from mergedesk.progress import Cancelled, CancelToken

from .background import ask_in_thread
from .describe import Tone
from .failures import Failure, failure_of
from .messages import finding_message
from .panels.tryout import TryoutPanel
from .settings import Settings
from .subject import Subject
from .trial_backend import TrialBackend
from .trial_runner import Publish, TrialRunner, Work
from .trial_words import need_line, progress_sentence
from .widgets.announce import announce

_FORECAST_DELAY_MS = 50


class TryFlow(QObject):
    """Connects the page with the runner. One thing runs at a time, and nothing while a merge does."""

    state_changed = Signal()
    ended = Signal()
    """A trial is over, however it ended."""

    def __init__(self, backend: TrialBackend, settings: Settings, panel: TryoutPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._backend, self._settings, self._panel = backend, settings, panel
        self._subject: Subject | None = None
        self._forecast: Forecast | None = None
        self._asked_forecasts = 0
        self._knows_devices = False
        self._waits = False
        self._running_for: Subject | None = None
        self.runner = TrialRunner(self)
        self._delay = QTimer(self, singleShot=True, interval=_FORECAST_DELAY_MS)
        self._delay.timeout.connect(self._ask_forecast)
        self._connect()
        panel.card.set_recent(settings.prompts)
        panel.card.set_prompt((*settings.prompts, panel.card.examples[0])[0])
        self._update()

    @property
    def subject(self) -> Subject | None:
        """The merge that is tried out."""
        return self._subject

    @property
    def running(self) -> bool:
        """Whether something runs and its end is not announced yet."""
        return self.runner.running

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
        choices = self._panel.card.choices
        if self._subject is None:
            return self.tr("There is no merge to try out yet.")
        if self.runner.running:
            return self.tr("A trial is running.")
        if self._waits:
            return self.tr("Wait until what is running has ended.")
        if not choices.sides:
            return self.tr("Choose at least one model to answer.")
        if not choices.prompt:
            return self.tr("Type a prompt first.")
        return self._refusal()

    def set_subject(self, subject: Subject | None) -> None:
        """Take up another merge; what was said of the one before is forgotten."""
        if subject == self._subject:
            return
        self._subject, self._forecast = subject, None
        self.stop()
        self._panel.show_failure(None)
        self._panel.answers.clear()
        self._panel.card.say("")
        self._update()
        self._delay.start()

    def wait_for(self, is_busy: bool) -> None:
        """Start nothing while a merge or a check runs."""
        if is_busy != self._waits:
            self._waits = is_busy
            self._update()

    def ask(self) -> None:
        """Have the prompt answered, if nothing is in the way."""
        request = self._request()
        if request is None or self.obstacle:
            return
        self._remember(request.prompt)
        self._panel.answers.begin(request.prompt, request.sides, self._task)
        self._panel.reveal_answers()
        self._start(partial(_try, self._backend, request))

    def stop(self) -> None:
        """Stop what runs, within a token."""
        if self.can_stop:
            self.runner.stop()
            self._panel.card.say(self.tr("Stopping…"))
            self._panel.card.stop.setEnabled(False)
            self.state_changed.emit()

    @property
    def _task(self) -> Task:
        return self._forecast.task if self._forecast else Task.TEXT

    def _refusal(self) -> str:
        errors = [one for one in self._forecast.findings if one.severity is Severity.ERROR] if self._forecast else []
        return finding_message(errors[0]).whole if errors else ""

    def _request(self) -> TrialRequest | None:
        subject, choices = self._subject, self._panel.card.choices
        if subject is None:
            return None
        return TrialRequest(
            subject.base,
            subject.adapters,
            subject.merged,
            choices.prompt,
            choices.sides,
            choices.loading,
            choices.device,
            choices.precision,
            choices.max_new_tokens,
            subject.combination,
        )

    def _start(self, work: Work) -> None:
        self._panel.show_failure(None)
        self._running_for = self._subject
        self.runner.start(work)
        self._panel.card.show_running(True)
        self._panel.card.say(self.tr("Getting ready…"))
        self._update()
        self.state_changed.emit()

    def _on_published(self, batch: Iterable[object]) -> None:
        if self._running_for is not self._subject:
            return
        for one in _joined(batch):
            if isinstance(one, Piece):
                self._panel.answers.write(one)
            elif isinstance(one, TrialProgress):
                self._show_progress(one)

    def _show_progress(self, progress: TrialProgress) -> None:
        self._panel.answers.show_progress(progress)
        if not self.runner.stopping:
            self._panel.card.say(f"{progress_sentence(progress)}…")

    def _on_ended(self, outcome: object) -> None:
        self._panel.card.show_running(False)
        self._panel.card.say("")
        if self._running_for is self._subject:
            self._show_outcome(outcome)
        self._update()
        self._delay.start()
        self.state_changed.emit()
        self.ended.emit()

    def _show_outcome(self, outcome: object) -> None:
        if isinstance(outcome, Trial):
            self._panel.answers.show_trial(outcome)
        elif isinstance(outcome, Failure):
            self._panel.answers.rest(self.tr("No answer"))
            self._panel.show_failure(outcome)
        elif isinstance(outcome, Cancelled):
            self._panel.answers.rest(self.tr("Stopped"))

    def _ask_forecast(self) -> None:
        request = self._request()
        if request is None or self.runner.running:
            return
        self._asked_forecasts += 1
        question = partial(_numbered, self._asked_forecasts, partial(self._backend.forecast, request))
        ask_in_thread(question, self._on_forecast, name="trial forecast")
        if not self._knows_devices:
            self._knows_devices = True
            ask_in_thread(self._backend.devices, self._on_devices, name="devices")

    def _on_forecast(self, answer: object) -> None:
        number, forecast = answer if isinstance(answer, tuple) else (0, answer)
        if number != self._asked_forecasts or self.runner.running:
            return  # a later one is on its way, or none is wanted any more
        self._forecast = forecast if isinstance(forecast, Forecast) else None
        if isinstance(forecast, Forecast):
            line = need_line(forecast)
            self._panel.card.show_task(forecast.task)
            self._panel.card.say(line.sentence, line.tone.value)
        elif isinstance(forecast, Exception):
            self._panel.card.say(finding_message(failure_of(forecast).finding).whole, Tone.ERROR.value)
        self._update()

    def _on_devices(self, devices: object) -> None:
        if isinstance(devices, tuple):
            self._panel.card.set_devices(devices)

    def _remember(self, prompt: str) -> None:
        self._settings.add_prompt(prompt)
        self._panel.card.set_recent(self._settings.prompts)

    def _update(self) -> None:
        self._panel.card.allow(self.obstacle)

    def _connect(self) -> None:
        card = self._panel.card
        card.asked.connect(self.ask)
        card.stop_asked.connect(self.stop)
        card.prompt_changed.connect(self._update)
        card.setting_changed.connect(self._on_setting)
        self._panel.shown.connect(self._delay.start)
        self._panel.answers.said.connect(partial(announce, self._panel))
        self.runner.published.connect(self._on_published)
        self.runner.ended.connect(self._on_ended)

    def _on_setting(self) -> None:
        self._update()
        self._delay.start()


def _numbered(number: int, question: Callable[[], object]) -> tuple[int, object]:
    try:
        return number, question()
    except Exception as error:
        return number, error


def _try(backend: TrialBackend, request: TrialRequest, publish: Publish, cancel: CancelToken) -> Trial:
    return backend.try_it(request, publish, publish, cancel)


def _joined(batch: Iterable[object]) -> list[object]:
    """The pieces in their order, those of one side that follow one another as one: each costs a layout."""
    joined: list[object] = []
    for one in batch:
        last = joined[-1] if joined else None
        if isinstance(one, Piece) and isinstance(last, Piece) and last.side is one.side:
            joined[-1] = Piece(one.side, last.text + one.text)
        else:
            joined.append(one)
    return joined
