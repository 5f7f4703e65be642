"""Diagnostics to read, copy and save."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole, grown, set_monospace
from ..widgets.file_dialogs import choose_new_file
from ..widgets.icons import IconButton
from ..widgets.labels import Text, set_tone
from ..widgets.layouts import column
from ..widgets.naming import announce, named
from ..widgets.page_dialog import PageDialog, resize_within_screen
from ..widgets.wrapping import WrapRow

_WIDTH, _HEIGHT = 720, 620
_LEAST_TEXT = 160


class DiagnosticsBox(QWidget):
    """The text, and buttons to copy and save it; empty until ``show_text``."""

    def __init__(self) -> None:
        super().__init__()
        self._view = self._make_view()
        self._said = Text("", tone="quiet")
        self._said.hide()
        copy = IconButton(self.tr("&Copy diagnostics"), "copy", clicked=self.copy)
        save = IconButton(self.tr("&Save as…"), "save", clicked=self._ask_where)
        self.copy_button = named(copy, "copyDiagnosticsButton")
        self.save_button = named(save, "saveDiagnosticsButton")
        self._allow(False)
        self.setLayout(column(self._view, WrapRow(self.copy_button, self.save_button), self._said, spacing=UNIT))

    @property
    def text(self) -> str:
        """The diagnostics; empty while they are being gathered."""
        return self._view.toPlainText()

    @property
    def said(self) -> str:
        """What was said about copying or saving."""
        return self._said.plain

    def show_text(self, text: str) -> None:
        """Show the diagnostics."""
        self._view.setPlainText(text)
        self._allow(bool(text))

    def copy(self) -> None:
        """Put the text on the clipboard."""
        QGuiApplication.clipboard().setText(self.text)
        self._say(self.tr("Copied to the clipboard."))

    def save(self, file: str) -> None:
        """Write the text to a file."""
        try:
            Path(file).write_text(self.text, encoding="utf-8", newline="\n")
        except OSError as error:
            reason = error.strerror or str(error)
            self._say(self.tr("The file could not be written: {reason}.").format(reason=reason), "error")
        else:
            self._say(self.tr("Saved as {name}.").format(name=Path(file).name))

    def _ask_where(self) -> None:
        suggestion = str(Path.home() / "mergedesk-diagnostics")
        choose_new_file(self, self.tr("Save diagnostics"), suggestion, {"txt": self.tr("Text")}, self.save)

    def _say(self, sentence: str, tone: str = "quiet") -> None:
        set_tone(self._said, tone)
        self._said.show_or_hide(sentence)
        announce(self, sentence)

    def _allow(self, is_there: bool) -> None:
        self.copy_button.setEnabled(is_there)
        self.save_button.setEnabled(is_there)

    def _make_view(self) -> QPlainTextEdit:
        view = QPlainTextEdit(readOnly=True, tabChangesFocus=True)
        named(view, "diagnosticsText", self.tr("Diagnostics"))
        view.setPlaceholderText(self.tr("Gathering…"))
        view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        view.setMinimumHeight(_LEAST_TEXT)
        set_monospace(view)
        return view


class DiagnosticsDialog(PageDialog):
    """Copies the diagnostics as soon as they are there, and shows what was copied."""

    chapter = "privacy"

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, self.tr("Diagnostics"))
        self.box = DiagnosticsBox()
        heading = Text(self.tr("Diagnostics"), TextRole.DISPLAY)
        self.fill_above(self.close_box, heading, Text(self._explanation(), tone="quiet"), self.box, grows=2)
        resize_within_screen(self, grown(_WIDTH), grown(_HEIGHT))

    def show_diagnostics(self, text: object) -> None:
        """Show the text and copy it."""
        self.box.show_text(str(text))
        self.box.copy()

    def _explanation(self) -> str:
        return self.tr(
            "For whoever helps you: versions, this computer, and the last error. Paths, names of folders, and the "
            "names of user and computer are left out."
        )
