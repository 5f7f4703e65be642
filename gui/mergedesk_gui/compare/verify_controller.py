"""From a request to a verdict: what is shown of a verification from start to end, and what is done with its verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from mergedesk.domain.requests import VerifyRequest
from mergedesk.domain.verdict import Verdict, VerifyStatus
from mergedesk.support.failures import Failure

from ..jobs.job_runner import JobRunner
from ..state.result_context import CurrentResult, ResultContext
from ..text.messages import finding_message
from ..text.numbers import human_seconds
from ..text.outcome_text import verdict_text_of
from ..theme.tone import Tone
from ..widgets.file_dialogs import save_document
from ..widgets.opening import show_folder


class VerifyController(QObject):
    """Verifies a folder, or the whole of what is on the result page already; that one then stays there (``keep``)."""

    started = Signal(bool)
    """``keep``: whether what the page holds stays, since the verification is of that."""
    judged = Signal(object, object, str)
    """The ``Verdict``, the ``ResultContext`` it is about, and the class of the model."""
    failed = Signal(object, bool)
    """The ``Failure``, and ``keep``."""
    cancelled = Signal(bool)
    """``keep``."""
    ended = Signal(str, object)
    """A sentence on how it ended, and its tone."""
    refused = Signal(str)
    """Why nothing was started."""

    def __init__(
        self, runner: JobRunner, result: CurrentResult, window: QWidget, notify: Callable[[str], None]
    ) -> None:
        """``notify`` says beside the verdict what was done with it."""
        super().__init__(window)
        self._runner, self._result, self._window, self._notify = runner, result, window, notify
        self._context: ResultContext | None = None
        self._class_name = ""
        self._keeps_page = False
        self._reasons: dict[str, str] = {}
        self.running = False
        self.request: VerifyRequest | None = None
        self.verdict: Verdict | None = None
        runner.started.connect(self._on_started)
        runner.finished.connect(self._on_finished)
        runner.failed.connect(self._on_failed)
        runner.cancelled.connect(self._on_cancelled)

    @property
    def can_verify_everything(self) -> bool:
        """Whether there is something on the result page of which only samples were compared."""
        context = self._result.context
        is_whole = context is not None and context.verdict is not None and not context.verdict.quick
        return context is not None and not is_whole and not self._runner.running and not self._held

    def take_over(self, other: VerifyController) -> None:
        """Go on from where another one is, of the same window."""
        self._context, self._class_name, self._keeps_page = other._context, other._class_name, other._keeps_page
        self.running, self.request, self.verdict = other.running, other.request, other.verdict

    def hold(self, reason: str, by: str = "trial") -> None:
        """Start nothing while there is a ``reason`` not to; empty lets go. ``by`` tells those apart who hold."""
        self._reasons[by] = reason

    @property
    def _held(self) -> str:
        return next(filter(None, self._reasons.values()), "")

    def start(self, request: VerifyRequest, class_name: str) -> None:
        """Verify a folder; ``class_name`` is the model's in it."""
        self._class_name, self.verdict = class_name, None
        self._begin(request, ResultContext(request.base, request.adapters, request.merged, request.combination))

    def verify_everything(self) -> None:
        """Compare every value of what the result page is about."""
        context = self._result.context
        if self._held:
            self.refused.emit(self._held)
        elif context is not None and not self._runner.running:
            if context.report is not None:
                self._class_name = context.report.merged_class or ""
            request = VerifyRequest(context.base, context.adapters, context.merged, False, context.combination)
            self._begin(request, context)

    def save_as(self) -> None:
        """Let the person choose where the verdict is saved."""
        request, verdict = self.request, self.verdict
        if request is not None and verdict is not None:
            from mergedesk.reports.verdict_document import verdict_as

            proposed = request.merged.parent / f"{request.merged.name}-verdict"
            document = partial(verdict_as, request, verdict)
            save_document(self._window, self.tr("Save verdict"), proposed, document, self._notify)

    def open_folder(self) -> None:
        """Show the verified folder in the file manager."""
        if self.request is not None:
            show_folder(self._window, self.request.merged)

    def _begin(self, request: VerifyRequest, context: ResultContext) -> None:
        self._keeps_page = context == self._result.context
        self._context, self.request, self.running = context, request, True
        self._runner.start(request)

    def _on_started(self) -> None:
        if self.running:
            if not self._keeps_page:
                self._result.turn_to(None)
            self.started.emit(self._keeps_page)

    def _on_finished(self, outcome: object) -> None:
        if not isinstance(outcome, Verdict) or self._context is None:
            return
        self.running, self.verdict = False, outcome
        context = replace(self._context, verdict=outcome)
        self.judged.emit(outcome, context, self._class_name)
        if self._keeps_page or outcome.status is VerifyStatus.PROVED:
            self._result.turn_to(context)
        words = verdict_text_of(outcome)
        if outcome.matches is None:
            self.ended.emit(f"{words.headline}.", words.tone)
        else:
            sentence = self.tr("{verdict}, found in {time}.")
            time = human_seconds(outcome.seconds)
            self.ended.emit(sentence.format(verdict=words.headline, time=time), words.tone)

    def _on_failed(self, failure: Failure) -> None:
        if self.running:
            self.running = False
            self.failed.emit(failure, self._keeps_page)
            self.ended.emit(finding_message(failure.finding).sentence, Tone.ERROR)

    def _on_cancelled(self) -> None:
        if self.running:
            self.running = False
            self.cancelled.emit(self._keeps_page)
            self.ended.emit(self.tr("Cancelled. There is no verdict of this verification."), Tone.QUIET)
