"""What can be done with a report: save it, copy the same merge as code."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from mergedesk.domain.merge_report import report_json
from mergedesk.support.failures import failure_of

from ..jobs.engine_api import EngineApi
from ..jobs.queued_signal import ask_in_thread
from ..text.messages import failure_text
from ..widgets import dialogs
from ..widgets.file_dialogs import save_document
from .merge_controller import MergeController


class ReportActions(QObject):
    """Does over a window what the buttons of the report ask for; ``notify`` says there what was done."""

    def __init__(
        self, window: QWidget, backend: EngineApi, merging: MergeController, notify: Callable[[str], None]
    ) -> None:
        super().__init__(window)
        self._window, self._backend, self._merging, self._notify = window, backend, merging, notify

    def save_as(self) -> None:
        """Let the person choose where the latest report is saved."""
        report = self._merging.report
        if report is None:
            return
        from mergedesk.reports.formats import report_as

        proposed = report.output.parent / f"{report.output.name}-report"
        document = partial(report_as, report_json(report))
        save_document(self._window, self.tr("Save report"), proposed, document, self._notify)

    def copy_code(self) -> None:
        """Put the equivalent PEFT script of the latest merge on the clipboard."""
        if self._merging.request is not None:
            # The script depends on what is in the adapter's folder, which may be on a slow drive.
            write = partial(self._backend.peft_script, self._merging.request)
            ask_in_thread(write, self._receive_code, name="PEFT code")

    def _receive_code(self, code: object) -> None:
        if isinstance(code, Exception):
            dialogs.show_failure(self._window, failure_text(failure_of(code)))
        else:
            QGuiApplication.clipboard().setText(str(code))
            self._notify(self.tr("Copied to the clipboard."))
