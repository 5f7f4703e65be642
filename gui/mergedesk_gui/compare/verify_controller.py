"""From a request to a verdict: what is shown of a check, from its start to its end."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from mergedesk.domain.requests import VerifyRequest
from mergedesk.domain.units import human_seconds
from mergedesk.domain.verdict import Verdict, VerifyStatus

from ..jobs.failures import Failure
from ..jobs.job_runner import JobRunner
from ..results.results_panel import ResultsPanel
from ..state.result_context import ResultContext
from ..text.verdict_text import verdict_text_of
from ..theme.tone import Tone
from ..widgets.announce import announce

translate = QCoreApplication.translate


class VerifyController:
    """Checks a folder, or the whole of what is on the result page already; that one then stays there."""

    def __init__(self, runner: JobRunner, results: ResultsPanel) -> None:
        self._runner, self._results = runner, results
        self._subject: ResultContext | None = None
        self._class_name = ""
        self.is_of_shown = False
        """Whether the latest check was of what the page held already."""
        self.running = False
        self.request: VerifyRequest | None = None
        self.verdict: Verdict | None = None

    def start(self, request: VerifyRequest, class_name: str) -> None:
        """Check a folder; ``class_name`` is the model's in it."""
        self._class_name, self.verdict = class_name, None
        self._begin(request, ResultContext(request.base, request.adapters, request.merged, request.combination))

    def start_full(self) -> bool:
        """Compare every value of what the result page is about; False if it is about nothing."""
        subject = self._results.subject
        if subject is None or self._runner.running:
            return False
        if subject.report is not None:
            self._class_name = subject.report.merged_class or ""
        request = VerifyRequest(subject.base, subject.adapters, subject.merged, False, subject.combination)
        self._begin(request, subject)
        return True

    def show_started(self) -> None:
        """Show the progress, above what is being checked if that is on the page."""
        self._results.show_check_started(keep=self.is_of_shown)

    def finish(self, verdict: Verdict) -> tuple[str, Tone]:
        """Show the verdict; the sentence for the status line and its tone."""
        assert self._subject is not None
        self.running, self.verdict = False, verdict
        subject = replace(self._subject, verdict=verdict)
        self._results.show_verdict(verdict, subject, self._class_name)
        if self.is_of_shown or verdict.status is VerifyStatus.PROVED:
            self._results.set_subject(subject)
        words = verdict_text_of(verdict)
        announce(self._results, words.reason)
        if verdict.matches is None:
            return f"{words.headline}.", words.tone
        text = translate("VerifyController", "{verdict}, found in {time}.")
        return text.format(verdict=words.headline, time=human_seconds(verdict.seconds)), words.tone

    def fail(self, failure: Failure) -> None:
        """Show what went wrong."""
        self.running = False
        self._results.show_failure(failure, keep=self.is_of_shown)

    def stop(self) -> str:
        """Show that the check was cancelled; the sentence for the status line."""
        self.running = False
        self._results.show_cancelled(keep=self.is_of_shown)
        return translate("VerifyController", "Cancelled. There is no verdict of this check.")

    def _begin(self, request: VerifyRequest, subject: ResultContext) -> None:
        self.is_of_shown = subject == self._results.subject
        self._subject, self.request, self.running = subject, request, True
        self._runner.check(request)
