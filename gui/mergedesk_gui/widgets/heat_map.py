"""A heat map with a cursor: read with the eyes, the mouse, the arrow keys or a screen reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QLinearGradient, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mergedesk.reports.heat_map_svg import RAMP, colour

from ..theme.colours import colours_of
from .naming import announce

Cell = tuple[int, int]
_ROW, _LEAST, _GAP, _BAR = 28, 150, 8, 12
# Narrower columns have no line between them.
_LINE_FROM = 9
_STEPS = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: ``values`` by row and column, and ``unit`` after the numbers of the colour bar.

    The colours go from the smallest value to the largest with ``apart``, which shows where values differ. Without, they
    go from nothing to the largest value, or to ``least_top`` if that is more: little should look so. ``written`` puts a
    number as the person's language writes it.
    """

    rows: Sequence[str]
    columns: Sequence[str]
    values: Mapping[Cell, float]
    across: str
    unit: str = ""
    least_top: float = 0.0
    apart: bool = False
    written: Callable[[str], str] = str

    @property
    def shows_differences(self) -> bool:
        """Whether the colours are spread over the values; those that are all the same have nothing to spread."""
        return self.apart and len(set(self.values.values())) > 1

    @property
    def bottom(self) -> float:
        """The value of the first colour."""
        return min(self.values.values()) if self.shows_differences else 0.0

    @property
    def top(self) -> float:
        """The value of the last colour."""
        if self.shows_differences:
            return max(self.values.values())
        return max(self.least_top, *self.values.values(), 0.0) or 1.0

    @property
    def ends(self) -> tuple[str, str]:
        """The values of the first and the last colour, in words."""
        *_, least = self.bar_words
        return least, self.bar_words[0]

    @property
    def bar_words(self) -> tuple[str, str, str]:
        """What stands beside the colour bar, from its top down, with as many digits as tell the values apart."""
        values = [self.bottom + (self.top - self.bottom) * part for part in (1.0, 0.5, 0.0)]
        digits = next((n for n in range(3, 8) if len({f"{value:.{n}g}" for value in values}) == len(values)), 8)
        most, half, least = (self.written(f"{value:.{digits}g}{self.unit}") for value in values)
        return most, half, least

    def share(self, value: float) -> float:
        """How far along the colours a value is, 0 to 1."""
        return (value - self.bottom) / (self.top - self.bottom)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the cells lie."""

    area: QRect
    rows: int
    columns: int

    def rect(self, cell: Cell) -> QRect:
        (row, at), area = cell, self.area
        left, right = (area.left() + area.width() * number // self.columns for number in (at, at + 1))
        top, bottom = (area.top() + area.height() * number // self.rows for number in (row, row + 1))
        return QRect(left, top, right - left, bottom - top)

    def cell_at(self, place: QPoint) -> Cell | None:
        inside = place - self.area.topLeft()
        cell = inside.y() * self.rows // self.area.height(), inside.x() * self.columns // self.area.width()
        return cell if self.area.contains(place) else None


class HeatMap(QWidget):
    """Cells that the arrow keys, Home and End walk over; ``words`` says what is in one."""

    moved = Signal(object)
    """The cursor's cell."""

    def __init__(self, words: Callable[[Cell], str], name: str) -> None:
        super().__init__()
        self._words, self.chart, self.cursor_cell = words, Chart((), (), {}, ""), (0, 0)
        self._shows_cursor = True
        self.setObjectName("effectMap")
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_chart(self, chart: Chart) -> None:
        """Draw another chart, with the cursor on its largest value unless it is the same cells."""
        same = (chart.rows, chart.columns) == (self.chart.rows, self.chart.columns)
        self.chart = chart
        self.updateGeometry()
        values = chart.values
        if not same or self.cursor_cell not in values:
            self.cursor_cell = max(values, key=lambda cell: values[cell], default=(0, 0))
        self.go_to(self.cursor_cell, aloud=False)

    def go_to(self, cell: Cell, *, aloud: bool = True) -> None:
        """Put the cursor on a cell."""
        self.cursor_cell = cell
        sentence = self._words(cell) if self.chart.values else ""
        self.setAccessibleDescription(sentence)
        self.moved.emit(cell)
        self.update()
        if aloud:
            announce(self, sentence)

    def picture(self, scale: int = 2) -> QImage:
        """The map without its cursor, ``scale`` times as fine as on the screen."""
        image = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        self._shows_cursor = False
        try:
            self.render(image)
        finally:
            self._shows_cursor = True
        return image

    def cell_at(self, place: QPointF) -> Cell | None:
        """The cell under a point of this widget; None beside the map."""
        return self._grid().cell_at(place.toPoint())

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """As high as its rows need."""
        line = self.fontMetrics().height()
        return QSize(_LEAST, max(_LEAST, _above(line) + max(_ROW, line) * len(self.chart.rows) + line // 2))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Arrows go one cell on, Home and End to the ends of a row, with Control of a column."""
        row, at = self.cursor_cell
        last_row, last = len(self.chart.rows) - 1, len(self.chart.columns) - 1
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        moves: dict[int, Cell] = {
            Qt.Key.Key_Left: (row, max(0, at - 1)),
            Qt.Key.Key_Right: (row, min(last, at + 1)),
            Qt.Key.Key_Up: (max(0, row - 1), at),
            Qt.Key.Key_Down: (min(last_row, row + 1), at),
            Qt.Key.Key_Home: (0, at) if control else (row, 0),
            Qt.Key.Key_End: (last_row, at) if control else (row, last),
        }
        cell = moves.get(event.key())
        if cell is None or not self.chart.values:
            super().keyPressEvent(event)
        elif cell != self.cursor_cell:
            self.go_to(cell)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        if (cell := self.cell_at(event.position())) is not None:
            self.go_to(cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        cell = self.cell_at(event.position())
        QToolTip.showText(event.globalPosition().toPoint(), self._words(cell) if cell else "", self)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """The cells and the cursor, labels, the colour bar."""
        colours, grid, painter = colours_of(self.palette()), self._grid(), QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.card))
        line = 1 if grid.area.width() >= _LINE_FROM * grid.columns else 0
        for cell, value in self.chart.values.items():
            painter.fillRect(grid.rect(cell).adjusted(line, 1, -line, -1), QColor(*colour(self.chart.share(value))))
        if self.chart.values and self._shows_cursor:
            for shade, width in ((colours.card, 6), (colours.accent if self.hasFocus() else colours.text, 3)):
                painter.setPen(QPen(QColor(shade), width, j=Qt.PenJoinStyle.MiterJoin))
                painter.drawRect(grid.rect(self.cursor_cell))
        painter.setPen(QColor(colours.text))
        self._paint_labels(painter, grid)
        self._paint_bar(painter, grid.area)

    def _grid(self) -> _Grid:
        """The rows' names are left of it, the columns' above it, the colour bar and its numbers on the right."""
        line, chart = self.fontMetrics().height(), self.chart
        left = min(self._widest(chart.rows), self.width() // 2) + _GAP
        right = self.width() - self._widest(chart.bar_words) - _BAR - 2 * _GAP
        area = QRect(left, _above(line), max(1, right - left), max(1, self.height() - _above(line) - line // 2))
        return _Grid(area, max(1, len(chart.rows)), max(1, len(chart.columns)))

    def _widest(self, texts: Iterable[str]) -> int:
        return max(map(self.fontMetrics().horizontalAdvance, texts), default=0)

    def _paint_labels(self, painter: QPainter, grid: _Grid) -> None:
        """The rows' names, as many of the columns' as there is room for, and what those are."""
        chart, area, line = self.chart, grid.area, self.fontMetrics().height()
        for row, name in enumerate(chart.rows):
            place = QRect(0, grid.rect((row, 0)).top(), area.left() - _GAP, area.height() // grid.rows)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)
        width = self._widest(chart.columns) + _GAP
        step = next((step for step in _STEPS if step * area.width() >= width * grid.columns), grid.columns)
        for at in range(0, len(chart.columns), step):
            place = QRect(grid.rect((0, at)).center().x() - width // 2, line, width, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, chart.columns[at])
        painter.drawText(QRect(area.left(), 0, area.width(), line), Qt.AlignmentFlag.AlignCenter, chart.across)

    def _paint_bar(self, painter: QPainter, area: QRect) -> None:
        bar, line = QRect(area.right() + _GAP, area.top(), _BAR, area.height()), self.fontMetrics().height()
        shades = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        for number, stop in enumerate(RAMP):
            shades.setColorAt(number / (len(RAMP) - 1), QColor(*stop))
        painter.fillRect(bar, shades)
        for number, words in enumerate(self.chart.bar_words):
            place = QRect(bar.right() + _GAP // 2, bar.top() + (bar.height() * number - line) // 2, self.width(), line)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)


def _above(line: int) -> int:
    """The room above the map, for two lines of text."""
    return 2 * line + _GAP // 2
