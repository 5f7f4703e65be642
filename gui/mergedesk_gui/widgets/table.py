"""A table that is as high as what it holds, to be read and copied but not changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableWidget, QTableWidgetItem

from ..theme.stylesheet import UNIT

_MOST_HEIGHT = 640


class ReadTable(QTableWidget):
    """Rows of text; the column ``stretched`` takes the room that is left, and wraps."""

    def __init__(self, object_name: str, name: str, headers: Sequence[str], stretched: int) -> None:
        super().__init__(0, len(headers))
        self.setObjectName(object_name)
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(headers))
        self._stretched = stretched
        self._set_up_header()
        self._set_up_rows()

    def fit(self) -> None:
        """Take the height of the rows, up to a limit after which it scrolls."""
        self.resizeRowsToContents()
        rows = sum(self.rowHeight(row) for row in range(self.rowCount()))
        self.setFixedHeight(min(_MOST_HEIGHT, self.horizontalHeader().sizeHint().height() + rows + 2))

    def put(self, row: int, column: int, item: QTableWidgetItem) -> None:
        """Put a read-only item in its place."""
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        self.setItem(row, column, item)

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
        header.setSectionResizeMode(self._stretched, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
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
