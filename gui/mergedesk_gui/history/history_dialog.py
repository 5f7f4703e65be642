"""Past merges: what became of each, its report, and its settings for another merge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QDialog, QDialogButtonBox, QWidget

from mergedesk.checkpoints.files import REPORT

from ..jobs.queued_signal import ask_in_thread
from ..state.history_entry import HistoryEntry
from ..text.folder_text import sum_of
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconButton
from ..widgets.labels import Text
from ..widgets.layouts import column
from ..widgets.table import Cell, ReadTable
from ..widgets.wrap_row import WrapRow

_WIDTH, _TABLE_HEIGHT = 760, 420


class HistoryDialog(QDialog):
    """The past merges, the latest first. The window does what is asked for here."""

    report_asked = Signal(object)
    folder_asked = Signal(object)
    again_asked = Signal(object)
    verify_asked = Signal(object)
    removed = Signal(object)

    def __init__(self, parent: QWidget, merges: Sequence[HistoryEntry], *, can_repeat: bool) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Past merges"))
        self.setMinimumWidth(_WIDTH)
        self._merges = list(merges)
        self._whole: dict[Path, bool] = {}
        self._can_repeat = can_repeat
        self._empty = Text(self.tr("There are no past merges yet."), tone="quiet")
        self._table = self._make_table()
        self._buttons = self._make_buttons()
        self._lay_out()
        self._show()
        outputs = [one.output for one in self._merges]
        ask_in_thread(lambda: {folder: _is_whole(folder) for folder in outputs}, self._receive, name="past merges")

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
        made_of = sum_of([(one.folder.name, one.weight) for one in past.choices.adapters], base)
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

    def _repeat(self) -> None:
        if self.selected is not None:
            self.again_asked.emit(self.selected)
            self.accept()

    def _verify_it(self) -> None:
        if self.selected is not None:
            self.verify_asked.emit(self.selected)
            self.accept()

    def _take_out(self) -> None:
        past = self.selected
        if past is not None:
            self._merges.remove(past)
            self.removed.emit(past)
            self._show()

    def _make_table(self) -> ReadTable:
        headers = (self.tr("When"), self.tr("Made of"), self.tr("Result"))
        table = ReadTable("historyTable", self.tr("Past merges"), headers, stretched=1, most_height=_TABLE_HEIGHT)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.itemSelectionChanged.connect(self._update)
        return table

    def _make_buttons(self) -> WrapRow:
        self._report = IconButton(self.tr("Open re&port"), "proof")
        self._folder = IconButton(self.tr("Show &folder"), "folder")
        self._again = IconButton(self.tr("&Again with these settings"), "merge")
        self._verify = IconButton(self.tr("&Verify this merge"), "pass")
        self._verify.setToolTip(self.tr("Compare the merged folder with base and adapters as they are now"))
        self._remove = IconButton(self.tr("&Remove from the list"), "remove")
        self._remove.setToolTip(self.tr("The merged folder stays."))
        self._report.clicked.connect(lambda: self.report_asked.emit(self.selected))
        self._folder.clicked.connect(lambda: self.folder_asked.emit(self.selected))
        self._again.clicked.connect(self._repeat)
        self._verify.clicked.connect(self._verify_it)
        self._remove.clicked.connect(self._take_out)
        return WrapRow(self._report, self._folder, self._verify, self._again, self._remove)

    def _lay_out(self) -> None:
        title = Text(self.tr("Past merges"), TextRole.DISPLAY)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        parts = (title, self._empty, self._table, self._buttons, None, close)
        self._layout = column(*parts, spacing=2 * UNIT, margin=3 * UNIT)
        self.setLayout(self._layout)


def _is_whole(folder: Path) -> bool:
    """Whether a merge's folder is still there, with its report."""
    try:
        return (folder / REPORT).is_file()
    except OSError:
        return False
