"""The window: what goes where, and its manners when things are dropped on it or it is closed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow, QMenuBar, QMessageBox, QScrollArea, QSplitter, QWidget

from mergedesk.domain.requests import MergeRequest
from mergedesk.support.failures import failure_of

from .compare.verify_controller import VerifyController
from .demo.demo_controller import DemoController
from .hub.hub_controller import HubController
from .inputs.drop_router import DropRouter, Routed
from .inputs.inputs_panel import InputsPanel
from .inputs.provenance_suggestions import ProvenanceSuggestions
from .jobs.engine_api import EngineApi
from .jobs.job_runner import JobRunner
from .menus import Commands
from .merge.follow_ups import FollowUps
from .merge.merge_controller import MergeController
from .queue.queue_controller import QueueController
from .results.results_panel import Page, ResultsPanel
from .state.form import Form
from .state.result_context import CurrentResult, ResultContext
from .state.settings import Settings
from .support.support_controller import SupportController
from .text.messages import failure_text
from .theme.stylesheet import apply_theme
from .theme.typography import grown
from .widgets import dialogs
from .widgets.drop_hint import DropHint
from .widgets.layouts import column, frame, scrolled
from .widgets.path_edit import folders_in, reference_in, take_copied

if TYPE_CHECKING:
    from pathlib import Path

    from mergedesk.domain.folder_info import FolderKind
    from mergedesk.domain.job_list import Task

    from .deploy.deploy_controller import DeployController
    from .effect.effect_page import EffectPage
    from .outside.outside_controller import OutsideController
    from .playground.playground_controller import PlaygroundController
    from .preferences.preferences_dialog import PreferencesDialog
    from .queue.queue_page import QueuePage
    from .results.outcome_page import OutcomePage

_GEOMETRY, _SPLITTER = "window/geometry", "window/splitter"
_LEAST = QSize(820, 520)
_USUAL = QSize(1280, 840)
_SIDEBAR, _SIDEBAR_LEAST, _SIDEBAR_MOST = 400, 360, 640
_PAGE_LEAST = 440
LONG_SECONDS = 10.0
"""What has run for longer is not stopped by a key alone."""
# Below this width, beside type of the usual size, the sides lie below one another.
_BESIDE = 720
QWIDGETSIZE_MAX = (1 << 24) - 1
_Made = TypeVar("_Made")


class MainWindow(QMainWindow):
    """Inputs on the left, what is known about them on the right. Pages of a result are made when they are needed.

    ``wiring`` connects the parts, and those that are made later.
    """

    outcome_made = Signal(object)
    playground_made = Signal(object)
    queue_page_made = Signal(object)
    page_made = Signal(object)
    """Something that shows a result was made: a page or its controller, the playground's too."""
    preferred = Signal(object)
    """The ``Preferences`` that the person has now."""
    seen = Signal()
    """The window was painted for the first time."""

    def __init__(self, backend: EngineApi, settings: Settings) -> None:
        super().__init__()
        self.backend, self.settings = backend, settings
        self._question: QMessageBox | None = None
        self._quitting = False
        self._is_shared = self._is_seen = False
        self.result = CurrentResult(self)
        self.jobs = JobRunner(backend.merge, backend.warm_up, self, backend.verify)
        self.support = SupportController(self, settings, lambda: self.inputs.choices)
        self.support.watch(self.jobs)
        self.queue = QueueController(backend, self, lambda: self.jobs.running or self.trial_runs)
        self.make_parts()
        self._restore()
        apply_theme(self)

    def make_parts(self) -> None:
        """Make all that speaks to the person; what runs and what it came to stays where a window is made anew."""
        self.commands = Commands(self)
        self.inputs = InputsPanel(self.settings)
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
        self.provenance = ProvenanceSuggestions(self, self.backend, self.settings, self.inputs)
        self.router = DropRouter(self.backend, self)
        self.splitter = self._lay_out()
        self._drop_hint = DropHint(self.results)
        self._arrange_sides()

    def take_apart(self) -> list[QObject]:
        """Let go of all that ``make_parts`` and later needs made, to be deleted once something is in its place."""
        self.merging.inspector.stop()
        self.hub.stop()
        later = [self.__dict__.pop(name, None) for name in ("playground", "deploy", "effect", "outcome", "queue_page")]
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
        return [*parts, *(part for part in later[:2] if part is not None)]

    @cached_property
    def outcome(self) -> OutcomePage:
        """The page “Result”."""
        from .results.outcome_page import OutcomePage

        return _announced(OutcomePage(), self.outcome_made)

    @cached_property
    def playground(self) -> PlaygroundController:
        """What happens on the page “Try it”."""
        from .playground.playground_controller import PlaygroundController

        made = PlaygroundController(self.backend, self.settings, self)
        return _announced(made, self.playground_made, self.page_made)

    @cached_property
    def deploy(self) -> DeployController:
        """What happens on the page “Use it”."""
        from .deploy.deploy_controller import DeployController

        made = DeployController(self, self.backend)
        made.queued.connect(self.put_into_queue)
        return _announced(made, self.page_made)

    @cached_property
    def queue_page(self) -> QueuePage:
        """The page “Queue”."""
        from .queue.queue_page import QueuePage

        return _announced(QueuePage(), self.queue_page_made)

    @cached_property
    def outside(self) -> OutsideController:
        """What of a job is seen elsewhere."""
        from .outside.outside_controller import OutsideController

        return OutsideController(self, self.jobs, preferences=lambda: self.settings.preferences)

    @cached_property
    def effect(self) -> EffectPage:
        """The page “Effect”."""
        from .effect.effect_page import EffectPage

        return _announced(EffectPage(), self.page_made)

    def later_page(self, page: Page) -> QWidget:
        """What is on ``page``, made if it is not yet."""
        if page is Page.RESULT:
            return self.outcome
        if page in (Page.EFFECT, Page.QUEUE):
            return self.effect if page is Page.EFFECT else self.queue_page
        return self.playground.page if page is Page.PLAYGROUND else self.deploy.page

    @property
    def trial_runs(self) -> bool:
        """Whether something runs on the page “Try it”."""
        return "playground" in self.__dict__ and self.playground.runner.running

    @property
    def works(self) -> bool:
        """Whether a merge or a verification runs, the queue's too."""
        return self.jobs.running or self.queue.running

    @property
    def is_held(self) -> bool:
        """Whether something runs whose page cannot be made anew meanwhile."""
        makes = "deploy" in self.__dict__ and self.deploy.running
        return self.trial_runs or makes or self.hub.running or self.demo.runner.running

    def prefill(self, choices: Form) -> None:
        """Put given choices into the fields."""
        self.inputs.set_choices(choices)
        self.setFocus()  # in no field: all of them are filled in, and show their paths whole

    def cancel_and_quit(self) -> None:
        """Close without asking, once a running job has stopped."""
        self._quitting = True
        if self.queue.running:
            self.queue.close()
        elif self.jobs.running:
            self.merging.cancel()
        elif self.trial_runs:
            self.playground.stop()
        else:
            self.close()

    def cancel(self) -> None:
        """Stop what runs; a job that has run for long only if the person is sure."""
        if self.jobs.seconds > LONG_SECONDS and not self.jobs.cancelling:
            if self._question is None:
                self._question = dialogs.ask_to_stop(self, self.merging.cancel, verifies=self.verifying.running)
                self._question.finished.connect(self._forget_question)
            return
        self.merging.cancel()
        if self.trial_runs:
            self.playground.stop()

    def save_report_as(self) -> None:
        """Let the person choose where the latest report, or else the latest verdict, is saved."""
        if self.outcome.shows_verdict_alone:
            self.verifying.save_as()
        else:
            self.merging.save_as()

    def add_to_queue(self) -> None:
        """Put what is chosen into the queue, as a job of its own."""
        if (task := self.merging.task) is not None:
            self.put_into_queue(task)

    def ask_one_each(self) -> None:
        """Let the person lay a merge of each adapter at each strength into the queue."""
        from .queue.one_each_dialog import OneEachDialog

        if isinstance(task := self.merging.task, MergeRequest):
            dialog = OneEachDialog(self, task)
            dialog.queued.connect(self.queue.add)
            dialog.open()

    def put_into_queue(self, task: Task) -> None:
        """Lay a job at the queue's end."""
        self.queue.add([task])
        self.results.name_pages()
        self.merging.start_bar.say(self.tr("Added to the queue."))

    def open_result(self) -> None:
        """Show the merged folder in the file manager."""
        context = self.result.context
        folder = context.merged if context else self.merging.published
        if folder is not None:
            dialogs.show_folder(self, folder)

    def upload_result(self) -> None:
        """Show what of the merged folder would go to a hub."""
        folder = self.merging.published
        if folder is not None:
            self.hub.upload(folder)

    def show_history(self) -> None:
        """Show the past merges."""
        from .history.history_dialog import HistoryDialog

        can_repeat = not self.jobs.running
        HistoryDialog(self, self.settings, self.prefill, self.reopen, can_repeat=can_repeat).open()

    def reopen(self, past: ResultContext) -> None:
        """Show what came of a past merge, on all its pages."""
        self.results.prepare(Page.RESULT)
        self.merging.reopen(past)

    def receive_past(self, read: object) -> None:
        """Show a past merge that was read, or say why it cannot be."""
        if isinstance(read, Exception):
            dialogs.show_failure(self, failure_text(failure_of(read)))
        elif isinstance(read, ResultContext):
            self.reopen(read)

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

    def receive(self, routed: Routed) -> None:
        """Put a dropped folder where it belongs."""
        if not self.jobs.running:
            self.inputs.receive(routed.folder, routed.kind, is_merge=routed.is_merge)

    def receive_name(self, path: Path, kind: FolderKind) -> None:
        """Put a dropped name into the field of its kind, which goes on with it."""
        self._drop_hint.hide()
        self.receive(Routed(path, kind))

    def close_if_asked(self) -> None:
        """A job has ended: there is nothing to ask any more, and if the person wants to leave, nothing to wait for."""
        if self._question is not None:
            self._question.reject()
        if self._quitting:
            self.close()

    def update_commands(self) -> None:
        """Allow what makes sense at the moment."""
        commands, running = self.commands, self.jobs.running
        self.inputs.setEnabled(not running)
        self.results.preflight.findings.lock(running)
        if "outcome" in self.__dict__:
            self.outcome.lock(running)
        commands.allow_inputs(not running)
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

    def begin_anew(self) -> None:
        """Empty the form, and put away what came of the last one."""
        self.inputs.clear()
        self.result.turn_to(None)
        self.results.show_page(Page.PREFLIGHT)

    def update_list_commands(self) -> None:
        """Allow what can be done with the list of adapters and the one that has the focus."""
        adapters, allowed = self.inputs.adapters, not self.jobs.running
        current = adapters.current if allowed else None
        self.commands.allow_list(len(adapters.rows), current, allowed and adapters.can_undo)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Share the width between the two sides, unless that is remembered from the last time."""
        super().showEvent(event)
        if not self._is_shared:
            whole, sidebar = self._room_of_sides(self.splitter.orientation() is Qt.Orientation.Vertical)
            self.splitter.setSizes([sidebar, whole - sidebar])
            self._is_shared = True

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._arrange_sides()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Tell once that the window is seen."""
        super().paintEvent(event)
        if not self._is_seen:
            self._is_seen = True
            self.seen.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Close at once, or ask first while a merge is running; a trial is stopped without a question."""
        event.ignore()
        if self.trial_runs:
            self.cancel_and_quit()
        elif not self.jobs.running and not self.queue.running:
            self._remember()
            self.backend.close()
            event.accept()
        elif self._question is None and not self._quitting:
            self._question = self._ask_to_quit()
            self._question.finished.connect(self._forget_question)

    def _ask_to_quit(self) -> QMessageBox:
        if self.queue.running:
            return dialogs.ask_to_leave_queue(self, self.cancel_and_quit)
        return dialogs.ask_to_cancel(self, self.cancel_and_quit, verifies=self.verifying.running)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Welcome folders anywhere, and names of models on a hub."""
        dropped = event.mimeData()
        if (folders_in(dropped) or reference_in(dropped)) and not self.jobs.running:
            take_copied(event)
            self._drop_hint.appear()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 (Qt's name)
        """Back to normal."""
        self._drop_hint.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Find out what was dropped; it goes where it belongs."""
        self._drop_hint.hide()
        take_copied(event)
        folders, name = folders_in(event.mimeData()), reference_in(event.mimeData())
        if folders:
            self.router.route(folders)
        elif name is not None and self.hub.find_place(name):
            self._drop_hint.say_looking(name.text)

    def _forget_question(self) -> None:
        self._question = None

    def _lay_out(self) -> QSplitter:
        parts = column(_scrolled(self.inputs), self.merging.start_bar, spacing=0)
        parts.setContentsMargins(0, 0, 1, 0)  # the line between the two sides
        sidebar = self._sidebar = frame("sidebar", parts)
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False, handleWidth=4)
        splitter.addWidget(sidebar)
        splitter.addWidget(self.results)
        splitter.setStretchFactor(1, 1)
        bar = QMenuBar()
        self.commands.fill(bar)
        self.setMenuBar(bar)
        self.setWindowTitle("MergeDesk")
        self.setAcceptDrops(True)
        self.setCentralWidget(splitter)
        splitter.show()
        self.setMinimumSize(_LEAST)
        return splitter

    def _arrange_sides(self) -> None:
        """Put the sides below one another where large type leaves too little width for both."""
        is_stacked = self.width() < grown(_BESIDE)
        sidebar, splitter = self._sidebar, self.splitter
        least = max(_SIDEBAR_LEAST, min(grown(_SIDEBAR_LEAST), self.width() * 2 // 5))
        sidebar.setMinimumWidth(0 if is_stacked else least)
        sidebar.setMaximumWidth(QWIDGETSIZE_MAX if is_stacked else grown(_SIDEBAR_MOST))
        self.results.setMinimumWidth(0 if is_stacked else _PAGE_LEAST)
        wanted = Qt.Orientation.Vertical if is_stacked else Qt.Orientation.Horizontal
        if splitter.orientation() is not wanted:
            splitter.setOrientation(wanted)
            whole, sidebar_size = self._room_of_sides(is_stacked)
            splitter.setSizes([sidebar_size, whole - sidebar_size])

    def _room_of_sides(self, is_stacked: bool) -> tuple[int, int]:
        """What both sides share, and the sidebar's part of it."""
        if is_stacked:
            return self.height(), self.height() // 2
        return self.width(), min(grown(_SIDEBAR), self.width() * 2 // 5)

    def _restore(self) -> None:
        room = self.screen().availableSize()
        self.resize(_USUAL.boundedTo(room))
        self.restoreGeometry(self.settings.bytes_of(_GEOMETRY))
        self._is_shared = self.splitter.restoreState(self.settings.bytes_of(_SPLITTER))
        self._arrange_sides()
        self.inputs.advanced.button.setChecked(self.settings.advanced_open)
        self.inputs.base.edit.setFocus()

    def _remember(self) -> None:
        self.settings.set_bytes(_GEOMETRY, self.saveGeometry())
        self.settings.set_bytes(_SPLITTER, self.splitter.saveState())
        self.settings.advanced_open = self.inputs.advanced.button.isChecked()
        self.settings.choices = self.inputs.choices
        self.settings.save()
        self.queue.finish()
        self.demo.stop()
        self.hub.stop()
        self.merging.inspector.stop()


def _announced(made: _Made, *signals: SignalInstance) -> _Made:
    for signal in signals:
        signal.emit(made)
    return made


def _scrolled(inputs: QWidget) -> QScrollArea:
    inputs.setProperty("part", "plain")
    inputs.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return scrolled(inputs, "plain")
