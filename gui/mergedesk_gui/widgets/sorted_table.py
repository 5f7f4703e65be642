"""A table of thousands of rows that a person sorts; cells are made when they are looked at."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QAbstractTableModel, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableView

from ..theme.icons import icon
from ..theme.stylesheet import UNIT
from ..theme.typography import grown
from .icons import tone_colour
from .naming import named
from .table import ICON, LEFT, NUMERIC, Index, copies_rows, set_up_rows

T = TypeVar("T")
_SAID = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)


class SortedColumn(NamedTuple, Generic[T]):
    """``shown`` is what a cell says, ``sorted_by`` what it is worth; ``picture`` gives an icon's name and tone."""

    title: str
    tooltip: str
    shown: Callable[[T], str]
    sorted_by: Callable[[T], str | float]
    is_number: bool = False
    picture: Callable[[T], tuple[str, str]] | None = None


class SortedModel(QAbstractTableModel, Generic[T]):
    """Items as rows."""

    def __init__(self, parent: QObject, columns: Sequence[SortedColumn[T]]) -> None:
        super().__init__(parent)
        self._columns = columns
        self._order: tuple[int, bool] = (0, False)
        self.items: list[T] = []

    def show_items(self, items: Iterable[T]) -> None:
        """Have ``items`` as rows, in the order that was asked for last."""
        place, is_descending = self._order
        self.beginResetModel()
        self.items = sorted(items, key=self._columns[place].sorted_by, reverse=is_descending)
        self.endResetModel()

    def sort(self, column_: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._order = column_, order is Qt.SortOrder.DescendingOrder
        self.show_items(self.items)

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 (Qt's name)
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 (Qt's name)
        """The columns of a table, and of a cell none."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, and says when pointed at."""
        shown, item = self._columns[index.column()], self.items[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole and shown.is_number:
            return NUMERIC
        if role == Qt.ItemDataRole.DecorationRole and shown.picture is not None:
            name, tone = shown.picture(item)
            return icon(name, tone_colour(tone), tone_colour(tone), grown(ICON))
        return shown.shown(item) if role in _SAID else None

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """A column's name, and what it means."""
        if orientation is Qt.Orientation.Vertical:
            return None
        shown = self._columns[section]
        said: dict[int, object] = {
            Qt.ItemDataRole.DisplayRole: shown.title,
            Qt.ItemDataRole.ToolTipRole: shown.tooltip,
            Qt.ItemDataRole.TextAlignmentRole: NUMERIC if shown.is_number else LEFT,
        }
        return said.get(role)


class SortedView(QTableView):
    """Shows such items; the first column takes the room that the others leave, and that of ``least`` letters at least.

    Each of those is as wide as its heading, and as so many ``letters``.
    """

    def __init__(
        self, model: SortedModel[Any], object_name: str, name: str, letters: Sequence[int], least: int = 0
    ) -> None:
        super().__init__()
        self._least = self.fontMetrics().averageCharWidth() * least
        named(self, object_name, name)
        self.setModel(model)
        self.setSortingEnabled(True)
        set_up_rows(self)
        self.setIconSize(QSize(grown(ICON), grown(ICON)))
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + 12)
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place, count in enumerate(letters, 1):
            width = self.fontMetrics().averageCharWidth() * count + 2 * UNIT
            header.resizeSection(place, max(width, header.sectionSizeHint(place)))

    def height_of(self, rows: int) -> int:
        """The height, in pixels, in which that many rows are seen."""
        height = self.verticalHeader().defaultSectionSize() * rows
        return self.horizontalHeader().sizeHint().height() + height + 2

    def least_of_first(self) -> int:
        """The least width of the first column, in pixels."""
        return self._least

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        self.share_width()
        super().resizeEvent(event)

    def share_width(self) -> None:
        """Give the first column what is left; where that is too little, what it needs, and the rest is scrolled in."""
        header, least = self.horizontalHeader(), self.least_of_first()
        others = sum(header.sectionSize(column) for column in range(1, header.count()))
        is_tight = self.viewport().width() - others < least
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed if is_tight else QHeaderView.ResizeMode.Stretch)
        if is_tight:
            header.resizeSection(0, least)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        if not copies_rows(self, event):
            super().keyPressEvent(event)


def sortable(value: float) -> float:
    """Its place among the others; what is no number comes last."""
    return value if math.isfinite(value) else math.inf
