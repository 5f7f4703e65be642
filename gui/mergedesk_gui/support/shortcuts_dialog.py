"""Every command that has a key, by menu: the map of the keyboard."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from ..theme.typography import TextRole
from ..widgets.labels import Text
from ..widgets.mnemonics import without_mnemonic
from ..widgets.page_dialog import PageDialog, resize_within_screen
from ..widgets.table import ReadTable

_WIDTH, _HEIGHT, _TABLE_HEIGHT = 640, 620, 4000


class ShortcutsDialog(PageDialog):
    """What is in a menu bar at the moment, as a table to read, hear and copy."""

    chapter = "keyboard"

    def __init__(self, parent: QWidget, bar: QMenuBar) -> None:
        title = self.tr("Keyboard shortcuts")
        super().__init__(parent, title)
        headers = (self.tr("Menu"), self.tr("Command"), self.tr("Keys"))
        table = ReadTable("shortcutsTable", title, headers, stretched=1, most_height=_TABLE_HEIGHT)
        table.show_rows(list(_rows(bar)))
        alt = self.tr("Alt and an underlined letter press what carries it; Tab goes on, the arrow keys within a part.")
        self.fill_scrolled(_WIDTH, Text(title, TextRole.DISPLAY), Text(alt, tone="quiet"), table, self.close_box)
        resize_within_screen(self, _WIDTH, _HEIGHT)


def _rows(bar: QMenuBar) -> Iterator[tuple[str, str, str]]:
    for action in bar.actions():
        menu = action.menu()
        for command in menu.actions() if isinstance(menu, QMenu) else ():
            if not command.shortcut().isEmpty():
                keys = command.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                yield without_mnemonic(action.text()), without_mnemonic(command.text()), keys
