"""What can be done with a verdict: save it, copy its reason."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from mergedesk.domain.requests import VerifyRequest
from mergedesk.domain.verdict import Verdict

from ..merge.merge_controller import MergeController
from ..results.file_actions import open_folder, save_verdict
from ..results.results_panel import ResultsPanel
from ..widgets import dialogs
from ..widgets.folder_dialog import choose_new_file


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
        proposed = request.merged.parent / f"{request.merged.name}-verdict"
        kinds = {"html": self.tr("Web page"), "md": self.tr("Markdown"), "json": self.tr("JSON")}
        receive = partial(self._save, request, verdict)
        choose_new_file(self._window, self.tr("Save verdict"), str(proposed), kinds, receive)

    def copy_reason(self) -> None:
        """Put the verdict and its reason on the clipboard."""
        if self._panel.words is not None:
            QGuiApplication.clipboard().setText(self._panel.words.whole)
            self._panel.notify(self.tr("Copied to the clipboard."))

    def open_folder(self) -> None:
        """Show the checked folder in the file manager."""
        request = self._flow.check.request
        if request is not None and not open_folder(request.merged):
            dialogs.tell_no_file_manager(self._window, request.merged)

    def _save(self, request: VerifyRequest, verdict: Verdict, file: str) -> None:
        try:
            save_verdict(request, verdict, Path(file))
        except OSError as error:
            reason = error.strerror or str(error)
            dialogs.tell(
                self._window,
                self.tr("The verdict could not be saved: {reason}.").format(reason=reason),
                self.tr("Choose another folder, one you may write to."),
            )
        else:
            self._panel.notify(self.tr("Saved as {name}.").format(name=Path(file).name))
