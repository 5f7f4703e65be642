"""The program's log, to be read in the window."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from mergedesk.support.logs import FILE

from ..jobs.queued_signal import ask_in_thread
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole, grown, set_monospace
from ..widgets.icons import IconButton
from ..widgets.labels import Notice, Text
from ..widgets.naming import named
from ..widgets.page_dialog import PageDialog, resize_within_screen
from ..widgets.wrapping import WrapRow

_WIDTH, _HEIGHT = 820, 620
_LEAST_TEXT = 160
_MOST_BYTES = 256 * 1024


class LogDialog(PageDialog):
    """The end of the latest log file; ``folder_asked`` for the rest."""

    chapter = "privacy"

    folder_asked = Signal()

    def __init__(self, parent: QWidget, folder: Path) -> None:
        super().__init__(parent, self.tr("Log"))
        self._folder = folder
        self._view = named(QPlainTextEdit(readOnly=True, tabChangesFocus=True), "logText", self.tr("Log"))
        self._view.setPlaceholderText(self.tr("Nothing has been logged yet."))
        self._view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._view.setMinimumHeight(_LEAST_TEXT)
        set_monospace(self._view)
        self._notice = Notice()
        heading = Text(self.tr("Log"), TextRole.DISPLAY)
        said = self.tr("What the program did, the latest at the end, without the names of folders, user and computer.")
        self.fill_above(self._make_foot(), heading, Text(said, tone="quiet"), self._view, grows=2)
        resize_within_screen(self, grown(_WIDTH), grown(_HEIGHT))
        self.read()

    @property
    def text(self) -> str:
        """What is shown."""
        return self._view.toPlainText()

    def read(self) -> None:
        """Read the file anew."""
        file = self._folder / FILE
        ask_in_thread(lambda: end_of(file), self._receive, name="log")

    def _receive(self, text: object) -> None:
        if isinstance(text, str):
            self._view.setPlainText(text)
            self._view.moveCursor(QTextCursor.MoveOperation.End)

    def _make_foot(self) -> WrapRow:
        read = named(IconButton(self.tr("&Read again"), "recent", clicked=self.read), "readLogButton")
        copy = named(IconButton(self.tr("&Copy log"), "copy", clicked=self._copy), "copyLogButton")
        folder = IconButton(self.tr("Show log &folder"), "folder", clicked=self.folder_asked)
        return WrapRow(read, copy, named(folder, "logFolderButton"), self.close_box, self._notice, spacing=UNIT)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
        self._notice.say(self.tr("Copied to the clipboard."))


def end_of(file: Path, most_bytes: int = _MOST_BYTES) -> str:
    """The last whole lines of a file, at most so many bytes; empty where there is none to read."""
    with suppress(OSError), file.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - most_bytes))
        read = stream.read(most_bytes)
        whole = read if size <= most_bytes else read.partition(b"\n")[2]
        return whole.decode("utf-8", "replace")
    return ""
