"""The window: what goes where, and its manners when things are dropped on it or it is closed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QMainWindow, QMessageBox, QScrollArea, QSplitter, QWidget

from mergedesk.domain.merge_report import report_json
from mergedesk.reports.formats import report_as, write_as

from .compare.verdict_actions import VerdictActions
from .demo.demo_controller import DemoController
from .deploy.deploy_controller import DeployController
from .effect.effect_page import EffectPage
from .history.history_controller import HistoryController
from .inputs.drop_router import DropRouter, Routed
from .inputs.inputs_panel import InputsPanel
from .inputs.provenance_suggestions import ProvenanceSuggestions
from .jobs.engine_api import EngineApi
from .jobs.failures import failure_of
from .jobs.queued_signal import ask_in_thread
from .menus import WindowActions
from .merge.merge_controller import MergeController
from .merge.start_bar import StartBar
from .platform.file_manager import open_path
from .playground.playground_controller import PlaygroundController
from .results.results_panel import Page, ResultsPanel
from .state.form import Form
from .state.mode import Mode
from .state.settings import Settings
from .support.support_controller import SupportController
from .text.messages import failure_text
from .text.weight_delta_text import weight_delta_of
from .theme.apply import apply_theme
from .widgets import dialogs
from .widgets.drop_hint import DropHint
from .widgets.folder_input import folders_in
from .widgets.layouts import column, frame
from .widgets.save_document import save_document

_GEOMETRY, _SPLITTER = "window/geometry", "window/splitter"
_LEAST = QSize(820, 520)
_USUAL = QSize(1280, 840)
_SIDEBAR, _SIDEBAR_LEAST, _SIDEBAR_MOST = 400, 360, 640
_PAGE_LEAST = 440


class MainWindow(QMainWindow):
    """Inputs on the left, what is known about them on the right."""

    def __init__(self, backend: EngineApi, settings: Settings) -> None:
        super().__init__()
        self._backend, self._settings = backend, settings
        self._question: QMessageBox | None = None
        self._quitting = False
        self._is_shared = False
        self.inputs = InputsPanel(settings)
        self.start = StartBar()
        self.effect = EffectPage()
        self.trial = PlaygroundController(backend, settings, self)
        self.use_it = DeployController(self, backend)
        self.demo = DemoController(self, backend, self.prefill)
        self.results = ResultsPanel(self.demo.card, (self.effect, self.trial.page, self.use_it.page))
        self.actions_ = WindowActions(self)
        self.flow = MergeController(backend, settings, self.inputs, self.start, self.results)
        self.flow.setParent(self)
        self.history = HistoryController(self, settings, self.prefill)
        self.origins = ProvenanceSuggestions(self, backend, settings, self.inputs)
        self.proof = VerdictActions(self, self.flow, self.results)
        self.upkeep = SupportController(self, settings, lambda: self.inputs.choices)
        self.upkeep.watch(self.flow.runner, self.trial.runner)
        self._router = DropRouter(backend, self)
        self._splitter = self._lay_out()
        self._drop_hint = DropHint(self.results)
        self.setAcceptDrops(True)
        self.setWindowTitle("MergeDesk")
        self._connect()
        self._restore()
        apply_theme(self)

    def prefill(self, choices: Form) -> None:
        """Put given choices into the fields."""
        self.inputs.set_choices(choices)
        self.setFocus()  # in no field: all of them are filled in, and show their paths whole

    def cancel_and_quit(self) -> None:
        """Close without asking, once a running merge has stopped."""
        self._quitting = True
        if self.flow.runner.running:
            self.flow.cancel()
        elif self.trial.running:
            self.trial.stop()
        else:
            self.close()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Share the width between the two sides, unless that is remembered from the last time."""
        super().showEvent(event)
        if not self._is_shared:
            sidebar = min(_SIDEBAR, self.width() * 2 // 5)
            self._splitter.setSizes([sidebar, self.width() - sidebar])
            self._is_shared = True

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Close at once, or ask first while a merge is running; a trial is stopped without a question."""
        if self.trial.running:
            event.ignore()
            self.cancel_and_quit()
            return
        if not self.flow.runner.running:
            self._remember()
            self._backend.close()
            event.accept()
            return
        event.ignore()
        if self._question is None and not self._quitting:
            checks = self.flow.check.running
            self._question = dialogs.ask_to_cancel(self, self.cancel_and_quit, checks=checks)
            self._question.finished.connect(self._forget_question)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Welcome folders anywhere."""
        if folders_in(event.mimeData()) and not self.flow.runner.running:
            event.acceptProposedAction()
            self._drop_hint.appear()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 (Qt's name)
        """Back to normal."""
        self._drop_hint.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Find out what was dropped; it goes where it belongs."""
        self._drop_hint.hide()
        event.acceptProposedAction()
        self._router.route(folders_in(event.mimeData()))

    def save_report_as(self) -> None:
        """Let the person choose where the latest report, or else the latest verdict, is saved."""
        report = self.flow.report
        if self.results.shows_verdict_alone:
            self.proof.save_as()
            return
        if report is None:
            return
        name = f"{report.output.name}-report" if report.output else "mergedesk-report"
        folder = report.output.parent if report.output else Path.home()
        document = partial(report_as, report_json(report))
        notify = self.results.verification.notify
        save_document(self, self.tr("Save report"), folder / name, partial(write_as, document), notify)

    def open_result(self) -> None:
        """Show the merged folder in the file manager."""
        subject = self.results.subject
        folder = subject.merged if subject else self.flow.published
        if folder is not None and not open_path(folder):
            dialogs.tell_no_file_manager(self, folder)

    def show_history(self) -> None:
        """Show the past merges."""
        self.history.show(can_repeat=not self.flow.runner.running)

    def copy_code(self) -> None:
        """Put the equivalent PEFT script of the latest merge on the clipboard."""
        if self.flow.request is not None:
            # The script depends on what is in the adapter's folder, which may be on a slow drive.
            write = partial(self._backend.peft_script, self.flow.request)
            ask_in_thread(write, self._receive_code, name="PEFT code")

    def _receive_code(self, code: object) -> None:
        if isinstance(code, Exception):
            dialogs.show_failure(self, failure_text(failure_of(code)))
        else:
            QGuiApplication.clipboard().setText(str(code))
            self.results.verification.notify(self.tr("Copied to the clipboard."))

    def _on_routed(self, routed: Routed) -> None:
        if not self.flow.runner.running:
            self.inputs.receive(routed.folder, routed.kind, is_merge=routed.is_merge)

    def _on_ended(self) -> None:
        if self._question is not None:
            self._question.reject()
        if self._quitting:
            self.close()

    def _forget_question(self) -> None:
        self._question = None

    def _follow_scheme(self) -> None:
        apply_theme(self)

    def _update_actions(self) -> None:
        flow, running = self.flow, self.flow.runner.running
        self.actions_.merge.setEnabled(flow.readiness.ready)
        self.actions_.cancel.setEnabled((running and not flow.runner.cancelling) or self.trial.can_stop)
        self.actions_.allow_inputs(not running)
        self.actions_.show_mode(self.inputs.mode)
        self.actions_.check_everything.setEnabled(flow.can_check_everything)
        self._update_list_actions()
        has_report = flow.report is not None and not running
        has_verdict = flow.check.verdict is not None and not running
        has_folder = (has_report and flow.published is not None) or (has_verdict and self.results.subject is not None)
        self.actions_.allow_result(has_report or has_verdict, has_folder)
        self.actions_.copy_code.setEnabled(has_report)

    def _update_list_actions(self) -> None:
        adapters, allowed = self.inputs.adapters, not self.flow.runner.running
        current = adapters.current if allowed else None
        self.actions_.allow_list(len(adapters.rows), current, allowed and adapters.can_undo)

    def _connect(self) -> None:
        actions, flow, verification = self.actions_, self.flow, self.results.verification
        adapters = self.inputs.adapters
        for signal, slot in (
            (actions.base.triggered, self.inputs.base.browse),
            (actions.adapter.triggered, self.inputs.adapter.browse),
            (actions.output.triggered, lambda: self.inputs.goal.browse()),
            (actions.swap.triggered, lambda: self.inputs.swap()),
            (actions.undo.triggered, adapters.undo),
            (actions.add_adapter.triggered, adapters.add),
            (actions.move_up.triggered, lambda: adapters.move_current(-1)),
            (actions.move_down.triggered, lambda: adapters.move_current(1)),
            (actions.remove_adapter.triggered, adapters.remove_current),
            (adapters.arranged, self._update_list_actions),
            (actions.refresh.triggered, flow.look_again),
            (actions.open_result.triggered, self.open_result),
            (actions.save_report.triggered, self.save_report_as),
            (actions.copy_code.triggered, self.copy_code),
            (actions.history.triggered, self.show_history),
            (actions.quit.triggered, self.close),
            (actions.merge.triggered, flow.begin),
            (actions.mode_merge.triggered, lambda: self.inputs.set_mode(Mode.MERGE)),
            (actions.mode_check.triggered, lambda: self.inputs.set_mode(Mode.CHECK)),
            (actions.check_everything.triggered, flow.check_everything),
            (actions.cancel.triggered, flow.cancel),
            (actions.show_checks.triggered, lambda: self.results.show_page(Page.CHECKS)),
            (actions.show_result.triggered, lambda: self.results.show_page(Page.RESULT)),
            (actions.show_effect.triggered, lambda: self.results.show_page(Page.EFFECT)),
            (actions.show_tryout.triggered, lambda: self.results.show_page(Page.TRYOUT)),
            (actions.cancel.triggered, self.trial.stop),
            (flow.state_changed, lambda: self.trial.wait_for(flow.runner.running)),
            (self.results.subject_changed, self.trial.set_subject),
            (self.results.subject_changed, lambda subject: self.effect.show_effect(weight_delta_of(subject))),
            (self.trial.state_changed, lambda: flow.hold(self.trial.hold)),
            (self.trial.state_changed, self._update_actions),
            (self.trial.ended, self._on_ended),
            (self.trial.answered, flow.keep_answer),
            (actions.help.triggered, lambda: dialogs.show_help(self)),
            (actions.diagnostics.triggered, self.upkeep.show_diagnostics),
            (actions.log_folder.triggered, self.upkeep.show_log_folder),
            (actions.licences.triggered, self.upkeep.show_licences),
            (actions.about.triggered, self.upkeep.show_about),
            (QGuiApplication.styleHints().colorSchemeChanged, self._follow_scheme),
            (verification.open_asked, self.open_result),
            (verification.save_asked, self.save_report_as),
            (verification.copy_asked, self.copy_code),
            (self._router.routed, self._on_routed),
            (flow.inspector.inspected, self.origins.look),
            (actions.show_use_it.triggered, lambda: self.results.show_page(Page.USE_IT)),
            (self.results.subject_changed, self.use_it.set_subject),
            (flow.state_changed, self._update_actions),
            (flow.ended, self._on_ended),
        ):
            signal.connect(slot)
        actions.fill(self.menuBar())
        self._update_actions()

    def _lay_out(self) -> QSplitter:
        parts = column(_scrolled(self.inputs), self.start, spacing=0)
        parts.setContentsMargins(0, 0, 1, 0)  # the line between the two sides
        sidebar = frame("sidebar", parts)
        sidebar.setMinimumWidth(_SIDEBAR_LEAST)
        sidebar.setMaximumWidth(_SIDEBAR_MOST)
        self.results.setMinimumWidth(_PAGE_LEAST)
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False, handleWidth=4)
        splitter.addWidget(sidebar)
        splitter.addWidget(self.results)
        splitter.setStretchFactor(1, 1)
        self.setCentralWidget(splitter)
        self.setMinimumSize(_LEAST)
        return splitter

    def _restore(self) -> None:
        room = self.screen().availableSize()
        self.resize(_USUAL.boundedTo(room))
        self.restoreGeometry(self._settings.bytes_of(_GEOMETRY))
        self._is_shared = self._splitter.restoreState(self._settings.bytes_of(_SPLITTER))
        self.inputs.advanced.button.setChecked(self._settings.advanced_open)
        self.inputs.base.edit.setFocus()

    def _remember(self) -> None:
        self._settings.set_bytes(_GEOMETRY, self.saveGeometry())
        self._settings.set_bytes(_SPLITTER, self._splitter.saveState())
        self._settings.advanced_open = self.inputs.advanced.is_open
        self._settings.choices = self.inputs.choices
        self._settings.save()
        self.demo.stop()


def _scrolled(inputs: QWidget) -> QScrollArea:
    inputs.setProperty("part", "plain")
    inputs.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setProperty("part", "plain")
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inputs)
    return area
