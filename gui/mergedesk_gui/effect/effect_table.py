"""The cells of the map as rows, to be sorted: the largest change first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QFrame, QTableView

from mergedesk.reports.weight_delta_map import Quantity

from ..text.numbers import with_unit
from ..text.weight_delta_text import quantity_text
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.heat_map import Cell
from ..widgets.labels import Text
from ..widgets.layouts import column
from ..widgets.sorted_table import SortedColumn, SortedModel, SortedView, sortable

_MOST_ROWS_SHOWN = 12
_LETTERS = 12

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class EffectRow:
    """A cell: what it is called, and each quantity that is known of it; shares in percent."""

    cell: Cell
    place: str
    values: Mapping[Quantity, float]


class EffectTable(QFrame):
    """The rows; choosing one is a signal, and what is chosen on the map can be shown."""

    chosen = Signal(object)
    """The cell of the row that a person went to."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self._model = SortedModel(self, _columns())
        name = self.tr("Changes as a table")
        self.view = SortedView(self._model, "effectTable", name, [_LETTERS] * len(Quantity))
        self.view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.view.selectionModel().currentRowChanged.connect(self._on_current)
        self._follows = False
        self.setLayout(column(Text(name, TextRole.HEADING), self.view, spacing=UNIT, margin=12))

    def show_rows(self, rows: Sequence[EffectRow], known: Sequence[Quantity], by: Quantity) -> None:
        """Show other rows, those with most of ``by`` first."""
        self._follows = True
        self._model.show_items(rows)
        for place, quantity in enumerate(Quantity, 1):
            self.view.setColumnHidden(place, quantity not in known)
        self.view.sortByColumn(1 + list(Quantity).index(by), Qt.SortOrder.DescendingOrder)
        self.view.setMinimumHeight(self.view.height_of(min(len(rows), _MOST_ROWS_SHOWN)))
        self._follows = False

    def go_to(self, cell: Cell) -> None:
        """Show the row of a cell as the one that is meant."""
        place = next((place for place, row in enumerate(self._model.items) if row.cell == cell), None)
        selection = self.view.selectionModel()
        self._follows = True
        if place is None:
            selection.clear()
        else:
            kind = QItemSelectionModel.SelectionFlag
            selection.setCurrentIndex(self._model.index(place, 0), kind.ClearAndSelect | kind.Rows)
        self._follows = False

    def _on_current(self) -> None:
        row = self.view.currentIndex().row()
        if not self._follows and 0 <= row < len(self._model.items):
            self.chosen.emit(self._model.items[row].cell)


def _columns() -> tuple[SortedColumn[EffectRow], ...]:
    where = SortedColumn[EffectRow](
        translate("EffectTable", "Where"), "", lambda row: row.place, lambda row: "{:06}{:06}".format(*row.cell[::-1])
    )
    return (where, *(_column(quantity) for quantity in Quantity))


def _column(quantity: Quantity) -> SortedColumn[EffectRow]:
    unit = "" if quantity is Quantity.LARGEST else "%"
    value = partial(_value, quantity)
    title, meaning = quantity_text(quantity)
    return SortedColumn(
        title, meaning, lambda row: with_unit(value(row), unit), lambda row: sortable(value(row)), is_number=True
    )


def _value(quantity: Quantity, row: EffectRow) -> float:
    return row.values.get(quantity, math.nan)
