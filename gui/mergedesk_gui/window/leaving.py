"""The window's manners when what runs is to stop, or when it is closed."""

from __future__ import annotations

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMessageBox

from ..compare.verify_controller import VerifyController
from ..demo.demo_controller import DemoController
from ..hub.hub_controller import HubController
from ..jobs.engine_api import EngineApi
from ..merge.merge_controller import MergeController
from ..queue.queue_controller import QueueController
from ..state.settings import Settings
from ..widgets import dialogs
from .later_pages import LaterPages

LONG_SECONDS = 10.0
"""What has run for longer is not stopped by a key alone."""


class LeavingWindow(LaterPages):
    """Asks before a job is lost; closes at once where none runs."""

    merging: MergeController
    verifying: VerifyController
    hub: HubController
    demo: DemoController

    def __init__(self, backend: EngineApi, settings: Settings) -> None:
        super().__init__(backend, settings)
        self._question: QMessageBox | None = None
        self._quitting = False
        self.queue = QueueController(
            backend,
            self,
            lambda: self.jobs.running or self.trial_runs,
            lambda: settings.preferences.threads,
            lambda: self.merging.writing,
        )

    @property
    def works(self) -> bool:
        """Whether a merge or a verification runs, the queue's too."""
        return self.jobs.running or self.queue.running

    @property
    def is_held(self) -> bool:
        """Whether something runs whose page cannot be made anew meanwhile."""
        makes = "deploy" in self.__dict__ and self.deploy.running
        return self.trial_runs or makes or self.hub.running or self.demo.runner.running

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

    def close_if_asked(self) -> None:
        """A job has ended: there is nothing to ask any more, and if the person wants to leave, nothing to wait for."""
        if self._question is not None:
            self._question.reject()
        if self._quitting:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Close at once, or ask first while a merge is running; a trial is stopped without a question."""
        event.ignore()
        if self.trial_runs:
            self.cancel_and_quit()
        elif not self.works:
            self._finish()
            event.accept()
        elif self._question is None and not self._quitting:
            self._question = self._ask_to_quit()
            self._question.finished.connect(self._forget_question)

    def remember(self) -> None:
        """Keep for the next start what the window shows; each window says what that is."""

    def _finish(self) -> None:
        self.remember()
        self.queue.finish()
        self.demo.stop()
        self.hub.stop()
        if "library" in self.__dict__:
            self.library.stop()
        self.merging.inspector.stop()
        self.backend.close()

    def _ask_to_quit(self) -> QMessageBox:
        if self.queue.running:
            return dialogs.ask_to_leave_queue(self, self.cancel_and_quit)
        return dialogs.ask_to_cancel(self, self.cancel_and_quit, verifies=self.verifying.running)

    def _forget_question(self) -> None:
        self._question = None
