"""The base models of “One merge each”: the one of the form, and more that are added, each once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from mergedesk.domain.folder_names import spoken_name

from ..widgets.file_dialogs import choose_folder
from ..widgets.icons import IconButton
from ..widgets.layouts import column, labelled
from ..widgets.naming import named
from ..widgets.path_edit import folders_in, take_copied
from ..widgets.wrapping import WrapRow

_LINES = 4
_MOST = 50


class BasesList(QWidget):
    """Folders are added by a dialog or dropped; one at least stays."""

    changed = Signal()

    def __init__(self, base: Path) -> None:
        super().__init__()
        self._list = named(QListWidget(), "oneEachBases", self.tr("Base models"))
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._list.setFixedHeight(_LINES * (self._list.fontMetrics().lineSpacing() + 8) + 4)
        add, remove = self.tr("Add a &base model…"), self.tr("&Remove")
        self._add = named(IconButton(add, "add", clicked=self._browse), "oneEachAddBase")
        self._remove = named(IconButton(remove, "remove", clicked=self._take_out), "oneEachRemoveBase")
        self._list.itemSelectionChanged.connect(self._allow)
        buttons = WrapRow(self._add, self._remove)
        self.setLayout(column(labelled(self.tr("Base &models"), self._list, buttons), spacing=0))
        self.setAcceptDrops(True)
        self.add([base])

    @property
    def bases(self) -> tuple[Path, ...]:
        """The folders, in their order."""
        return tuple(Path(self._list.item(row).toolTip()) for row in range(self._list.count()))

    def add(self, folders: Sequence[Path]) -> None:
        """Put folders at the end that are not there yet."""
        for folder in dict.fromkeys(folders):
            if folder not in self.bases and self._list.count() < _MOST:
                item = QListWidgetItem(spoken_name(folder))
                item.setToolTip(str(folder))
                self._list.addItem(item)
        self._allow()
        self.changed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Welcome folders."""
        if folders_in(event.mimeData()):
            take_copied(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 (Qt's name)
        take_copied(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Add the folders."""
        take_copied(event)
        self.add(folders_in(event.mimeData()))

    def _browse(self) -> None:
        start = str(self.bases[-1].parent)
        choose_folder(self, self.tr("Add a base model"), start, lambda folder: self.add([Path(folder)]))

    def _take_out(self) -> None:
        for item in self._list.selectedItems()[: self._list.count() - 1]:
            self._list.takeItem(self._list.row(item))
        self._allow()
        self.changed.emit()

    def _allow(self) -> None:
        self._remove.setEnabled(self._list.count() > 1 and bool(self._list.selectedItems()))
