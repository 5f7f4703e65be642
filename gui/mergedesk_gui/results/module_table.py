"""Targeted tensors with what became of each: thousands of rows, to be sorted and searched."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QFrame, QHeaderView, QLineEdit, QTableView

from mergedesk.domain.units import human_count
from mergedesk.domain.verdict import ModuleVerdict

from ..text.messages import outcome_name
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.labels import Text
from ..widgets.layouts import column, row
from ..widgets.naming import named

_MOST_ROWS_SHOWN = 12
_DIGITS, _MOST_DIGITS = re.compile(r"\d+"), 8
_SAID = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
_NUMERIC = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_Index = QModelIndex | QPersistentModelIndex

translate = QCoreApplication.translate


class _Column(NamedTuple):
    """``shown`` is what a cell says, ``sorted_by`` what it is worth."""

    title: str
    tooltip: str
    shown: Callable[[ModuleVerdict], str]
    sorted_by: Callable[[ModuleVerdict], str | float]
    is_number: bool = False


class ModuleModel(QAbstractTableModel):
    """Those tensors that are wanted as rows, in the wanted order; cells are made when they are looked at."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = _columns()
        self._order: tuple[int, bool] = (0, False)
        self._all: tuple[ModuleVerdict, ...] = ()
        self.modules: list[ModuleVerdict] = []

    @property
    def count(self) -> int:
        """How many tensors there are, shown or not."""
        return len(self._all)

    @property
    def wrong(self) -> int:
        """How many tensors are not right."""
        return sum(not one.is_right for one in self._all)

    def hold(self, modules: Sequence[ModuleVerdict]) -> None:
        """Hold ``modules`` in place of the earlier ones; ``want`` shows them."""
        self._all = tuple(modules)

    def want(self, words: str, *, right_ones: bool) -> None:
        """Show the rows that hold ``words``, and only the wrong ones unless all are wanted."""
        words = words.strip().lower()
        stories = {story: outcome_name(story).lower() for story in {one.story for one in self._all}}
        self.beginResetModel()
        self.modules = [
            one
            for one in self._all
            if (right_ones or not one.is_right) and (words in one.name.lower() or words in stories[one.story])
        ]
        self._sort()
        self.endResetModel()

    def sort(self, column_: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column."""
        self._order = column_, order is Qt.SortOrder.DescendingOrder
        self.beginResetModel()
        self._sort()
        self.endResetModel()

    def _sort(self) -> None:
        place, is_descending = self._order
        self.modules.sort(key=self._columns[place].sorted_by, reverse=is_descending)

    def rowCount(self, parent: _Index | None = None) -> int:  # noqa: N802 (Qt's name)
        """A row for each tensor."""
        return 0 if parent is not None and parent.isValid() else len(self.modules)

    def columnCount(self, parent: _Index | None = None) -> int:  # noqa: N802 (Qt's name)
        """The columns of a table, and of a cell none."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, and says when pointed at."""
        shown, module = self._columns[index.column()], self.modules[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole and shown.is_number:
            return _NUMERIC
        return shown.shown(module) if role in _SAID else None

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """A column's name, and what it means."""
        if orientation is Qt.Orientation.Vertical:
            return None
        shown = self._columns[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _NUMERIC if shown.is_number else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return {Qt.ItemDataRole.DisplayRole: shown.title, Qt.ItemDataRole.ToolTipRole: shown.tooltip}.get(
            Qt.ItemDataRole(role)
        )


class ModuleTable(QFrame):
    """The table, the words to search for, and how many rows there are."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self._title = Text("", TextRole.HEADING)
        self._count = Text("", TextRole.SMALL, "quiet")
        self._model = ModuleModel(self)
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
        self._model.hold(modules)
        wrong = self._model.wrong
        self._title.setText(
            self.tr("%n tensor(s) of the adapter not as they should be", "", wrong)
            if wrong
            else self.tr("Every tensor of the adapter is as it should be")
        )
        for control in (self.search, self.right_ones):
            control.blockSignals(True)
        self.search.clear()
        self.right_ones.setChecked(False)
        for control in (self.search, self.right_ones):
            control.blockSignals(False)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self._filter()

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """What is shown, as text."""
        columns = range(self._model.columnCount())
        return [
            tuple(str(self._model.index(number, place).data()) for place in columns)
            for number in range(self._model.rowCount())
        ]

    def _filter(self) -> None:
        is_searchable = self.right_ones.isChecked() or self._model.wrong > 0
        self.search.setVisible(is_searchable)
        self._count.setVisible(is_searchable)
        self._model.want(self.search.text(), right_ones=self.right_ones.isChecked())
        shown, there_are = self._model.rowCount(), self._model.count
        counts = {"shown": human_count(shown), "total": human_count(there_are)}
        self._count.setText(self.tr("{shown} of the adapter's {total} tensors shown").format(**counts))
        self.view.setVisible(bool(shown))
        height = self.view.verticalHeader().defaultSectionSize() * min(shown, _MOST_ROWS_SHOWN)
        self.view.setFixedHeight(self.view.horizontalHeader().sizeHint().height() + height + 2)

    def _make_view(self) -> QTableView:
        view = named(_CopyingView(), "modulesTable", self.tr("Tensors of the adapter"))
        view.setModel(self._model)
        view.setSortingEnabled(True)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setTabKeyNavigation(False)
        view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(view.fontMetrics().lineSpacing() + 12)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        for place in range(1, self._model.columnCount()):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place, letters in enumerate((28, 12, 12), 1):
            header.resizeSection(place, view.fontMetrics().averageCharWidth() * letters + 2 * UNIT)
        return view


class _CopyingView(QTableView):
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Copy the selected rows with the usual key."""
        if not event.matches(QKeySequence.StandardKey.Copy):
            super().keyPressEvent(event)
            return
        model = self.model()
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        columns = range(model.columnCount())
        lines = ("\t".join(str(model.index(number, place).data()) for place in columns) for number in rows)
        QGuiApplication.clipboard().setText("\n".join(lines))


def _columns() -> tuple[_Column, ...]:
    return (
        _Column(translate("ModuleTable", "Tensor"), "", lambda one: one.name, _by_number),
        _Column(
            translate("ModuleTable", "What happened"), "", lambda one: outcome_name(one.story), lambda one: one.story
        ),
        _Column(
            translate("ModuleTable", "Factor"),
            translate("ModuleTable", "How many times the adapter's change was added; right is 1"),
            lambda one: _number(one.factor, "×"),
            lambda one: _sortable(one.factor),
            is_number=True,
        ),
        _Column(
            translate("ModuleTable", "Change"),
            translate("ModuleTable", "The size of the adapter's change, relative to the base's weight"),
            lambda one: _number(100 * one.delta_share, "%"),
            lambda one: _sortable(one.delta_share),
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
