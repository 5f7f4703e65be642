"""Small numbers with their names, in as many columns as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from mergedesk.domain.units import human_count

from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from .labels import Text, selectable
from .layouts import column, frame, refill

_LEAST_WIDTH = 136


@dataclass(frozen=True, slots=True)
class Fact:
    """A number or word, and what it is."""

    name: str
    value: str
    tooltip: str = ""


def counted(name: str, part: int, whole: int) -> Fact:
    """How many of a ``whole``; without a value where there is nothing to count."""
    words = QCoreApplication.translate("Tiles", "{part} of {whole}")
    return Fact(name, words.format(part=human_count(part), whole=human_count(whole)) if whole else "")


class Tiles(QWidget):
    """A row of facts that becomes several rows where it is narrow."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(UNIT)
        self._facts: tuple[Fact, ...] = ()
        self._tiles: list[QFrame] = []
        self._columns = 0

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show those of ``facts`` that have a value, in place of the earlier ones; hidden where there is none."""
        known = tuple(fact for fact in facts if fact.value)
        self.setVisible(bool(known))
        if known == self._facts:
            return
        self._facts = known
        refill(self._grid)
        self._tiles = [_tile(fact) for fact in known]
        self._columns = 0
        self._arrange()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """A single column, whatever the number of columns there is now."""
        return QSize(self._least_width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._arrange()

    def _least_width(self) -> int:
        """What the widest value, or word of a name, needs: a cut number is a wrong number."""
        return max(_LEAST_WIDTH, *(tile.minimumSizeHint().width() + UNIT for tile in self._tiles), 0)

    def _arrange(self) -> None:
        columns = min(max(1, self.width() // self._least_width()), max(1, len(self._tiles)))
        if columns == self._columns:
            return
        self._columns = columns
        for position, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, position // columns, position % columns)
        for number in range(self._grid.columnCount()):
            self._grid.setColumnStretch(number, 1 if number < columns else 0)


def _tile(fact: Fact) -> QFrame:
    value = selectable(Text(fact.value, TextRole.TITLE, wrap=False))
    value.is_heading = False  # large, but nothing stands under it
    made = frame("tile", column(Text(fact.name, TextRole.SMALL, "quiet"), None, value, spacing=2, margin=12))
    made.setToolTip(fact.tooltip)
    made.setAccessibleName(f"{fact.name}: {fact.value}")
    return made
