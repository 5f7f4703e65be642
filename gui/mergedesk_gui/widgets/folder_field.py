"""One folder to choose: its name, its path, three ways to fill it in, and what the folder is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mergedesk.domain.hub_reference import as_typed

from ..text.lines import Description
from ..theme.stylesheet import UNIT
from ..theme.tone import Tone
from ..theme.typography import TextRole, set_type
from .file_dialogs import choose_folder
from .icons import IconLabel, IconToolButton
from .labels import Text, selectable, set_tone
from .layouts import column, row
from .mnemonics import without_mnemonic
from .naming import announce
from .offer_bar import ActionBar
from .path_edit import PathEdit, folder_from_text
from .recent_menu import RecentFolders, RecentMenu


@dataclass(frozen=True, slots=True)
class FieldTexts:
    """What a field is called. Without a ``picture`` it has no heading of its own."""

    picture: str
    label: str
    placeholder: str
    dialog_title: str


class FolderField(QWidget):
    """Typing, pasting, dropping, browsing and choosing a recent folder all end in ``changed``."""

    changed = Signal()
    keeps_changed = Signal()

    def __init__(self, texts: FieldTexts, object_name: str, recent: RecentFolders) -> None:
        super().__init__()
        self._texts = texts
        self.edit = PathEdit()
        self.edit.setObjectName(object_name)
        self.edit.setPlaceholderText(texts.placeholder)
        self.edit.textChanged.connect(self._on_text)
        self.offer_bar = ActionBar()
        self.described: Description | None = None
        self._told = ""  # the text that the rest of the window knows of
        self.keeps = True
        """Whether what is named on a hub shall lie on this computer in the end."""
        self._title = selectable(Text("", TextRole.STRONG))
        self._details = selectable(Text("", TextRole.SMALL, "quiet"))
        self._recent = self._recent_button(recent)
        self._browse = IconToolButton("folder", texts.dialog_title, clicked=self.browse)
        self.controls_line = row(self.edit, self._recent, self._browse, spacing=UNIT // 2)
        described = column(self._title, self._details, spacing=2)
        self.body = column(self.controls_line, described, self.offer_bar)
        if texts.picture:
            self.body.insertLayout(0, field_heading(texts, self.edit)[0])
        self.setLayout(self.body)
        self.name(without_mnemonic(texts.label))
        self.describe(None)

    @property
    def folder(self) -> Path | None:
        """The folder the text names; None while it is empty."""
        return folder_from_text(self.edit.text())

    @property
    def description(self) -> str:
        """What stands under the path."""
        return f"{self._title.plain}\n{self._details.plain}".strip()

    @property
    def path_controls(self) -> list[QWidget]:
        """The path and its buttons, in the order of the Tab key."""
        return [self.edit, self._recent, self._browse]

    def name(self, spoken: str) -> None:
        """Say what the field is to those who hear the window read out."""
        self.edit.setAccessibleName(spoken)
        for button in (self._recent, self._browse):
            button.setAccessibleDescription(spoken)

    def set_folder(self, folder: Path | str | None) -> None:
        """Put a folder into the field, as if it had been typed."""
        self.edit.setText(as_typed(folder) if isinstance(folder, Path) else folder or "")

    def set_keeps(self, keeps: bool) -> None:
        """Choose whether it shall."""
        if keeps != self.keeps:
            self.keeps = keeps
            self.keeps_changed.emit()

    def describe(self, description: Description | None) -> None:
        """Say what the folder is; None clears it."""
        shown = description or Description("")
        if shown.tone is Tone.ERROR and description != self.described:
            announce(self, f"{self.edit.accessibleName()}: {shown.title}")
        self.described = description
        self._show(self._title, shown.title, shown.tone)
        self._show(self._details, shown.details, Tone.QUIET)
        self.edit.setAccessibleDescription(f"{shown.title} {shown.details}".strip())

    def browse(self) -> None:
        """Let the person choose a folder in the system's dialog."""
        title, start = self._texts.dialog_title, self._browse_from()
        choose_folder(self, title, start, self.edit.setText, chosen=self._browsed)

    def _browse_from(self) -> str:
        """Where the dialog opens while nothing is chosen."""
        return ""

    @property
    def _browsed(self) -> str:
        """The folder that the dialog opens beside."""
        return self.edit.text()

    def _on_text(self) -> None:
        if self.edit.text() == self._told:
            return  # what was undone came to the same
        self._told = self.edit.text()
        self.offer_bar.withdraw()
        self.keeps = True
        # What stood there was about another folder; on a slow drive the new answer takes a while.
        waiting = Description("", self.tr("Looking…")) if self.folder else None
        self.describe(waiting)
        self.changed.emit()

    def _show(self, label: Text, text: str, tone: Tone) -> None:
        label.show_or_hide(text)
        set_tone(label, tone)

    def _recent_button(self, recent: RecentFolders) -> IconToolButton:
        button = IconToolButton("recent", self.tr("Recent folders"))
        menu = RecentMenu(recent, button)
        menu.chosen.connect(self.edit.setText)
        button.setMenu(menu)
        button.setPopupMode(IconToolButton.ToolButtonPopupMode.InstantPopup)
        return button


def field_heading(texts: FieldTexts, buddy: QWidget) -> tuple[QHBoxLayout, QLabel]:
    """A field's picture and name, whose key goes to ``buddy``; and the label with that name."""
    label = QLabel(texts.label)
    label.setBuddy(buddy)
    set_type(label, TextRole.HEADING)
    label.setWordWrap(True)
    return row(IconLabel(texts.picture, "accent", 20), label, grows=1), label
