"""A table that is as high as what it holds, to be read and copied but not changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPalette,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
)

from ..theme.colours import colours_of
from ..theme.icons import icon
from ..theme.stylesheet import UNIT
from ..theme.typography import grown
from .icons import RECOLOURED, tone_colour

Index = QModelIndex | QPersistentModelIndex

ICON = 16
_BAR_HEIGHT, _BAR_WIDTH = 6, 104
_LEAST_STRETCHED = 112
_ANY_SIZE = 10_000
_SHARE = Qt.ItemDataRole.UserRole
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
NUMERIC = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Cell(NamedTuple):
    """What a cell says; ``picture`` is an icon's name and tone, and ``share`` (0 to 1) the length of a bar below."""

    text: str
    tooltip: str = ""
    picture: tuple[str, str] | None = None
    share: float | None = None


class ReadTable(QTableWidget):
    """Rows of text; the column ``stretched`` takes the room that is left, and wraps. ``numeric`` ones keep right."""

    def __init__(
        self,
        object_name: str,
        name: str,
        headers: Sequence[str],
        *,
        stretched: int = 0,
        numeric: Collection[int] = (),
        most_height: int = 480,
    ) -> None:
        self._rows: Sequence[Sequence[str | Cell]] = ()  # first of all: Qt sends change events while it builds
        self._fitted: int | None = None
        self._is_wide = False
        self.sizes: dict[tuple[int, int, int], QSize] = {}
        """What cells need, by row, column and width: a layout tries several widths before it is settled."""
        super().__init__(0, len(headers))
        self._most_height, self._numeric = most_height, numeric
        self.setObjectName(object_name)
        self.setAccessibleName(name)
        self.stretched = stretched
        self.setHorizontalHeaderLabels(list(headers))
        self._set_up_header()
        set_up_rows(self)
        self.verticalHeader().setMinimumSectionSize(QFontMetrics(self.font()).lineSpacing() + UNIT)
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_PaddedCells(self))

    def show_rows(self, rows: Sequence[Sequence[str | Cell]]) -> None:
        """Show ``rows`` in place of the earlier ones."""
        self._rows = rows
        self.setRowCount(len(rows))
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                self.setItem(number, column, self._item(cell if isinstance(cell, Cell) else Cell(cell), column))
        self._fit_anew()

    def change(self, row: int, column: int, cell: Cell) -> None:
        """Have one cell say something else, without a look at other rows unless its own becomes higher or lower."""
        before = self.sizeHintForRow(row)
        cells = [*self._rows[row]]
        cells[column] = cell
        self._rows = [*self._rows[:row], cells, *self._rows[row + 1 :]]
        self.setItem(row, column, self._item(cell, column))
        for place in [place for place in self.sizes if place[0] == row]:
            del self.sizes[place]
        if self.sizeHintForRow(row) != before:
            self._fitted = None
        self.fit()

    def fit(self) -> None:
        """Take the height of the rows, up to a limit after which it scrolls; out of sight, that can wait."""
        if not self.isVisible():
            self._fitted = None
            return
        self._share_width()
        width = self.columnWidth(self.stretched)
        if width == self._fitted:
            return
        self._fitted = width
        self.resizeRowsToContents()
        rows = sum(self.rowHeight(row) for row in range(self.rowCount()))
        bar = self.horizontalScrollBar().sizeHint().height() if self._is_wide else 0
        self.setFixedHeight(min(self._most_height, self.horizontalHeader().sizeHint().height() + rows + bar + 2))

    def _share_width(self) -> None:
        """Let the stretched column have what is left, or where that is too little, let the columns be scrolled in."""
        header = self.horizontalHeader()
        header.length()  # has it share out the width that it has now
        others = sum(header.sectionSize(column) for column in range(header.count()) if column != self.stretched)
        policy = Qt.ScrollBarPolicy
        least = max(grown(_LEAST_STRETCHED), header.sectionSizeHint(self.stretched))
        self._is_wide = self.viewport().width() - others < least
        mode = QHeaderView.ResizeMode.Fixed if self._is_wide else QHeaderView.ResizeMode.Stretch
        header.setSectionResizeMode(self.stretched, mode)
        self.setHorizontalScrollBarPolicy(policy.ScrollBarAlwaysOn if self._is_wide else policy.ScrollBarAlwaysOff)
        if self._is_wide:
            header.resizeSection(self.stretched, least)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        if not copies_rows(self, event):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Do what could wait."""
        super().showEvent(event)
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Wrap anew for another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Fit again when the font changes, and follow the colour scheme with the icons."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_anew()
        elif event.type() in RECOLOURED and self._rows:
            self.show_rows(self._rows)

    def _fit_anew(self) -> None:
        self._fitted = None
        self.sizes.clear()
        self.fit()

    def _item(self, cell: Cell, column: int) -> QTableWidgetItem:
        item = QTableWidgetItem(cell.text)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        item.setToolTip(cell.tooltip)
        item.setData(_SHARE, cell.share)
        if column in self._numeric:
            item.setTextAlignment(NUMERIC)
        if cell.picture is not None:
            name, tone = cell.picture
            item.setIcon(icon(name, tone_colour(tone), tone_colour(tone), grown(ICON)))
        return item

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(self.stretched, QHeaderView.ResizeMode.Stretch)
        header.setSectionsClickable(False)
        header.setDefaultAlignment(LEFT)
        for column in self._numeric:
            self.model().setHeaderData(column, Qt.Orientation.Horizontal, NUMERIC, Qt.ItemDataRole.TextAlignmentRole)


def set_up_rows(view: QTableView) -> None:
    """Have whole rows selected, without lines, numbers or a frame around them."""
    view.verticalHeader().hide()
    view.horizontalHeader().setHighlightSections(False)
    view.setShowGrid(False)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setTabKeyNavigation(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)


def copies_rows(view: QTableView, event: QKeyEvent) -> bool:
    """Whether the key is the one that copies; then the selected rows are on the clipboard, tabs between cells."""
    if not event.matches(QKeySequence.StandardKey.Copy):
        return False
    numbers = sorted(index.row() for index in view.selectionModel().selectedRows())
    QGuiApplication.clipboard().setText("\n".join("\t".join(row_texts(view, number)) for number in numbers))
    return True


def row_texts(view: QTableView, row: int) -> tuple[str, ...]:
    """What the cells of a row say."""
    model = view.model()
    return tuple(str(model.index(row, column).data() or "") for column in range(model.columnCount()))


class _PaddedCells(QStyledItemDelegate):
    """Cells with room around their text, and as high as the wrapped text needs.

    Padding from a style sheet would be left out of the height, and the last line with it.
    """

    def __init__(self, table: ReadTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell's line and, inside its padding, the text."""
        self.initStyleOption(option, index)
        style = option.widget.style()
        content = QStyleOptionViewItem(option)
        option.text, option.icon = "", QIcon()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        content.rect = option.rect.adjusted(UNIT, 0, -UNIT, 0)
        if not content.icon.isNull():
            size = grown(ICON)
            middle = content.rect.top() + (content.rect.height() - size) // 2
            content.icon.paint(painter, QRect(content.rect.left(), middle, size, size))
            content.rect.adjust(size + UNIT, 0, 0, 0)
        if isinstance(share := index.data(_SHARE), float):
            content.rect.adjust(0, 0, 0, -_BAR_HEIGHT - UNIT)
            _draw_bar(painter, content, share)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        painter.drawText(content.rect, int(content.displayAlignment) | int(Qt.TextFlag.TextWordWrap), content.text)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 (Qt's name)
        """The text wrapped to its column, the padding, and the bar."""
        width = self._width_of(index.column())
        key = index.row(), index.column(), width
        if key not in self._table.sizes:
            self._table.sizes[key] = self._size(option, index, width)
        return self._table.sizes[key]

    def _size(self, option: QStyleOptionViewItem, index: Index, width: int) -> QSize:
        self.initStyleOption(option, index)
        extra = 2 * UNIT + (0 if option.icon.isNull() else grown(ICON) + UNIT)
        room = QRect(0, 0, width - extra, _ANY_SIZE)
        text = option.fontMetrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), option.text)
        if index.data(_SHARE) is None:
            return QSize(text.width() + extra, text.height() + 12)
        return QSize(max(text.width(), _BAR_WIDTH) + extra, text.height() + _BAR_HEIGHT + 2 * UNIT)

    def _width_of(self, column: int) -> int:
        return self._table.columnWidth(column) if column == self._table.stretched else _ANY_SIZE


def _draw_bar(painter: QPainter, content: QStyleOptionViewItem, share: float) -> None:
    """A bar below the text's room, of which ``share`` is filled."""
    place = content.rect
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    filled = max(_BAR_HEIGHT, round(place.width() * share))
    for width, colour in ((place.width(), colours_of(content.palette).line), (filled, tone_colour("accent"))):
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(place.left(), place.bottom() + 1, width, _BAR_HEIGHT, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
    painter.restore()
