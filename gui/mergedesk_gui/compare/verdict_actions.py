"""What can be done with a verdict: save it, copy its reason."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from mergedesk.reports.formats import write_as
from mergedesk.reports.verdict_document import verdict_as

from ..merge.merge_controller import MergeController
from ..platform.file_manager import open_path
from ..results.results_panel import ResultsPanel
from ..widgets import dialogs
from ..widgets.save_document import save_document


class VerdictActions(QObject):
    """Does over a window what the buttons of the verdict ask for."""

    def __init__(self, window: QWidget, flow: MergeController, results: ResultsPanel) -> None:
        super().__init__(window)
        self._window, self._flow, self._panel = window, flow, results.verdict
        self._panel.save_asked.connect(self.save_as)
        self._panel.copy_asked.connect(self.copy_reason)
        self._panel.open_asked.connect(self.open_folder)

    def save_as(self) -> None:
        """Let the person choose where the verdict is saved."""
        request, verdict = self._flow.check.request, self._flow.check.verdict
        if request is None or verdict is None:
            return
        document = partial(verdict_as, request, verdict)
        proposed = request.merged.parent / f"{request.merged.name}-verdict"
        save_document(self._window, self.tr("Save verdict"), proposed, partial(write_as, document), self._panel.notify)

    def copy_reason(self) -> None:
        """Put the verdict and its reason on the clipboard."""
        if self._panel.words is not None:
            QGuiApplication.clipboard().setText(self._panel.words.whole)
            self._panel.notify(self.tr("Copied to the clipboard."))

    def open_folder(self) -> None:
        """Show the checked folder in the file manager."""
        request = self._flow.check.request
        if request is not None and not open_path(request.merged):
            dialogs.tell_no_file_manager(self._window, request.merged)
