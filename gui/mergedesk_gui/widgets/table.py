"""A table that is as high as what it holds, to be read and copied but not changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
)

from ..theme.stylesheet import UNIT

_ICON = 16
_ANY_SIZE = 10_000
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ReadTable(QTableWidget):
    """Rows of text; the column ``stretched`` takes the room that is left, and wraps."""

    def __init__(
        self, object_name: str, name: str, headers: Sequence[str], *, stretched: int, most_height: int
    ) -> None:
        super().__init__(0, len(headers))
        self._most_height = most_height
        self.setObjectName(object_name)
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(headers))
        self.stretched = stretched
        self._set_up_header()
        self._set_up_rows()
        self.setItemDelegate(_PaddedCells(self))

    def fit(self) -> None:
        """Take the height of the rows, up to a limit after which it scrolls."""
        self.resizeRowsToContents()
        rows = sum(self.rowHeight(row) for row in range(self.rowCount()))
        self.setFixedHeight(min(self._most_height, self.horizontalHeader().sizeHint().height() + rows + 2))

    def put(self, row: int, column: int, item: QTableWidgetItem) -> None:
        """Put a read-only item in its place."""
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        self.setItem(row, column, item)

    def put_texts(self, row: int, texts: Sequence[str]) -> None:
        """Fill a row from its first column on."""
        for column, text in enumerate(texts):
            self.put(row, column, QTableWidgetItem(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Copy the selected rows with the usual key."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self._selected_text())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Wrap anew for another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Fit again when the font changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.fit()

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(self.stretched, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(_LEFT)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)

    def _set_up_rows(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(QFontMetrics(self.font()).lineSpacing() + UNIT)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def _selected_text(self) -> str:
        rows = sorted({index.row() for index in self.selectedIndexes()})
        return "\n".join("\t".join(self._row_texts(row)) for row in rows)

    def _row_texts(self, row: int) -> list[str]:
        items = (self.item(row, column) for column in range(self.columnCount()))
        return [item.text() if item else "" for item in items]


class _PaddedCells(QStyledItemDelegate):
    """Cells with room around their text, and as high as the wrapped text needs.

    Padding from a style sheet would be left out of the height, and the last line with it.
    """

    def __init__(self, table: ReadTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the cell's line and, inside its padding, the text."""
        self.initStyleOption(option, index)
        style = option.widget.style()
        content = QStyleOptionViewItem(option)
        option.text, option.icon = "", QIcon()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        content.rect = option.rect.adjusted(UNIT, 0, -UNIT, 0)
        if not content.icon.isNull():
            middle = content.rect.top() + (content.rect.height() - _ICON) // 2
            content.icon.paint(painter, QRect(content.rect.left(), middle, _ICON, _ICON))
            content.rect.adjust(_ICON + UNIT, 0, 0, 0)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        painter.drawText(content.rect, int(content.displayAlignment) | int(Qt.TextFlag.TextWordWrap), content.text)

    def sizeHint(  # noqa: N802 (Qt's name)
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """The text wrapped to its column, and the padding."""
        self.initStyleOption(option, index)
        extra = 2 * UNIT + (0 if option.icon.isNull() else _ICON + UNIT)
        room = QRect(0, 0, self._width_of(index.column()) - extra, _ANY_SIZE)
        text = option.fontMetrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), option.text)
        return QSize(text.width() + extra, text.height() + 12)

    def _width_of(self, column: int) -> int:
        return self._table.columnWidth(column) if column == self._table.stretched else _ANY_SIZE
