"""Past merges: what became of each, its report, and its settings for another merge."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from platformdirs import user_cache_path
from PySide6.QtCore import QDateTime, QLocale
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from mergedesk.checkpoints.files import has_report
from mergedesk.domain.folder_names import spoken_name
from mergedesk.support.failures import failure_of

from ..jobs.queued_signal import ask_in_thread
from ..platform.file_manager import open_path
from ..state.form import Form
from ..state.history_entry import HistoryEntry
from ..state.mode import Mode
from ..state.settings import Settings
from ..text.folder_text import sum_of
from ..text.messages import failure_text
from ..theme.typography import TextRole
from ..widgets import dialogs
from ..widgets.icons import IconButton
from ..widgets.labels import Text
from ..widgets.page_dialog import PageDialog
from ..widgets.table import Cell, ReadTable
from ..widgets.wrapping import WrapRow

_WIDTH, _TABLE_HEIGHT = 760, 420


class HistoryDialog(PageDialog):
    """The past merges, the latest first; ``repeat`` gets the settings that are wanted again."""

    def __init__(
        self, parent: QWidget, settings: Settings, repeat: Callable[[Form], None], *, can_repeat: bool
    ) -> None:
        super().__init__(parent, self.tr("Past merges"))
        self.setMinimumWidth(_WIDTH)
        self._settings, self._repeat, self._can_repeat = settings, repeat, can_repeat
        self._merges = list(settings.past_merges)
        self._whole: dict[Path, bool] = {}
        self._empty = Text(self.tr("There are no past merges yet."), tone="quiet")
        self._table = self._make_table()
        self._buttons = self._make_buttons()
        self._lay_out()
        self._show()
        outputs = [past.output for past in self._merges]
        ask_in_thread(lambda: {folder: has_report(folder) for folder in outputs}, self._receive, name="past merges")

    @property
    def selected(self) -> HistoryEntry | None:
        """The merge whose row is selected."""
        rows = self._table.selectionModel().selectedRows()
        return self._merges[rows[0].row()] if rows else None

    def _receive(self, whole: object) -> None:
        if isinstance(whole, dict):
            self._whole = whole
            self._show()

    def _show(self) -> None:
        row = max(0, self._table.currentRow())
        self._empty.setVisible(not self._merges)
        self._table.setVisible(bool(self._merges))
        self._table.show_rows([self._cells(past) for past in self._merges])
        if self._merges:
            self._table.selectRow(min(row, len(self._merges) - 1))
        self._update()
        self._keep_all_in_sight()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Keep the height that the new width makes necessary."""
        super().resizeEvent(event)
        self._keep_all_in_sight()

    def _keep_all_in_sight(self) -> None:
        """Be high enough for the buttons' second line; Qt does not see to that in a window of its own."""
        self._layout.activate()
        self.setMinimumHeight(self._layout.totalHeightForWidth(max(self.width(), _WIDTH)))

    def _cells(self, past: HistoryEntry) -> list[Cell]:
        moment = QDateTime.fromSecsSinceEpoch(int(past.when.timestamp()))
        when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        base = past.choices.base.name if past.choices.base else ""
        made_of = sum_of([(spoken_name(adapter.folder), adapter.weight) for adapter in past.choices.adapters], base)
        is_gone = self._whole.get(past.output) is False
        result = self.tr("{name} (gone)").format(name=past.output.name) if is_gone else past.output.name
        return [Cell(text, str(past.output)) for text in (when, made_of, result)]

    def _update(self) -> None:
        past = self.selected
        is_there = past is not None and self._whole.get(past.output, False)
        self._report.setEnabled(is_there)
        self._folder.setEnabled(is_there)
        self._again.setEnabled(past is not None and self._can_repeat)
        self._verify.setEnabled(is_there and self._can_repeat)
        self._remove.setEnabled(past is not None)

    def _open_report(self) -> None:
        if self.selected is not None:
            ask_in_thread(partial(_report_page, self.selected.output), self._show_page, name="report page")

    def _show_page(self, page: object) -> None:
        if isinstance(page, Exception):
            dialogs.show_failure(self, failure_text(failure_of(page)))
        elif isinstance(page, Path) and not open_path(page):
            where = self.tr("The report is in {path}").format(path=page)
            dialogs.tell(self, self.tr("The system offers no browser."), where)

    def _show_folder(self) -> None:
        if self.selected is not None:
            dialogs.show_folder(self, self.selected.output)

    def _choose_again(self) -> None:
        if self.selected is not None:
            self._repeat(self.selected.choices)
            self.accept()

    def _choose_to_verify(self) -> None:
        if self.selected is not None:
            self._repeat(replace(self.selected.choices, mode=Mode.VERIFY, merged=self.selected.output))
            self.accept()

    def _take_out(self) -> None:
        past = self.selected
        if past is not None:
            self._merges.remove(past)
            self._settings.remove_past_merge(past)
            self._show()

    def _make_table(self) -> ReadTable:
        headers = (self.tr("When"), self.tr("Made of"), self.tr("Result"))
        table = ReadTable("historyTable", self.tr("Past merges"), headers, stretched=1, most_height=_TABLE_HEIGHT)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.itemSelectionChanged.connect(self._update)
        return table

    def _make_buttons(self) -> WrapRow:
        self._report = IconButton(self.tr("Open re&port"), "proof", clicked=self._open_report)
        self._folder = IconButton(self.tr("Show &folder"), "folder", clicked=self._show_folder)
        self._again = IconButton(self.tr("&Again with these settings"), "merge", clicked=self._choose_again)
        as_now = self.tr("Compare the merged folder with base and adapters as they are now")
        self._verify = IconButton(self.tr("&Verify this merge"), "pass", clicked=self._choose_to_verify, tooltip=as_now)
        stays = self.tr("The merged folder stays.")
        self._remove = IconButton(self.tr("&Remove from the list"), "remove", clicked=self._take_out, tooltip=stays)
        return WrapRow(self._report, self._folder, self._verify, self._again, self._remove)

    def _lay_out(self) -> None:
        title = Text(self.tr("Past merges"), TextRole.DISPLAY)
        self._layout = self.fill(title, self._empty, self._table, self._buttons, None, self.close_box)


def _report_page(folder: Path) -> Path:
    """A merged folder's report as a web page in the user's cache, in the place of an earlier one of the folder.

    Raises:
        UserError: if the folder holds no report that can be read.
        OSError: if the page cannot be written.
    """
    from mergedesk.reports.formats import ReportFormat, read_report, report_as

    page = report_as(read_report(folder), ReportFormat.HTML)
    name = hashlib.sha256(str(folder).encode("utf-8", "replace")).hexdigest()[:16]
    file = user_cache_path("mergedesk", ensure_exists=True) / "reports" / f"{name}.html"
    file.parent.mkdir(exist_ok=True)
    file.write_text(page, encoding="utf-8", newline="\n")
    return file
