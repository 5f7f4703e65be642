"""Something went wrong: said plainly, with the text that helps others to find out why."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole, grown
from ..widgets.icons import IconButton, IconLabel
from ..widgets.labels import Text
from ..widgets.layouts import beside_icon, column
from ..widgets.naming import named
from ..widgets.page_dialog import PageDialog, resize_within_screen
from ..widgets.wrapping import WrapRow
from .crash_text import CrashText
from .diagnostics_dialog import DiagnosticsBox

_WIDTH, _HEIGHT = 720, 560
_ICON = 24


class CrashDialog(PageDialog):
    """One crash; further ones that come while it is open are counted."""

    chapter = "privacy"

    log_folder_asked = Signal()

    def __init__(self, parent: QWidget, words: CrashText) -> None:
        super().__init__(parent, words.title)
        self.setObjectName("crashDialog")
        self.others = 0
        """How many crashes came while this one was shown."""
        self._count = Text("", tone="warning")
        self._count.hide()
        self.box = DiagnosticsBox()
        self._words = words
        icon = IconLabel("error", "error", _ICON)
        says = column(Text(words.sentence, TextRole.TITLE), Text(words.hint), self._count, spacing=UNIT)
        head = beside_icon(icon, says, spacing=2 * UNIT)
        self.fill_above(self._buttons(), head, self.box, grows=1)
        resize_within_screen(self, grown(_WIDTH), grown(_HEIGHT))

    @property
    def sentence(self) -> str:
        """What the dialog says."""
        return f"{self._words.sentence} {self._words.hint}"

    def show_diagnostics(self, text: object) -> None:
        """Show the text to copy."""
        self.box.show_text(str(text))

    def count_another(self) -> None:
        """Say that it happened again, or something else did."""
        self.others += 1
        self._count.setText(self.tr("Errors since then: {count}").format(count=self.others))
        self._count.show()

    def _buttons(self) -> WrapRow:
        log = IconButton(self.tr("Show &log folder"), "folder", clicked=self.log_folder_asked)
        return WrapRow(named(log, "logFolderButton"), self.close_box)
