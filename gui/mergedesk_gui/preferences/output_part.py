"""Where merged models go, and what their folders are called."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from ..state.output_naming import BESIDE, PATTERN, OutputNaming, is_pattern
from ..state.preferences import Preferences
from ..state.stored_form import is_absolute
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.file_dialogs import choose_folder
from ..widgets.icons import IconToolButton
from ..widgets.labels import Text, set_tone
from ..widgets.layouts import column, labelled, row
from ..widgets.mnemonics import without_mnemonic
from ..widgets.naming import named
from ..widgets.path_edit import PathEdit, folder_from_text
from .parts import Change, headed


class OutputPart(QWidget):
    """A folder and a pattern; what makes no sense is said and not taken."""

    def __init__(self, preferences: Preferences, change: Change) -> None:
        super().__init__()
        self._change = change
        folder, pattern = self.tr("&Folder for merged models"), self.tr("&Name of their folders")
        self.folder = named(PathEdit(), "defaultOutputEdit", without_mnemonic(folder))
        self.folder.setPlaceholderText(self.tr("beside the adapter"))
        self.pattern = named(QLineEdit(), "namingEdit", without_mnemonic(pattern))
        self.pattern.setPlaceholderText(PATTERN)
        self._about_folder, self._about_name = (Text("", TextRole.SMALL, "quiet") for _ in range(2))
        browse = IconToolButton("folder", self.tr("Choose a folder for merged models"), clicked=self._browse)
        browse.setObjectName("defaultOutputButton")
        label = QLabel(folder)
        label.setBuddy(self.folder)
        line = row(self.folder, browse, spacing=UNIT // 2, grows=0)
        where = column(label, line, self._about_folder, spacing=UNIT // 2)
        self.setLayout(headed(self.tr("Results"), where, labelled(pattern, self.pattern, self._about_name)))
        self._show(preferences.naming)
        self.folder.textChanged.connect(self._judge)
        self.pattern.textChanged.connect(self._judge)

    def _show(self, naming: OutputNaming) -> None:
        self.folder.setText(str(naming.folder or ""))
        self.pattern.setText("" if naming.pattern == PATTERN else naming.pattern)
        self._explain(self._folder_trouble(), self._pattern_trouble())

    def _browse(self) -> None:
        choose_folder(self, self.tr("Choose a folder for merged models"), self.folder.text(), self.folder.setText)

    def _judge(self) -> None:
        troubles = self._folder_trouble(), self._pattern_trouble()
        self._explain(*troubles)
        if not any(troubles):
            self._change(lambda before: replace(before, naming=self._naming))

    @property
    def _naming(self) -> OutputNaming:
        return OutputNaming(self._folder, self.pattern.text().strip() or BESIDE.pattern)

    @property
    def _folder(self) -> Path | None:
        return folder_from_text(self.folder.text())

    def _folder_trouble(self) -> str:
        folder = self._folder
        return "" if folder is None or is_absolute(folder) else self.tr("Give the whole path, from the root on.")

    def _pattern_trouble(self) -> str:
        typed = self.pattern.text().strip()
        return "" if not typed or is_pattern(typed) else self.tr("This cannot be the name of a folder.")

    def _explain(self, of_folder: str, of_pattern: str) -> None:
        meaning = self.tr("Proposed for every merge; a folder that you choose for one merge holds for that one.")
        words = self.tr("{placeholders} stand for names and the day. Example: {example}")
        placeholders = "{base}, {adapters}, {date}"
        name = "" if of_pattern else self._naming.name("Llama-3.2-1B", "pirate-lora")
        for label, edit, trouble, usual in (
            (self._about_folder, self.folder, of_folder, meaning),
            (self._about_name, self.pattern, of_pattern, words.format(placeholders=placeholders, example=name)),
        ):
            label.setText(trouble or usual)
            set_tone(label, "error" if trouble else "quiet")
            edit.setAccessibleDescription(trouble or usual)
