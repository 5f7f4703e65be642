"""Targeted tensors with what became of each: thousands of rows, to be sorted and searched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt
from PySide6.QtWidgets import QFrame, QLineEdit

from mergedesk.domain.units import human_count
from mergedesk.domain.verdict import ModuleVerdict

from ..text.messages import outcome_name
from ..text.numbers import with_unit
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.labels import Text
from ..widgets.layouts import column
from ..widgets.naming import named
from ..widgets.sorted_table import SortedColumn, SortedModel, SortedView, sortable
from ..widgets.table import row_texts
from ..widgets.word_button import WordBox
from ..widgets.wrapping import SideBySide

_AROUND_SEARCH = 48  # borders, and the button that clears it
_MOST_ROWS_SHOWN = 12
_DIGITS, _MOST_DIGITS = re.compile(r"\d+"), 8

translate = QCoreApplication.translate


class ModuleTable(QFrame):
    """The table, the words to search for, and how many rows there are."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self._title = Text("", TextRole.HEADING)
        self._count = Text("", TextRole.SMALL, "quiet")
        self._model = SortedModel(self, _columns())
        self._modules: tuple[ModuleVerdict, ...] = ()
        self._wrong = 0
        spoken = self.tr("Search the tensors")
        self.search = named(QLineEdit(placeholderText=spoken, clearButtonEnabled=True), "moduleSearchEdit", spoken)
        self.right_ones = named(WordBox(self.tr("Show those that are right as well")), "moduleAllCheck")
        self.view = SortedView(self._model, "modulesTable", self.tr("Tensors of the adapter"), (28, 12, 12))
        self.search.setMinimumWidth(self.search.fontMetrics().horizontalAdvance(spoken) + _AROUND_SEARCH)
        self._head = SideBySide(self.search, self.right_ones, least=0, shares=(1, 0))
        self.setLayout(column(self._title, self._head, self.view, self._count, spacing=UNIT, margin=12))
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
        self._head.arrange()
        self._count.setVisible(is_searchable)
        self._model.show_items(self._wanted())
        shown = self._model.rowCount()
        counts = {"shown": human_count(shown), "total": human_count(len(self._modules))}
        self._count.setText(self.tr("{shown} of the adapter's {total} tensors shown").format(**counts))
        self.view.setVisible(bool(shown))
        self.view.setFixedHeight(self.view.height_of(min(shown, _MOST_ROWS_SHOWN)))

    def _wanted(self) -> Iterator[ModuleVerdict]:
        """Those whose name or outcome has the words searched for, and only the wrong ones unless all are asked for."""
        words = self.search.text().strip().lower()
        outcomes = {story: outcome_name(story).lower() for story in {module.story for module in self._modules}}
        for module in self._modules:
            is_asked_for = self.right_ones.isChecked() or not module.is_right
            if is_asked_for and (words in module.name.lower() or words in outcomes[module.story]):
                yield module


def _columns() -> tuple[SortedColumn[ModuleVerdict], ...]:
    return (
        SortedColumn(translate("ModuleTable", "Tensor"), "", lambda module: module.name, _by_number),
        SortedColumn(
            translate("ModuleTable", "What happened"),
            "",
            lambda module: outcome_name(module.story),
            lambda module: module.story,
        ),
        SortedColumn(
            translate("ModuleTable", "Factor"),
            translate("ModuleTable", "How many times the adapter's change was added; right is 1"),
            lambda module: with_unit(module.factor, "×"),
            lambda module: sortable(module.factor),
            is_number=True,
        ),
        SortedColumn(
            translate("ModuleTable", "Change"),
            translate("ModuleTable", "The size of the adapter's change, relative to the base's weight"),
            lambda module: with_unit(100 * module.delta_share, "%"),
            lambda module: sortable(module.delta_share),
            is_number=True,
        ),
    )


def _by_number(module: ModuleVerdict) -> str:
    """Layer 2 before layer 10."""
    return _DIGITS.sub(lambda digits: digits[0].zfill(_MOST_DIGITS), module.name)
