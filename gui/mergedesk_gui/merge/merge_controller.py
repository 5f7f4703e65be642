"""From choices to a report: connects the panels with the inspector and the runner."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from mergedesk.domain.merge_report import MergeReport, MergeStatus, QuestionAnswered
from mergedesk.domain.progress import Progress
from mergedesk.domain.requests import MergeRequest
from mergedesk.domain.units import human_seconds
from mergedesk.domain.verdict import Verdict

from ..compare.verify_controller import VerifyController
from ..inputs.inputs_panel import InputsPanel
from ..inputs.inspector import Inspector
from ..jobs.engine_api import EngineApi
from ..jobs.failures import Failure
from ..jobs.job_runner import JobRunner
from ..results.results_panel import Page, ResultsPanel
from ..state.consents import Consent
from ..state.folder_roles import FolderRole
from ..state.form import Form
from ..state.history_entry import HistoryEntry
from ..state.inspection import MODEL_KINDS, Inspection
from ..state.mode import Mode
from ..state.result_context import subject_of
from ..state.settings import Settings
from ..state.suggestions import ADAPTER_KINDS
from ..text.messages import finding_message
from ..text.outcome_text import headline_of
from ..text.readiness import Readiness, readiness
from ..theme.tone import Tone
from ..widgets.announce import announce
from .start_bar import StartBar


class MergeController(QObject):
    """The one place that knows what follows what."""

    state_changed = Signal()
    ended = Signal()
    """A merge is over, however it ended."""

    def __init__(
        self,
        backend: EngineApi,
        settings: Settings,
        inputs: InputsPanel,
        start: StartBar,
        results: ResultsPanel,
    ) -> None:
        super().__init__()
        self._settings, self._inputs, self._start, self._results = settings, inputs, start, results
        self._asked: Form | None = None
        self._inspection: Inspection | None = None
        self._outcome: tuple[str, Tone] | None = None
        self._merged = False
        self._merging: Form | None = None
        self._restored: Form | None = None
        self._shown: Inspection | None = None
        self._held = ""
        self.report: MergeReport | None = None
        self.request: MergeRequest | None = None
        self.inspector = Inspector(backend, self)
        self.runner = JobRunner(backend.merge, backend.warm_up, self, backend.verify)
        self.check = VerifyController(self.runner, results)
        self._connect()
        self._update()

    @property
    def inspection(self) -> Inspection | None:
        """What is known about the inputs as they stand; None while that is being found out."""
        return self._inspection

    @property
    def readiness(self) -> Readiness:
        """Whether a merge can start now."""
        if self._held:
            return Readiness(False, self._held)
        return readiness(self._inputs.choices, self._inspection, running=self.runner.running, merged=self._merged)

    @property
    def published(self) -> Path | None:
        """The folder of the latest merge, if it came to one."""
        report = self.report
        return report.output if report and report.status is MergeStatus.MERGED else None

    def keep_answer(self, merged: Path, said: QuestionAnswered) -> None:
        """Put an answer into the report of the merge in ``merged``, if that was made here, for when it is saved."""
        if self.report is not None and self.report.output == merged:
            others = (one for one in self.report.answers if one.question != said.question)
            self.report = replace(self.report, answers=(*others, said))

    def hold(self, reason: str) -> None:
        """Start nothing while there is a ``reason`` not to; empty lets go."""
        if reason != self._held:
            self._held = reason
            self._update()

    def restore(self, choices: Form) -> None:
        """Put remembered choices into the fields; folders that are gone by now are quietly dropped."""
        self._restored = choices
        self._inputs.set_choices(choices)

    def begin(self) -> None:
        """Start what the window is used for, merging or checking, if everything is ready."""
        if not self.readiness.ready or self._inspection is None:
            return
        if self._inspection.choices.checks:
            self._check(self._inspection)
        else:
            self.merge()

    @property
    def can_check_everything(self) -> bool:
        """Whether there is something on the result page of which only samples were compared."""
        subject = self._results.subject
        is_whole = subject is not None and subject.verdict is not None and not subject.verdict.quick
        return subject is not None and not is_whole and not self.runner.running and not self._held

    def check_everything(self) -> None:
        """Compare every value of what the result page is about."""
        if self._held:
            self._start.say(self._held)
            return
        outcome, self._outcome = self._outcome, None
        if not self.check.start_full():
            self._outcome = outcome

    def _check(self, inspection: Inspection) -> None:
        self._outcome = None
        merged = inspection.merged
        self.check.start(inspection.choices.proof_request(), (merged.class_name or "") if merged else "")

    def merge(self) -> None:
        """Start merging, if everything is ready."""
        if not self.readiness.ready or self._inspection is None or self._inspection.choices.checks:
            return
        self.request = self._inspection.choices.request(self._inspection.output)
        self._outcome = None
        self.report = None
        self._merging = self._inspection.choices
        self.runner.start(self.request)

    def cancel(self) -> None:
        """Ask a running job to stop, and show that it was asked."""
        if not self.runner.running:
            return
        self.runner.cancel()
        self._results.progress.show_cancelling()
        self._start.say(self.tr("Cancelling…"))
        self.state_changed.emit()

    def look_again(self) -> None:
        """Inspect the folders anew, since the disk may have changed."""
        self._ask(at_once=True)

    def _connect(self) -> None:
        self._inputs.changed.connect(self._on_changed)
        self._inputs.confirmed.connect(self.inspector.hurry)
        self._start.merge_asked.connect(self.begin)
        self._results.verification.full_check_asked.connect(self.check_everything)
        self._results.verdict.full_asked.connect(self.check_everything)
        self._results.verdict.merge_asked.connect(lambda: self._inputs.set_mode(Mode.MERGE))
        self._results.cancel_asked.connect(self.cancel)
        self._results.checks.findings.toggled.connect(self._on_consent)
        self._results.checks.findings.pressed.connect(self._inputs.base.set_folder)
        self.inspector.inspected.connect(self._on_inspected)
        self.runner.started.connect(self._on_started)
        self.runner.progressed.connect(self._on_progress)
        self.runner.finished.connect(self._on_finished)
        self.runner.failed.connect(self._on_failed)
        self.runner.cancelled.connect(self._on_cancelled)

    def _on_changed(self) -> None:
        self._start.show_mode(self._inputs.mode)
        self._results.show_mode(self._inputs.mode)
        if self._inputs.choices != self._asked:
            self._outcome = None
            self._results.show_page(Page.CHECKS)
            self._ask()

    def _on_consent(self, consent: Consent, is_given: bool) -> None:
        self._inputs.set_consent(consent, is_given)
        self.inspector.hurry()

    def _ask(self, *, at_once: bool = False) -> None:
        self._asked = self._inputs.choices
        self._inspection = None
        self._merged = False
        (self.inspector.ask_at_once if at_once else self.inspector.ask)(self._asked)
        self._update()

    def _on_inspected(self, inspection: Inspection) -> None:
        if inspection.complete and self._drop_missing(inspection):
            return
        if not inspection.complete and self._is_about_what_is_shown(inspection):
            return  # half of what is on the page already would only make it flicker
        self._inspection = inspection
        self._inputs.show_inspection(inspection)
        self._results.show_inspection(inspection)
        self._shown = inspection if inspection.complete else None
        self._update()
        if inspection.complete:
            self._remember(inspection)
        if self.readiness.ready:
            self.runner.warm_up()

    def _is_about_what_is_shown(self, inspection: Inspection) -> bool:
        shown = self._shown
        return shown is not None and (shown.base, shown.adapters) == (inspection.base, inspection.adapters)

    def _drop_missing(self, inspection: Inspection) -> bool:
        restored, self._restored = self._restored, None
        if restored is None or restored != inspection.choices:
            return False
        return self._inputs.clear_missing(inspection)

    def _remember(self, inspection: Inspection) -> None:
        for slot, folder_info, kinds in (
            (FolderRole.BASE, inspection.base, MODEL_KINDS),
            *((FolderRole.ADAPTER, adapter, ADAPTER_KINDS) for adapter in inspection.adapters),
            (FolderRole.MERGED, inspection.merged, MODEL_KINDS),
        ):
            if folder_info is not None and folder_info.kind in kinds:
                self._settings.add_recent(slot, folder_info.path)

    def _on_started(self) -> None:
        self._lock(True)
        if self.check.running:
            self.check.show_started()
        else:
            self._results.show_started()
        self._update()
        self._start.say(self._results.progress.sentence)

    def _on_progress(self, progress: Progress) -> None:
        self._results.show_progress(progress)
        if not self.runner.cancelling:
            self._start.say(self._results.progress.sentence)

    def _lock(self, is_locked: bool) -> None:
        self._inputs.setEnabled(not is_locked)
        self._results.checks.findings.lock(is_locked)
        self._results.verification.lock(is_locked)
        self._results.verdict.lock(is_locked)

    def _on_finished(self, outcome: MergeReport | Verdict) -> None:
        if isinstance(outcome, Verdict):
            self._end_check(*self.check.finish(outcome))
        else:
            self._on_merged(outcome)

    def _on_merged(self, report: MergeReport) -> None:
        self.report = report
        self._results.show_report(report)
        self._results.set_subject(subject_of(self.request, report) if self.request else None)
        judged = headline_of(report)
        if self.published is None:
            self._end(f"{judged.headline}. {judged.meaning}", judged.tone, look_again=True)
            return
        if report.output is not None:
            self._settings.add_recent(FolderRole.OUTPUT, report.output)
            self._settings.add_recent(FolderRole.MERGED, report.output)
            self._keep(report.output)
        sentence = self.tr("{verdict} in {time}.")
        self._end(sentence.format(verdict=judged.headline, time=human_seconds(report.seconds)), judged.tone)

    def _keep(self, output: Path) -> None:
        """Put a published merge into the history. Its folders are made absolute: the next start may be elsewhere."""
        choices = self._merging
        if choices is None or choices.base is None:
            return
        adapters = tuple(replace(one, folder=one.folder.absolute()) for one in choices.adapters)
        kept = replace(choices, base=choices.base.absolute(), adapters=adapters)
        self._settings.add_past_merge(HistoryEntry(datetime.now(UTC).replace(microsecond=0), output.absolute(), kept))

    def _on_failed(self, failure: Failure) -> None:
        if self.check.running:
            self.check.fail(failure)
            self._end_check(finding_message(failure.finding).sentence, Tone.ERROR)
            return
        self._results.show_failure(failure)
        self._end(finding_message(failure.finding).sentence, Tone.ERROR, look_again=True)

    def _on_cancelled(self) -> None:
        if self.check.running:
            self._end_check(self.check.stop(), Tone.QUIET)
            return
        self._results.show_cancelled()
        self._end(self.tr("Cancelled. Nothing was left behind."), Tone.QUIET, look_again=True)

    def _end_check(self, sentence: str, tone: Tone) -> None:
        """A check changes nothing: what was known and what was merged stays so."""
        self._lock(False)
        self._outcome = (sentence, tone)
        announce(self._start, sentence)
        self._update()
        self.ended.emit()

    def _end(self, sentence: str, tone: Tone, *, look_again: bool = False) -> None:
        self._lock(False)
        self._outcome = (sentence, tone)
        announce(self._start, sentence)
        if look_again:
            self.look_again()
        else:
            self._merged = True
            self._update()
        self.ended.emit()

    def _update(self) -> None:
        self._start.show_readiness(self.readiness)
        if self._outcome is not None:
            self._start.say(*self._outcome)
        self.state_changed.emit()
