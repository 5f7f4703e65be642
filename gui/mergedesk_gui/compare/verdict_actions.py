"""What can be done with a verdict: save it, copy its reason, open its folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ..text.outcome_text import verdict_text_of
from ..widgets import dialogs
from ..widgets.file_dialogs import save_document
from .verify_controller import VerifyController


class VerdictActions(QObject):
    """Does over a window what the buttons of the verdict ask for; ``notify`` says there what was done."""

    def __init__(self, window: QWidget, verifying: VerifyController, notify: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window, self._verifying, self._notify = window, verifying, notify

    def save_as(self) -> None:
        """Let the person choose where the verdict is saved."""
        request, verdict = self._verifying.request, self._verifying.verdict
        if request is not None and verdict is not None:
            from mergedesk.reports.verdict_document import verdict_as

            proposed = request.merged.parent / f"{request.merged.name}-verdict"
            document = partial(verdict_as, request, verdict)
            save_document(self._window, self.tr("Save verdict"), proposed, document, self._notify)

    def copy_reason(self) -> None:
        """Put the verdict and its reason on the clipboard."""
        if self._verifying.verdict is not None:
            QGuiApplication.clipboard().setText(verdict_text_of(self._verifying.verdict).whole)
            self._notify(self.tr("Copied to the clipboard."))

    def open_folder(self) -> None:
        """Show the verified folder in the file manager."""
        if self._verifying.request is not None:
            dialogs.show_folder(self._window, self._verifying.request.merged)
