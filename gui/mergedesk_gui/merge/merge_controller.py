"""From the form to an inspection, a merge and its report: what follows what, and what is done with the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from mergedesk.domain.findings import Code
from mergedesk.domain.folder_names import spoken_name
from mergedesk.domain.hub_reference import reference_of
from mergedesk.domain.merge_report import MergeReport, MergeStatus, QuestionAnswered, report_json
from mergedesk.domain.precision_advice import PrecisionAdvice
from mergedesk.domain.progress import Progress
from mergedesk.domain.requests import MergeRequest, VerifyRequest
from mergedesk.support.failures import Failure, failure_of

from ..jobs.engine_api import EngineApi
from ..jobs.job_runner import JobRunner
from ..jobs.queued_signal import ask_in_thread
from ..state.form import Form
from ..state.inspection import MODEL_KINDS, Inspection
from ..state.made_of import same_inputs
from ..state.mode import FolderRole
from ..state.result_context import CurrentResult, ResultContext, context_of
from ..state.settings import Settings
from ..state.suggestions import ADAPTER_KINDS
from ..text.folder_text import sum_of
from ..text.messages import failure_text, finding_message, say
from ..text.numbers import human_seconds
from ..text.outcome_text import headline_of
from ..text.progress_text import progress_sentence
from ..text.readiness import Readiness, readiness
from ..theme.tone import Tone
from ..widgets import dialogs
from ..widgets.file_dialogs import save_document
from ..widgets.naming import announce
from .inspector import Inspector
from .start_bar import StartBar


class MergeController(QObject):
    """Inspects what ``form`` gives whenever it is told of a change, and merges it when it is told to begin."""

    state_changed = Signal()
    form_changed = Signal()
    """What the pages say of the form as it was is over."""
    inspected = Signal(object)
    """An ``Inspection`` for the form, which may change in answer."""
    accepted = Signal(object)
    """The same, where the form did not change."""
    verification_asked = Signal(object, str)
    """A ``VerifyRequest``, and the class of the model in the merged folder."""
    queue_wanted = Signal(object)
    """A ``MergeRequest`` or ``VerifyRequest`` that waits for the job that runs."""
    form_wanted = Signal(object)
    """The ``Form`` of a job that is to be shown again."""
    started = Signal()
    reported = Signal(object)
    """The ``MergeReport``."""
    merged = Signal(object)
    """How many bytes were written, once what the form asks for is merged."""
    failed = Signal(object)
    cancelling = Signal()
    cancelled = Signal()
    ended = Signal()
    """A job is over, however it ended."""

    def __init__(
        self,
        backend: EngineApi,
        settings: Settings,
        runner: JobRunner,
        result: CurrentResult,
        form: Callable[[], Form],
        window: QWidget,
        notify: Callable[[str], None],
    ) -> None:
        """``notify`` says beside the report what was done with it."""
        super().__init__(window)
        self._backend, self._settings, self._result, self._form = backend, settings, result, form
        self._window, self._notify = window, notify
        self._asked: Form | None = None
        self.inspection: Inspection | None = None
        """What is known about the inputs as they stand; None while that is being found out."""
        self._shown: Inspection | None = None
        self._outcome: tuple[str, Tone] | None = None
        self._merging: Form | None = None
        self._begun: Form | None = None
        self.made_of: Form | None = None
        """What the latest merge was asked with."""
        self._is_merged = False
        self._held: dict[str, str] = {}
        self._wants_again = self._has_left_work = False
        self.advice: PrecisionAdvice | None = None
        self.report: MergeReport | None = None
        self.request: MergeRequest | None = None
        self.start_bar = StartBar()
        self.inspector = Inspector(backend, self, lambda: settings.preferences.naming)
        self.runner = runner
        self._connect()
        self._update()

    @property
    def readiness(self) -> Readiness:
        """Whether a job can start now."""
        if self._held:
            return Readiness(False, next(iter(self._held.values())))
        form = self._form()
        if not self.runner.running:
            return readiness(form, self.inspection, merged=self._is_merged)
        return readiness(form, self.inspection, running=self._is_begun(form), joins_queue=True)

    @property
    def published(self) -> Path | None:
        """The folder of the latest merge, if it came to one."""
        report = self.report
        return report.output if report and report.status is MergeStatus.MERGED else None

    def keep_answer(self, merged: Path, said: QuestionAnswered) -> None:
        """Put an answer into the report of the merge in ``merged``, if that was made here, for when it is saved."""
        if self.report is not None and self.report.output == merged:
            others = (answer for answer in self.report.answers if answer.question != said.question)
            self.report = replace(self.report, answers=(*others, said))

    @property
    def writing(self) -> Path | None:
        """The folder that the merge writes which runs now."""
        return self.request.output if self._merging is not None and self.request is not None else None

    def reopen(self, past: ResultContext) -> bool:
        """Show a past merge as it was shown when it was made; the form stays as it is. False if it cannot be now."""
        if past.report is None or self.runner.running:
            return False
        self.made_of = past.choices
        self.report = past.report
        self.request = MergeRequest(past.base, past.adapters, past.merged, combination=past.combination)
        self.reported.emit(past.report)
        self._result.turn_to(past)
        self._update()
        return True

    def hold(self, reason: str, by: str = "trial") -> None:
        """Start nothing while there is a ``reason`` not to; empty lets go. ``by`` tells those apart who hold."""
        if reason != self._held.get(by, ""):
            self._held.pop(by, None)
            self._held |= {by: reason} if reason else {}
            self._update()

    @property
    def task(self) -> MergeRequest | VerifyRequest | None:
        """What is asked for, if nothing but other work stands in its way; how many threads, whoever begins it says."""
        known = self.inspection
        if known is None or not readiness(self._form(), known, merged=self._is_merged).ready:
            return None
        if known.choices.verifies:
            return known.choices.verify_request()
        return known.choices.request(known.output) if known.output else None

    def begin(self) -> None:
        """Start what the window is used for, merging or verifying, if everything is ready; it waits for what runs."""
        inspection = self.inspection
        if not self.readiness.ready or inspection is None:
            return
        if self.runner.running:
            self.queue_wanted.emit(self.task)
        elif inspection.choices.verifies:
            self._begun = inspection.choices
            class_name = inspection.merged.class_name if inspection.merged else None
            self.verification_asked.emit(inspection.choices.verify_request(), class_name or "")
        else:
            self.merge()

    def merge(self, *, resume: bool = False) -> None:
        """Start merging, if everything is ready; ``resume`` goes on with what an ended run left."""
        known = self.inspection
        if not self.readiness.ready or known is None or known.output is None or known.choices.verifies:
            return
        request = replace(known.choices.request(known.output), resume=resume)
        if self.runner.running:
            self.queue_wanted.emit(request)
            return
        self._merging = self._begun = self.made_of = known.choices
        self.request = replace(request, threads=self._settings.preferences.threads or None)
        self.report = None
        self.runner.start(self.request)

    def merge_again(self) -> None:
        """Start the merge that failed once more, as soon as its folders have been looked at; what it left is used.

        Its inputs are shown again if others are chosen by now.
        """
        if self.made_of is not None and not same_inputs(self.made_of, self._form()):
            self.form_wanted.emit(self.made_of)
        self._wants_again = True
        self._go_on()

    def cancel(self) -> None:
        """Ask a running job to stop, and show that it was asked."""
        if self.runner.running:
            self.runner.cancel()
            self.cancelling.emit()
            self.start_bar.say(self.tr("Cancelling…"))
            self.state_changed.emit()

    def save_as(self) -> None:
        """Let the person choose where the latest report is saved."""
        report = self.report
        if report is not None:
            from mergedesk.reports.formats import report_as

            proposed = report.output.parent / f"{report.output.name}-report"
            document = partial(report_as, report_json(report))
            save_document(self._window, self.tr("Save report"), proposed, document, self._notify)

    def copy_code(self) -> None:
        """Put the equivalent PEFT script of the latest merge on the clipboard."""
        if self.request is not None:
            # The script depends on what is in the adapter's folder, which may be on a slow drive.
            ask_in_thread(partial(self._backend.peft_script, self.request), self._receive_code, name="PEFT code")

    def follow_form(self) -> None:
        """Inspect the form if it is another one than before."""
        form = self._form()
        self.start_bar.show_mode(form.mode)
        if form != self._asked:
            self._outcome, self._wants_again = None, False
            self.form_changed.emit()
            self._inspect()

    def look_again(self) -> None:
        """Inspect the folders anew, since the disk may have changed."""
        self._inspect(at_once=True)

    def take_over(self, other: MergeController) -> None:
        """Go on from where another one is, of the same window: what it knows, and what it has begun."""
        self.report, self.request, self._asked = other.report, other.request, other._asked
        self._merging, self._is_merged, self._has_left_work = other._merging, other._is_merged, other._has_left_work
        self._begun, self.made_of = other._begun, other.made_of
        self.start_bar.show_mode(self._form().mode)
        if other.inspection is None or self._asked != self._form():
            self._inspect(at_once=True)
        else:
            self._on_inspected(other.inspection)
            self.inspector.advised.emit(other.advice)

    def show_outcome(self, sentence: str, tone: Tone, *, look_again: bool = False) -> None:
        """Say how a job ended, in the place where it was started; the disk may be another one since."""
        sentence, self._begun = self._with_name(sentence), None
        self._outcome = (sentence, tone)
        announce(self.start_bar, sentence)
        if look_again:
            self.look_again()
        else:
            self._update()
        self.ended.emit()

    def _connect(self) -> None:
        self.start_bar.pressed.connect(self.begin)
        self.inspector.inspected.connect(self._on_inspected)
        self.inspector.advised.connect(self._on_advised)
        self.runner.started.connect(self._on_started)
        self.runner.progressed.connect(self._on_progress)
        self.runner.finished.connect(self._on_finished)
        self.runner.failed.connect(self._on_failed)
        self.runner.cancelled.connect(self._on_cancelled)

    def _inspect(self, *, at_once: bool = False) -> None:
        self._asked = self._form()
        self.inspection = None
        self._is_merged = False
        (self.inspector.ask_at_once if at_once else self.inspector.ask)(self._asked)
        self._update()

    def _on_inspected(self, inspection: Inspection) -> None:
        if not inspection.complete and self._is_about_what_is_shown(inspection):
            return  # half of what is on the page already would only make it flicker
        self.inspection = inspection
        self.inspected.emit(inspection)
        if self.inspection is not inspection:
            return  # folders that are gone were taken out
        self.accepted.emit(inspection)
        self._shown = inspection if inspection.complete else None
        self._update()
        if inspection.complete:
            self._remember(inspection)
        if self.readiness.ready:
            self.runner.warm_up()
        self._go_on()

    def _on_advised(self, advice: PrecisionAdvice | None) -> None:
        self.advice = advice

    def _go_on(self) -> None:
        """Merge again, if that was asked for: now, or once it is known whether it can be."""
        if self._wants_again and self.inspection is not None and self.inspection.complete:
            self._wants_again = False
            self.merge(resume=self._has_left_work)

    def _is_about_what_is_shown(self, inspection: Inspection) -> bool:
        shown = self._shown
        return shown is not None and (shown.base, shown.adapters) == (inspection.base, inspection.adapters)

    def _remember(self, inspection: Inspection) -> None:
        for role, folder_info, kinds in (
            (FolderRole.BASE, inspection.base, MODEL_KINDS),
            *((FolderRole.ADAPTER, adapter, ADAPTER_KINDS) for adapter in inspection.adapters),
            (FolderRole.MERGED, inspection.merged, MODEL_KINDS),
        ):
            if folder_info is not None and folder_info.kind in kinds and reference_of(folder_info.path) is None:
                self._settings.add_recent(role, folder_info.path)

    def _on_started(self) -> None:
        self._outcome = None
        self._begun = self._begun or self.made_of
        if self._merging is not None:
            self._result.turn_to(None)
            self.started.emit()
        self._update()
        self.start_bar.say(say("progress.getting_ready"))

    def _on_progress(self, progress: Progress) -> None:
        if not self.runner.cancelling and self._is_begun(self._form()):
            self.start_bar.say(progress_sentence(progress, verifies=self._merging is None))

    def _on_finished(self, outcome: object) -> None:
        if not isinstance(outcome, MergeReport):
            return
        self._merging, self._has_left_work = None, False
        self.report = outcome
        self.reported.emit(outcome)
        self._result.turn_to(context_of(self.request, outcome) if self.request else None)
        judged = headline_of(outcome)
        if self.published is None:
            self.show_outcome(f"{judged.headline}. {judged.meaning}", judged.tone, look_again=True)
            return
        self._is_merged = self._is_begun(self._form())
        self._keep(self.published)
        if self._is_merged:
            self.merged.emit(outcome.total_bytes)
        sentence = self.tr("{verdict} in {time}.")
        sentence = sentence.format(verdict=judged.headline, time=human_seconds(outcome.seconds))
        self.show_outcome(sentence, judged.tone, look_again=not self._is_merged)

    def _keep(self, output: Path) -> None:
        """Offer a published merge's folder from now on."""
        self._settings.add_recent(FolderRole.OUTPUT, output)
        self._settings.add_recent(FolderRole.MERGED, output)

    def _on_failed(self, failure: Failure) -> None:
        if self._merging is not None:
            self._merging = None
            self._has_left_work = failure.kept is not None and failure.kept.code is Code.WORKER_LEFT_WORK
            self.failed.emit(failure)
            self.show_outcome(finding_message(failure.finding).sentence, Tone.ERROR, look_again=True)

    def _on_cancelled(self) -> None:
        if self._merging is not None:
            self._merging = None
            self.cancelled.emit()
            self.show_outcome(self.tr("Cancelled. Base and adapter are as they were."), Tone.QUIET, look_again=True)

    def _is_begun(self, form: Form) -> bool:
        """Whether what runs, or has just ended, is of this form."""
        return self._begun is None or same_inputs(self._begun, form)

    def _with_name(self, sentence: str) -> str:
        """How a job ended; by its name where the form is another one by now."""
        if self._begun is None or self._is_begun(self._form()) or self._begun.base is None:
            return sentence
        names = [(spoken_name(adapter.folder), adapter.weight) for adapter in self._begun.adapters]
        return f"{sum_of(names, spoken_name(self._begun.base))}: {sentence}"

    def _receive_code(self, code: object) -> None:
        if isinstance(code, Exception):
            dialogs.show_failure(self._window, failure_text(failure_of(code)))
        else:
            QGuiApplication.clipboard().setText(str(code))
            self._notify(self.tr("Copied to the clipboard."))

    def _update(self) -> None:
        self.start_bar.show_readiness(self.readiness)
        self.start_bar.add.setEnabled(self.task is not None)
        if self._outcome is not None:
            self.start_bar.say(*self._outcome)
        self.state_changed.emit()
