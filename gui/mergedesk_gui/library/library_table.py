"""The library as a table: sorted by any column, dragged and opened by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QMimeData, QModelIndex, QObject, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView

from mergedesk.domain.library import EntryKind, Library, LibraryEntry

from ..text.library_text import base_text, class_text, date_text, kind_text, size_text
from ..theme.icons import icon
from ..theme.stylesheet import UNIT
from ..theme.typography import grown
from ..widgets.icons import RECOLOURED, tone_colour
from ..widgets.sorted_table import SortedColumn, SortedModel, SortedView
from ..widgets.table import Index

_LETTERS = (19, 9, 21, 10)
_ICON, _BASE = 16, 3
# A number or a day that is cut is another.
_WHOLE = {2: size_text, 4: date_text}
_LEAST_OF_NAMES = 200
_ROWS = (6, 14)
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class LibraryModel(SortedModel[LibraryEntry]):
    """Entries as rows; a row that is dragged is its folder."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent, self._make_columns())
        self.library = Library()
        self._pictures: dict[tuple[str, str], QIcon] = {}

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows; a name says its folder too, and a picture what it is."""
        entry = self.items[index.row()]
        if index.column() == 0:
            if role == Qt.ItemDataRole.DecorationRole:
                return self._picture(*picture_of(entry))
            if role == Qt.ItemDataRole.ToolTipRole:
                return f"{entry.name}\n{entry.folder}"
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return f"{entry.name}, {kind_text(entry)}"
        if index.column() == _BASE and role == Qt.ItemDataRole.ToolTipRole:
            return base_text(entry, self.library)
        return super().data(index, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every row can be dragged."""
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:  # noqa: N802 (Qt's name)
        """Folders, as a file manager gives them."""
        return ["text/uri-list", "text/plain"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802 (Qt's name)
        """The folders of the rows."""
        rows = sorted({index.row() for index in indexes})
        folders = [str(self.items[row].folder) for row in rows]
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(folder) for folder in folders])
        data.setText("\n".join(folders))
        return data

    def supportedDragActions(self) -> Qt.DropAction:  # noqa: N802 (Qt's name)
        """A folder that is dragged stays where it is."""
        return Qt.DropAction.CopyAction

    def draw_anew(self) -> None:
        """Take the colours that the window has now."""
        self._pictures.clear()

    def _picture(self, name: str, tone: str) -> QIcon:
        """Drawn once: a table asks for it each time that it paints a row."""
        if (name, tone) not in self._pictures:
            self._pictures[name, tone] = icon(name, tone_colour(tone), tone_colour("disabled"), grown(_ICON))
        return self._pictures[name, tone]

    def _make_columns(self) -> tuple[SortedColumn[LibraryEntry], ...]:
        def base(entry: LibraryEntry) -> str:
            return base_text(entry, self.library)

        def short(entry: LibraryEntry) -> str:
            return base(entry).rpartition("/")[2]

        newest = self.tr("The day on which the latest of its files was written")
        return (
            SortedColumn(self.tr("Name"), "", lambda entry: entry.name, lambda entry: entry.name.casefold()),
            SortedColumn(self.tr("Class"), "", class_text, lambda entry: class_text(entry).casefold()),
            SortedColumn(self.tr("Size"), "", size_text, lambda entry: entry.nbytes, is_number=True),
            SortedColumn(self.tr("Base"), "", short, lambda entry: short(entry).casefold()),
            SortedColumn(self.tr("Date"), newest, date_text, lambda entry: entry.modified),
        )


class LibraryView(SortedView):
    """Shows such rows. Names keep room to be told apart: where there is too little, the columns are scrolled in."""

    opened = Signal()
    """A row was double-clicked, or Enter pressed in it."""

    def __init__(self, model: LibraryModel, name: str) -> None:
        self._of_names = 0
        super().__init__(model, "libraryTable", name, _LETTERS)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setIconSize(QSize(grown(_ICON), grown(_ICON)))
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.doubleClicked.connect(self.opened)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)

    def show_row(self, row: int) -> None:
        """Select a row and bring it into sight."""
        kind = QItemSelectionModel.SelectionFlag
        index = self.model().index(row, 0)
        self.selectionModel().setCurrentIndex(index, kind.ClearAndSelect | kind.Rows)
        self.scrollTo(index)

    def take_size(self, entries: Sequence[LibraryEntry]) -> None:
        """Be as high as the rows need, within bounds, names as wide as the longest, sizes and days whole."""
        longest = max((entry.name for entry in entries), key=len, default="")  # near enough, and measured once
        self._of_names = self.fontMetrics().horizontalAdvance(longest) + grown(_ICON) + 4 * UNIT
        rows, bar = len(entries), self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(self.height_of(max(_ROWS[0], min(rows, _ROWS[1]))) + bar)
        if entries:
            self._show_whole(entries)
        self.share_width()

    def _show_whole(self, entries: Sequence[LibraryEntry]) -> None:
        """By the longest text alone: thousands of cells take a while to be measured."""
        header = self.horizontalHeader()
        for place, told in _WHOLE.items():
            row = max(range(len(entries)), key=lambda row: len(told(entries[row])))
            needed = self.sizeHintForIndex(self.model().index(row, place)).width() + UNIT
            header.resizeSection(place, max(header.sectionSizeHint(place), needed))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Follow the colour scheme with the icons."""
        super().changeEvent(event)
        model = self.model()
        if event.type() in RECOLOURED and isinstance(model, LibraryModel):
            model.draw_anew()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        if event.key() in _ENTER and self.currentIndex().isValid():
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def least_of_first(self) -> int:
        """Names get what the longest needs, of what is seen at a time."""
        heading = self.horizontalHeader().sectionSizeHint(0)
        return max(grown(_LEAST_OF_NAMES), heading, min(self._of_names, self.viewport().width() - UNIT))


def picture_of(entry: LibraryEntry) -> tuple[str, str]:
    """The icon of what an entry is, and its tone."""
    if not entry.complete:
        return "warning", "warning"
    if entry.merged_here:
        return "proof", "success"
    return ("adapter" if entry.kind is EntryKind.ADAPTER else "model"), "accent"
