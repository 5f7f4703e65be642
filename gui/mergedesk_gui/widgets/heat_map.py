"""A heat map with a cursor: read with the eyes, the mouse, the arrow keys or a screen reader.

Imported when the page is first shown: pyqtgraph brings numpy, which the window's start does not wait for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy
import pyqtgraph
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainterPath, QPen
from PySide6.QtWidgets import QApplication, QGraphicsPathItem, QGraphicsRectItem, QSizePolicy, QToolTip, QWidget

from mergedesk.reports.heat_map_svg import RAMP, colour

from ..theme.colours import Colours, colours_of
from .icons import RECOLOURED
from .layouts import column
from .naming import announce

Cell = tuple[int, int]
_ROW, _AROUND, _LEAST = 28, 64, 150
_BAR_WORDS = 76
# Narrower columns have no line between them, and every label has this much room.
_LINE_FROM, _LABEL_ROOM = 9, 24
_STEPS = (1, 2, 5, 10, 20, 50, 100)
_PAINTED_ANEW = RECOLOURED | {QEvent.Type.FontChange, QEvent.Type.FocusIn, QEvent.Type.FocusOut}


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: ``values`` by row and column, and ``unit`` after the numbers of the colour bar.

    The colours go from nothing to the largest value, or to ``least_top`` if that is more: little should look so.
    """

    rows: Sequence[str]
    columns: Sequence[str]
    values: Mapping[Cell, float]
    across: str
    unit: str = ""
    least_top: float = 0.0


