"""Targeted tensors with what became of each: thousands of rows, to be sorted and searched."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QObject,
    QSignalBlocker,
    Qt,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHeaderView, QLineEdit, QTableView

from mergedesk.domain.units import human_count
from mergedesk.domain.verdict import ModuleVerdict

from ..text.messages import outcome_name
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.labels import Text
from ..widgets.layouts import column, row
from ..widgets.naming import named
from ..widgets.table import LEFT, NUMERIC, Index, copies_rows, row_texts, set_up_rows

_MOST_ROWS_SHOWN = 12
_DIGITS, _MOST_DIGITS = re.compile(r"\d+"), 8
_SAID = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)

translate = QCoreApplication.translate


class _Column(NamedTuple):
    """``shown`` is what a cell says, ``sorted_by`` what it is worth."""

    title: str
    tooltip: str
    shown: Callable[[ModuleVerdict], str]
    sorted_by: Callable[[ModuleVerdict], str | float]
    is_number: bool = False


class ModuleModel(QAbstractTableModel):
    """Tensors as rows; cells are made when they are looked at."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._columns = _columns()
        self._order: tuple[int, bool] = (0, False)
        self.modules: list[ModuleVerdict] = []

    def show_modules(self, modules: Iterable[ModuleVerdict]) -> None:
        """Have ``modules`` as rows, in the order that was asked for last."""
        place, is_descending = self._order
        self.beginResetModel()
        self.modules = sorted(modules, key=self._columns[place].sorted_by, reverse=is_descending)
        self.endResetModel()

    def sort(self, column_: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._order = column_, order is Qt.SortOrder.DescendingOrder
        self.show_modules(self.modules)

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 (Qt's name)
        return 0 if parent is not None and parent.isValid() else len(self.modules)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 (Qt's name)
        """The columns of a table, and of a cell none."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, and says when pointed at."""
        shown, module = self._columns[index.column()], self.modules[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole and shown.is_number:
            return NUMERIC
        return shown.shown(module) if role in _SAID else None

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


class ModuleTable(QFrame):
    """The table, the words to search for, and how many rows there are."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self._title = Text("", TextRole.HEADING)
        self._count = Text("", TextRole.SMALL, "quiet")
        self._model = ModuleModel(self)
        self._modules: tuple[ModuleVerdict, ...] = ()
        self._wrong = 0
        spoken = self.tr("Search the tensors")
        self.search = named(QLineEdit(placeholderText=spoken, clearButtonEnabled=True), "moduleSearchEdit", spoken)
        self.right_ones = named(QCheckBox(self.tr("Show those that are right as well")), "moduleAllCheck")
        self.view = self._make_view()
        head = row(self.search, self.right_ones, spacing=2 * UNIT, grows=0)
        head.setAlignment(self.right_ones, Qt.AlignmentFlag.AlignLeft)
        self.setLayout(column(self._title, head, self.view, self._count, spacing=UNIT, margin=12))
        self.search.textChanged.connect(self._filter)
        self.right_ones.toggled.connect(self._filter)

    def show_modules(self, modules: Sequence[ModuleVerdict]) -> None:
        """Show what is not right among ``modules``; where all are right, all of them can be looked at."""
        self._modules = tuple(modules)
        self._wrong = wrong = sum(not module.is_right for module in modules)
        self._title.setText(
            self.tr("%n tensor(s) of the adapter not as they should be", "", wrong)
            if wrong
            else self.tr("Every tensor of the adapter is as it should be")
        )
        with QSignalBlocker(self.search), QSignalBlocker(self.right_ones):
            self.search.clear()
            self.right_ones.setChecked(False)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self._filter()

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """What is shown, as text."""
        return [row_texts(self.view, number) for number in range(self._model.rowCount())]

    def _filter(self) -> None:
        is_searchable = self.right_ones.isChecked() or self._wrong > 0
        self.search.setVisible(is_searchable)
        self._count.setVisible(is_searchable)
        self._model.show_modules(self._wanted())
        shown = self._model.rowCount()
        counts = {"shown": human_count(shown), "total": human_count(len(self._modules))}
        self._count.setText(self.tr("{shown} of the adapter's {total} tensors shown").format(**counts))
        self.view.setVisible(bool(shown))
        height = self.view.verticalHeader().defaultSectionSize() * min(shown, _MOST_ROWS_SHOWN)
        self.view.setFixedHeight(self.view.horizontalHeader().sizeHint().height() + height + 2)

    def _wanted(self) -> Iterator[ModuleVerdict]:
        """Those whose name or outcome has the words searched for, and only the wrong ones unless all are asked for."""
        words = self.search.text().strip().lower()
        outcomes = {story: outcome_name(story).lower() for story in {module.story for module in self._modules}}
        for module in self._modules:
            is_asked_for = self.right_ones.isChecked() or not module.is_right
            if is_asked_for and (words in module.name.lower() or words in outcomes[module.story]):
                yield module

    def _make_view(self) -> QTableView:
        view = named(_CopyingView(), "modulesTable", self.tr("Tensors of the adapter"))
        view.setModel(self._model)
        view.setSortingEnabled(True)
        set_up_rows(view)
        view.setWordWrap(False)
        view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        view.verticalHeader().setDefaultSectionSize(view.fontMetrics().lineSpacing() + 12)
        header = view.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place, letters in enumerate((28, 12, 12), 1):
            header.resizeSection(place, view.fontMetrics().averageCharWidth() * letters + 2 * UNIT)
        return view


class _CopyingView(QTableView):
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        if not copies_rows(self, event):
            super().keyPressEvent(event)


def _columns() -> tuple[_Column, ...]:
    return (
        _Column(translate("ModuleTable", "Tensor"), "", lambda module: module.name, _by_number),
        _Column(
            translate("ModuleTable", "What happened"),
            "",
            lambda module: outcome_name(module.story),
            lambda module: module.story,
        ),
        _Column(
            translate("ModuleTable", "Factor"),
            translate("ModuleTable", "How many times the adapter's change was added; right is 1"),
            lambda module: _number(module.factor, "×"),
            lambda module: _sortable(module.factor),
            is_number=True,
        ),
        _Column(
            translate("ModuleTable", "Change"),
            translate("ModuleTable", "The size of the adapter's change, relative to the base's weight"),
            lambda module: _number(100 * module.delta_share, "%"),
            lambda module: _sortable(module.delta_share),
            is_number=True,
        ),
    )


def _by_number(module: ModuleVerdict) -> str:
    """Layer 2 before layer 10."""
    return _DIGITS.sub(lambda digits: digits[0].zfill(_MOST_DIGITS), module.name)


def _number(value: float, unit: str) -> str:
    return f"{value:.3g} {unit}" if math.isfinite(value) else "–"


def _sortable(value: float) -> float:
    return value if math.isfinite(value) else math.inf
