"""Past merges: what became of each, its report, and its settings for another merge."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from platformdirs import user_cache_path
from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QWidget

from mergedesk.domain.folder_names import spoken_name
from mergedesk.support.failures import failure_of

from ..jobs.queued_signal import ask_in_thread
from ..state.form import Form
from ..state.history_entry import HistoryEntry
from ..state.mode import Mode
from ..state.result_context import ResultContext
from ..state.settings import Settings
from ..text.folder_text import sum_of
from ..text.messages import failure_text
from ..text.numbers import human_bytes, human_seconds
from ..theme.typography import TextRole
from ..widgets import dialogs
from ..widgets.icons import IconButton
from ..widgets.labels import Text
from ..widgets.naming import named
from ..widgets.opening import show_file, show_folder
from ..widgets.page_dialog import PageDialog
from ..widgets.table import Cell, ReadTable
from ..widgets.wrapping import WrapRow
from .past_result import MergeSummary, past_result, summary_of

_WIDTH, _TABLE_HEIGHT = 760, 420
_MADE_OF, _LARGEST_FIRST = 1, (0, 3, 4)


class HistoryDialog(PageDialog):
    """The past merges, the latest first.

    ``repeat`` gets the settings that are wanted again, ``reopen`` a merge that is to be looked at.
    """

    def __init__(
        self,
        parent: QWidget,
        settings: Settings,
        repeat: Callable[[Form], None],
        reopen: Callable[[ResultContext], None],
        *,
        can_repeat: bool,
    ) -> None:
        super().__init__(parent, self.tr("Past merges"))
        self.setMinimumWidth(_WIDTH)
        self._settings, self._repeat, self._reopen, self._can_repeat = settings, repeat, reopen, can_repeat
        self._merges = self._shown = list(settings.past_merges)
        self._order: tuple[int, bool] = (0, True)
        self._whole: dict[Path, MergeSummary | None] = {}
        self._empty = Text(self.tr("There are no past merges yet."), tone="quiet")
        self._table = self._make_table()
        spoken = self.tr("Search past merges")
        self._search = named(QLineEdit(placeholderText=spoken, clearButtonEnabled=True), "historySearchEdit", spoken)
        self._search.textChanged.connect(self._show)
        self._buttons = self._make_buttons()
        self._lay_out()
        self._show()
        outputs = [past.output for past in self._merges]
        ask_in_thread(lambda: {folder: summary_of(folder) for folder in outputs}, self._receive, name="past merges")

    @property
    def selected(self) -> HistoryEntry | None:
        """The merge whose row is selected."""
        rows = self._table.selectionModel().selectedRows()
        return self._shown[rows[0].row()] if rows else None

    def _receive(self, whole: object) -> None:
        if isinstance(whole, dict):
            self._whole = whole
            self._show()

    def _show(self) -> None:
        row = max(0, self._table.currentRow())
        self._empty.setVisible(not self._merges)
        self._table.setVisible(bool(self._merges))
        self._search.setVisible(bool(self._merges))
        cells = {id(past): self._cells(past) for past in self._merges}
        words = self._search.text().strip().lower()
        found = [past for past in self._merges if any(words in cell.text.lower() for cell in cells[id(past)])]
        column, is_descending = self._order
        self._shown = sorted(found, key=lambda past: self._worth(past, column, cells[id(past)]), reverse=is_descending)
        self._table.show_rows([cells[id(past)] for past in self._shown])
        if self._shown:
            self._table.selectRow(min(row, len(self._shown) - 1))
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
        summary = self._whole.get(past.output)
        is_gone = past.output in self._whole and summary is None
        result = self.tr("{name} (gone)").format(name=past.output.name) if is_gone else past.output.name
        size = human_bytes(summary.nbytes) if summary and summary.nbytes else ""
        took = human_seconds(summary.seconds) if summary and summary.seconds else ""
        told = (when, made_of, result, size, took, summary.precision if summary else "")
        return [Cell(text, str(past.output)) for text in told]

    def _worth(self, past: HistoryEntry, column: int, cells: Sequence[Cell]) -> str | float:
        """What a row is sorted by."""
        summary = self._whole.get(past.output) or MergeSummary()
        worth = (
            past.when.timestamp(),
            "",
            past.output.name.lower(),
            summary.nbytes,
            summary.seconds,
            summary.precision,
        )
        return cells[column].text.lower() if column == _MADE_OF else worth[column]

    def _sort(self, column: int) -> None:
        """By that column; by the same once more, the other way round."""
        self._order = (column, not self._order[1] if column == self._order[0] else column in _LARGEST_FIRST)
        order = Qt.SortOrder.DescendingOrder if self._order[1] else Qt.SortOrder.AscendingOrder
        self._table.horizontalHeader().setSortIndicator(column, order)
        self._show()

    def _update(self) -> None:
        past = self.selected
        is_there = past is not None and self._whole.get(past.output) is not None
        self._look.setEnabled(is_there and self._can_repeat)
        self._report.setEnabled(is_there)
        self._folder.setEnabled(is_there)
        self._again.setEnabled(past is not None and self._can_repeat)
        self._verify.setEnabled(is_there and self._can_repeat)
        self._remove.setEnabled(past is not None)

    def _look_again(self) -> None:
        if self.selected is not None and self._look.isEnabled():
            ask_in_thread(partial(past_result, self.selected), self._show_result, name="past merge")

    def _show_result(self, context: object) -> None:
        if isinstance(context, Exception):
            dialogs.show_failure(self, failure_text(failure_of(context)))
        elif isinstance(context, ResultContext):
            self._reopen(context)
            self.accept()

    def _open_report(self) -> None:
        if self.selected is not None:
            ask_in_thread(partial(_report_page, self.selected.output), self._show_page, name="report page")

    def _show_page(self, page: object) -> None:
        if isinstance(page, Exception):
            dialogs.show_failure(self, failure_text(failure_of(page)))
        elif isinstance(page, Path):
            show_file(self, page)

    def _show_folder(self) -> None:
        if self.selected is not None:
            show_folder(self, self.selected.output)

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
        known = (self.tr("When"), self.tr("Made of"), self.tr("Result"))
        headers = (*known, self.tr("Size"), self.tr("Duration"), self.tr("Precision"))
        name = self.tr("Past merges")
        table = ReadTable("historyTable", name, headers, stretched=1, numeric=(3, 4), most_height=_TABLE_HEIGHT)
        table.itemDoubleClicked.connect(self._look_again)
        header = table.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(0, Qt.SortOrder.DescendingOrder)
        header.sectionClicked.connect(self._sort)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.itemSelectionChanged.connect(self._update)
        return table

    def _make_buttons(self) -> WrapRow:
        again = self.tr("Result, effect, trial and use of this merge, as after it was made")
        self._look = IconButton(self.tr("&Open"), "model", clicked=self._look_again, tooltip=again)
        named(self._look, "reopenButton")
        self._report = IconButton(self.tr("Open re&port"), "proof", clicked=self._open_report)
        self._folder = IconButton(self.tr("Show &folder"), "folder", clicked=self._show_folder)
        self._again = IconButton(self.tr("&Again with these settings"), "merge", clicked=self._choose_again)
        as_now = self.tr("Compare the merged folder with base and adapters as they are now")
        self._verify = IconButton(self.tr("&Verify this merge"), "pass", clicked=self._choose_to_verify, tooltip=as_now)
        stays = self.tr("The merged folder stays.")
        self._remove = IconButton(self.tr("&Remove from the list"), "remove", clicked=self._take_out, tooltip=stays)
        return WrapRow(self._look, self._report, self._folder, self._verify, self._again, self._remove)

    def _lay_out(self) -> None:
        title = Text(self.tr("Past merges"), TextRole.DISPLAY)
        self._layout = self.fill(title, self._empty, self._search, self._table, self._buttons, None, self.close_box)


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
