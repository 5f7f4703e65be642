"""Where what is made of the merged folder goes: beside it, or into a folder that somebody chose."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.file_dialogs import choose_folder
from ..widgets.icons import IconButton
from ..widgets.labels import ElidedText, Text
from ..widgets.layouts import column, row
from ..widgets.naming import named


class PlaceRow(QWidget):
    """The folder in which new ones are made. Another merge begins beside itself again."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._place: Path | None = None
        self._shown = ElidedText("", tone="quiet")
        self._shown.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        what = self.tr("New folders are made in the one that you choose.")
        choose = IconButton(self.tr("Elsewhere…"), "folder", clicked=self._choose, tooltip=what)
        where = row(self._shown, named(choose, "placeButton"), spacing=UNIT)
        self.setLayout(column(Text(self.tr("What is made goes into"), TextRole.STRONG), where, spacing=0))

    @property
    def place(self) -> Path | None:
        """The folder; None while there is nothing to make."""
        return self._place

    def turn_to(self, folder: Path | None) -> None:
        """Another merged folder is shown, or none."""
        self.go_to(folder.absolute().parent if folder else None)

    def go_to(self, place: Path | None) -> None:
        """Have new folders made there."""
        self._place = place
        self._shown.setText(str(place or ""))
        self.changed.emit()

    def _choose(self) -> None:
        title, start = self.tr("Choose where new folders are made"), str(self._place or "")
        choose_folder(self, title, start, lambda chosen: self.go_to(Path(chosen)))
