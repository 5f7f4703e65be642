"""The window: what goes where, and which commands make sense at the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenuBar

from mergedesk.domain.requests import MergeRequest
from mergedesk.support.failures import failure_of

from .compare.verify_controller import VerifyController
from .demo.demo_controller import DemoController
from .hub.hub_controller import HubController
from .inputs.drop_router import DropRouter
from .inputs.form_undo import FormUndo
from .inputs.inputs_panel import InputsPanel
from .inputs.provenance_suggestions import ProvenanceSuggestions
from .jobs.engine_api import EngineApi
from .menus import Commands
from .merge.follow_ups import FollowUps
from .merge.merge_controller import MergeController
from .results.results_panel import Page, ResultsPanel
from .state.form import Form
from .state.result_context import CurrentResult, ResultContext
from .state.settings import Settings
from .support.support_controller import SupportController
from .text.messages import failure_text
from .theme.stylesheet import apply_theme
from .widgets import dialogs
from .widgets.drop_hint import DropHint
from .widgets.opening import show_folder
from .widgets.page_dialog import resize_within_screen
from .window.drops import DropWindow
from .window.sides import TwoSides

if TYPE_CHECKING:
    from .history.history_dialog import HistoryDialog
    from .preferences.preferences_dialog import PreferencesDialog

_GEOMETRY, _SPLITTER = "window/geometry", "window/splitter"
_LEAST = QSize(820, 520)
_USUAL = QSize(1280, 840)


class MainWindow(DropWindow):
    """Inputs on the left, what is known about them on the right. Pages of a result are made when they are needed.

    ``wiring`` connects the parts, and those that are made later.
    """

    preferred = Signal(object)
    """The ``Preferences`` that the person has now."""
    past_shown = Signal(object)
    """The ``ResultContext`` of a past merge that the pages are about from now on."""
    seen = Signal()
    """The window was painted for the first time."""

    def __init__(self, backend: EngineApi, settings: Settings) -> None:
        super().__init__(backend, settings)
        self._is_seen = False
        self.result = CurrentResult(self)
        self.support = SupportController(self, settings, lambda: self.inputs.choices, lambda: self.past_folders)
        self.support.watch(self.jobs)
        self.make_parts()
        self._restore()
        apply_theme(self)

    def make_parts(self) -> None:
        """Make all that speaks to the person; what runs and what it came to stays where a window is made anew."""
        self.commands = Commands(self)
        self.inputs = InputsPanel(self.settings)
        self.undo = FormUndo(self.inputs)
        self.hub = HubController(self, self.backend)
        self.demo = DemoController(self, self.backend, self.prefill)
        self.results = ResultsPanel(self.demo.card, self.later_page)
        self.merging = MergeController(
            self.backend,
            self.settings,
            self.jobs,
            self.result,
            lambda: self.inputs.choices,
            self,
            lambda said: self.outcome.verification.notice.say(said),
        )
        self.follow_ups = FollowUps(self.backend, self.merging)
        self.verifying = VerifyController(
            self.jobs, self.result, self, lambda said: self.outcome.verdict.notice.say(said)
        )
        self.provenance = ProvenanceSuggestions(
            self, self.backend, self.settings, self.inputs, lambda: self.past_folders
        )
        self.router = DropRouter(self.backend, self)
        self.splitter = self._lay_out()
        self._drop_hint = DropHint(self.results)
        self.splitter.arrange(self.width(), self.height())

    def take_apart(self) -> list[QObject]:
        """Let go of all that ``make_parts`` and later needs made, to be deleted once something is in its place."""
        self.merging.inspector.stop()
        self.hub.stop()
        pages = self.forget_pages()
        self.takeCentralWidget()
        self.splitter.setParent(None)  # its controls are found no more
        parts = [
            self.splitter,
            self.commands,
            self.hub,
            self.demo,
            self.merging,
            self.verifying,
            self.provenance,
            self.router,
        ]
        return [*parts, *pages]

    def prefill(self, choices: Form) -> None:
        """Put given choices into the fields."""
        self.inputs.set_choices(choices)
        self.setFocus()  # in no field: all of them are filled in, and show their paths whole

    def save_report_as(self) -> None:
        """Let the person choose where the latest report, or else the latest verdict, is saved."""
        if self.outcome.shows_verdict_alone:
            self.verifying.save_as()
        else:
            self.merging.save_as()

    def open_result(self) -> None:
        """Show the merged folder in the file manager."""
        context = self.result.context
        folder = context.merged if context else self.merging.published
        if folder is not None:
            show_folder(self, folder)

    def upload_result(self) -> None:
        """Show what of the merged folder would go to a hub."""
        folder = self.merging.published
        if folder is not None:
            self.hub.upload(folder)

    def show_history(self) -> HistoryDialog:
        """Show the past merges."""
        from .history.history_dialog import HistoryDialog

        dialog = HistoryDialog(self, self.past, can_reopen=not self.jobs.running)
        dialog.repeated.connect(self.prefill)
        dialog.reopened.connect(self.reopen)
        dialog.open()
        return dialog

    def reopen(self, past: ResultContext) -> None:
        """Show what came of a past merge, on all its pages."""
        self.results.prepare(Page.RESULT)
        if self.merging.reopen(past):
            self.past_shown.emit(past)

    def receive_past(self, read: object) -> None:
        """Show a past merge that was read, or say why it cannot be."""
        if isinstance(read, Exception):
            dialogs.show_failure(self, failure_text(failure_of(read)))
        elif isinstance(read, ResultContext):
            self.reopen(read)

    def receive_page(self, page: object) -> None:
        """Open a report's page that was written, or say why there is none."""
        from .history.report_page import show_page

        show_page(self, page)

    def show_preferences(self) -> PreferencesDialog:
        """Let the person choose language, looks and habits."""
        from .preferences.preferences_dialog import PreferencesDialog

        dialog = PreferencesDialog(self, self.settings.preferences)
        dialog.changed.connect(self.preferred)
        dialog.open()
        return dialog

    def follow_scheme(self) -> None:
        """Take the colours that the system has now."""
        apply_theme(self)

    def update_commands(self) -> None:
        """Allow what makes sense at the moment."""
        commands, running = self.commands, self.jobs.running
        if "outcome" in self.__dict__:
            self.outcome.lock(running)
        commands.merge.setEnabled(self.merging.readiness.ready)
        commands.add_to_queue.setEnabled(self.merging.task is not None)
        commands.one_each.setEnabled(isinstance(self.merging.task, MergeRequest))
        can_stop_trial = self.trial_runs and self.playground.can_stop
        commands.cancel.setEnabled((running and not self.jobs.cancelling) or can_stop_trial)
        commands.verify_everything.setEnabled(self.verifying.can_verify_everything)
        self.update_list_commands()
        has_report = self.merging.report is not None and not running
        has_verdict = self.verifying.verdict is not None and not running
        is_published = has_report and self.merging.published is not None
        commands.open_result.setEnabled(is_published or (has_verdict and self.result.context is not None))
        commands.save_report.setEnabled(has_report or has_verdict)
        commands.copy_code.setEnabled(has_report)

    def update_list_commands(self) -> None:
        """Allow what can be done with the list of adapters and the one that has the focus."""
        self.commands.allow_list(len(self.inputs.adapters.rows), self.inputs.adapters.current)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Share the width between the two sides, unless that is remembered from the last time."""
        super().showEvent(event)
        self.splitter.share_once(self.width(), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self.splitter.arrange(self.width(), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Tell once that the window is seen."""
        super().paintEvent(event)
        if not self._is_seen:
            self._is_seen = True
            self.seen.emit()

    def remember(self) -> None:
        """Keep what is chosen, and how the window lies, for the next start."""
        self.settings.set_bytes(_GEOMETRY, self.saveGeometry())
        self.settings.set_bytes(_SPLITTER, self.splitter.saveState())
        self.settings.advanced_open = self.inputs.advanced.button.isChecked()
        self.settings.choices = self.inputs.choices
        self.settings.save()

    def _lay_out(self) -> TwoSides:
        sides = TwoSides(self.inputs, self.merging.start_bar, self.results)
        bar = QMenuBar()
        self.commands.fill(bar)
        self.setMenuBar(bar)
        self.setWindowTitle("MergeDesk")
        self.setAcceptDrops(True)
        self.setCentralWidget(sides)
        sides.show()
        self.setMinimumSize(_LEAST)
        return sides

    def _restore(self) -> None:
        resize_within_screen(self, _USUAL.width(), _USUAL.height())
        self.restoreGeometry(self.settings.bytes_of(_GEOMETRY))
        self.splitter.restore(self.settings.bytes_of(_SPLITTER))
        self.splitter.arrange(self.width(), self.height())
        self.inputs.advanced.button.setChecked(self.settings.advanced_open)
        self.inputs.base.edit.setFocus()
