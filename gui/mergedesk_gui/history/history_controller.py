"""What is done with past merges: shown, opened, repeated, forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ..jobs.failures import failure_of
from ..jobs.queued_signal import ask_in_thread
from ..platform.file_manager import open_path
from ..state.form import Form
from ..state.history_entry import HistoryEntry
from ..state.mode import Mode
from ..state.settings import Settings
from ..text.messages import failure_text
from ..widgets import dialogs

if TYPE_CHECKING:
    from .history_dialog import HistoryDialog


class HistoryController(QObject):
    """Opens the list of past merges over a window; ``repeat`` gets the settings that are wanted again."""

    def __init__(self, window: QWidget, settings: Settings, repeat: Callable[[Form], None]) -> None:
        super().__init__(window)
        self._window, self._settings, self._repeat = window, settings, repeat

    def show(self, *, can_repeat: bool) -> HistoryDialog:
        """Open the list; a running merge forbids repeating an earlier one."""
        from .history_dialog import HistoryDialog

        dialog = HistoryDialog(self._window, self._settings.past_merges, can_repeat=can_repeat)
        dialog.report_asked.connect(self._open_report)
        dialog.folder_asked.connect(self._open_folder)
        dialog.again_asked.connect(self._choose_again)
        dialog.verify_asked.connect(self._choose_to_verify)
        dialog.removed.connect(self._settings.remove_past_merge)
        dialog.open()
        return dialog

    def _open_report(self, past: HistoryEntry) -> None:
        from .report_page import report_page

        ask_in_thread(partial(report_page, past.output), self._show_page, name="report page")

    def _show_page(self, page: object) -> None:
        if isinstance(page, Exception):
            dialogs.show_failure(self._window, failure_text(failure_of(page)))
        elif isinstance(page, Path) and not open_path(page):
            dialogs.tell(
                self._window,
                self.tr("The system offers no browser."),
                self.tr("The report is in {path}").format(path=page),
            )

    def _open_folder(self, past: HistoryEntry) -> None:
        dialogs.show_folder(self._window, past.output)

    def _choose_again(self, past: HistoryEntry) -> None:
        self._repeat(past.choices)

    def _choose_to_verify(self, past: HistoryEntry) -> None:
        self._repeat(replace(past.choices, mode=Mode.VERIFY, merged=past.output))
