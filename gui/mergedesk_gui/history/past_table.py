"""Past merges as rows that a person sorts and searches."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QCoreApplication, QItemSelectionModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ..state.past_merge import PastMerge
from ..text import history_text as text
from ..widgets.sorted_table import SortedColumn, SortedModel, SortedView

_LETTERS = (22, 15, 20, 9, 11, 10)
_LEAST_LETTERS = 24
_WHEN = 3
_LEAST_ROWS = 4

translate = QCoreApplication.translate


class PastTable:
    """The view, and which row of it is selected; the latest comes first until another order is asked for."""

    def __init__(self, parent: QWidget, name: str, changed: Callable[[], None], opened: Callable[[], None]) -> None:
        self._model = SortedModel(parent, _columns())
        self.view = SortedView(self._model, "historyTable", name, _LETTERS, _LEAST_LETTERS)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setMinimumHeight(self.view.height_of(_LEAST_ROWS))
        self.view.sortByColumn(_WHEN, Qt.SortOrder.DescendingOrder)
        self.view.selectionModel().selectionChanged.connect(lambda *_: changed())
        self.view.doubleClicked.connect(lambda _index: opened())
        self._model.layoutChanged.connect(changed)

    @property
    def selected(self) -> PastMerge | None:
        """The merge whose row is selected."""
        rows = self.view.selectionModel().selectedRows()
        return self._model.items[rows[0].row()] if rows else None

    def show(self, merges: Iterable[PastMerge]) -> None:
        """Show other merges; the same one stays selected, or else the row in its place."""
        kept, place = self.selected, max(0, self.view.currentIndex().row())
        self._model.show_items(merges)
        names = [past.name for past in self._model.items]
        if kept is not None and kept.name in names:
            place = names.index(kept.name)
        if names:
            kind = QItemSelectionModel.SelectionFlag
            index = self._model.index(min(place, len(names) - 1), 0)
            self.view.selectionModel().setCurrentIndex(index, kind.ClearAndSelect | kind.Rows)


def _columns() -> tuple[SortedColumn[PastMerge], ...]:
    record = SortedColumn[PastMerge]
    return (
        record(translate("HistoryDialog", "Made of"), "", text.made_of_text, _lower(text.made_of_text)),
        record(translate("HistoryDialog", "Result"), "", text.result_text, _lower(text.result_text)),
        record(
            translate("HistoryDialog", "Outcome"),
            "",
            text.outcome_text,
            lambda past: list(text.PICTURES).index(past.record.status),
            picture=lambda past: text.PICTURES[past.record.status],
        ),
        record(translate("HistoryDialog", "When"), "", text.when_text, lambda past: past.record.when.timestamp()),
        record(translate("HistoryDialog", "Size"), "", text.size_text, lambda past: past.record.nbytes, is_number=True),
        record(
            translate("HistoryDialog", "Duration"),
            "",
            text.duration_text,
            lambda past: past.record.seconds,
            is_number=True,
        ),
        record(translate("HistoryDialog", "Precision"), "", lambda past: past.record.precision, _precision),
    )


def _lower(told: Callable[[PastMerge], str]) -> Callable[[PastMerge], str]:
    return lambda past: told(past).lower()


def _precision(past: PastMerge) -> str:
    return past.record.precision