class HeatMap(QWidget):
    """Cells that the arrow keys, Home and End walk over; ``words`` says what is in one."""

    moved = Signal(object)
    """The cursor's cell."""

    def __init__(self, words: Callable[[Cell], str], name: str) -> None:
        super().__init__()
        self._words, self.chart, self.cursor_cell = words, Chart((), (), {}, ""), (0, 0)
        self.setObjectName("effectMap")
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._view = pyqtgraph.GraphicsLayoutWidget()
        # All events are this widget's, so that the wheel scrolls the page.
        self._view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._image = pyqtgraph.ImageItem(axisOrder="row-major")
        self._grid, self._frame, self._edge = QGraphicsPathItem(), QGraphicsRectItem(), QGraphicsRectItem()
        self._plot = self._make_plot()
        self._plot.getViewBox().sigResized.connect(self._fit)
        self._bar = self._make_bar()
        self.setLayout(column(self._view, spacing=0))
        self._paint()

    def show_chart(self, chart: Chart) -> None:
        """Draw another chart, with the cursor on its largest value unless it is the same cells."""
        same = (chart.rows, chart.columns) == (self.chart.rows, self.chart.columns)
        self.chart = chart
        self.setFixedHeight(max(_LEAST, _AROUND + _ROW * len(chart.rows)))
        self._fill()
        values = chart.values
        if not same or self.cursor_cell not in values:
            self.cursor_cell = max(values, key=lambda cell: values[cell], default=(0, 0))
        self.go_to(self.cursor_cell, aloud=False)

    def go_to(self, cell: Cell, *, aloud: bool = True) -> None:
        """Put the cursor on a cell."""
        self.cursor_cell = cell
        row, at = cell
        for outline in (self._frame, self._edge):
            outline.setRect(at, row, 1, 1)
        sentence = self._words(cell) if self.chart.values else ""
        self.setAccessibleDescription(sentence)
        self.moved.emit(cell)
        if aloud:
            announce(self, sentence)

    def cell_at(self, place: QPointF) -> Cell | None:
        """The cell under a point of this widget; None beside the map."""
        inside = self._view.mapFromParent(place.toPoint())
        at = self._plot.getViewBox().mapSceneToView(self._view.mapToScene(inside))
        row, column_ = math.floor(at.y()), math.floor(at.x())
        is_inside = 0 <= row < len(self.chart.rows) and 0 <= column_ < len(self.chart.columns)
        return (row, column_) if is_inside else None

    def middle_of(self, cell: Cell) -> QPointF:
        """Where a cell is on this widget."""
        scene = self._plot.getViewBox().mapViewToScene(QPointF(cell[1] + 0.5, cell[0] + 0.5))
        return QPointF(self._view.mapToParent(self._view.mapFromScene(scene)))

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

    def event(self, event: QEvent) -> bool:
        """Follow the theme and the font, and show whether the keys move the cursor."""
        handled = super().event(event)
        if event.type() in _PAINTED_ANEW and hasattr(self, "_bar"):
            self._paint()
        return handled

    def _make_plot(self) -> pyqtgraph.PlotItem:
        plot = self._view.addPlot(row=0, col=0)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(False, False)
        plot.invertY(True)
        plot.getViewBox().setDefaultPadding(0)
        for side in ("top", "left"):
            plot.showAxis(side)
            plot.getAxis(side).setStyle(tickLength=0, hideOverlappingLabels=False)
        plot.hideAxis("bottom")
        for number, item in enumerate((self._image, self._grid, self._edge, self._frame)):
            item.setZValue(number)
            plot.addItem(item, ignoreBounds=item is not self._image)
        return plot

    def _make_bar(self) -> pyqtgraph.ColorBarItem:
        stops = numpy.linspace(0, 1, len(RAMP))
        colours = pyqtgraph.ColorMap(stops, numpy.array(RAMP, dtype=numpy.uint8))
        bar = pyqtgraph.ColorBarItem(values=(0.0, 1.0), colorMap=colours, interactive=False, width=12)
        bar.getAxis("right").setWidth(_BAR_WORDS)
        bar.getAxis("right").setStyle(hideOverlappingLabels=False)
        self._view.addItem(bar, row=0, col=1)
        return bar

    def _fill(self) -> None:
        chart = self.chart
        rows, columns = len(chart.rows), len(chart.columns)
        top = max(chart.least_top, *chart.values.values(), 0.0) or 1.0
        pixels = numpy.zeros((max(1, rows), max(1, columns), 4), dtype=numpy.uint8)
        for (row, at), value in chart.values.items():
            pixels[row, at] = (*colour(value / top), 255)
        self._image.setImage(pixels, levels=None, autoLevels=False)
        self._plot.setRange(xRange=(0, max(1, columns)), yRange=(0, max(1, rows)), padding=0)
        self._plot.getAxis("left").setTicks([[(row + 0.5, name) for row, name in enumerate(chart.rows)]])
        self._plot.getAxis("top").setLabel(chart.across, color=colours_of(QApplication.palette()).text)
        self._bar.setLevels((0.0, top))
        self._bar.getAxis("right").setTicks(
            [[(top * part, f"{top * part:.3g}{chart.unit}") for part in (0.0, 0.5, 1.0)]]
        )
        self._fit()

    def _fit(self) -> None:
        """Draw as many lines and labels as there is room for."""
        rows, columns = len(self.chart.rows), max(1, len(self.chart.columns))
        room = self._plot.getViewBox().width() / columns
        self._grid.setPath(_lines(rows, columns if room >= _LINE_FROM else 1, columns))
        step = next((step for step in _STEPS if step * room >= _LABEL_ROOM), columns)
        labelled = [(at + 0.5, name) for at, name in enumerate(self.chart.columns)][::step]
        self._plot.getAxis("top").setTicks([labelled])

    def _paint(self) -> None:
        colours: Colours = colours_of(QApplication.palette())
        text, card = QColor(colours.text), QColor(colours.card)
        self._view.setBackground(card)
        for axis in (self._plot.getAxis("left"), self._plot.getAxis("top"), self._bar.getAxis("right")):
            axis.setTextPen(text)
            axis.setPen(QColor(0, 0, 0, 0))
            axis.setTickPen(QColor(0, 0, 0, 0))
            axis.setStyle(tickFont=self.font())
        self._plot.getAxis("top").setLabel(self.chart.across, color=colours.text)
        self._grid.setPen(_pen(card, 2))
        self._edge.setPen(_pen(card, 6))
        self._frame.setPen(_pen(QColor(colours.accent) if self.hasFocus() else text, 3))


def _pen(colour_: QColor, width: int) -> QPen:
    pen = QPen(colour_, width)
    pen.setCosmetic(True)  # of the screen's pixels, however the map is stretched
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


def _lines(rows: int, columns: int, width: int) -> QPainterPath:
    """The lines between ``rows``, and between ``columns`` that together are ``width`` wide."""
    path = QPainterPath()
    for at in range(columns + 1):
        path.moveTo(at * width / columns, 0)
        path.lineTo(at * width / columns, rows)
    for row in range(rows + 1):
        path.moveTo(0, row)
        path.lineTo(width, row)
    return path
