"""What is known of the entry that is selected, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QMenu

from mergedesk.domain.library import EntryKind, FoundIn, Library, LibraryEntry

from ..text.library_text import facts_text, hub_name, relation_text
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconButton
from ..widgets.labels import Text, selectable
from ..widgets.layouts import column
from ..widgets.naming import named
from ..widgets.wrapping import WrapRow


class EntryDetails(QFrame):
    """Says it and asks for it; doing it is another's."""

    use_asked = Signal()
    merge_asked = Signal()
    base_asked = Signal()
    adapters_asked = Signal()
    download_asked = Signal()
    folder_asked = Signal()
    copy_asked = Signal()
    remove_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self.title = selectable(Text("", TextRole.STRONG))
        self.facts, self.relation = selectable(Text("", tone="quiet")), selectable(Text(""))
        self.path = selectable(Text("", TextRole.SMALL, "quiet"))
        self._make_buttons()
        buttons = WrapRow(*self.buttons)
        self.setLayout(column(self.title, self.facts, self.relation, self.path, buttons, spacing=UNIT, margin=12))
        self.hide()

    def show_entry(self, entry: LibraryEntry | None, library: Library) -> None:
        """Say what is known of another entry."""
        self.setVisible(entry is not None)
        if entry is None:
            return
        is_adapter = entry.kind is EntryKind.ADAPTER
        self.title.setText(entry.name)
        self.facts.setText(facts_text(entry))
        self.relation.show_or_hide(relation_text(entry, library))
        self.path.setText(str(entry.folder))
        self.use.rename(self.tr("Use as adapter") if is_adapter else self.tr("Use as base"), "add")
        has_base = entry.base_folder is not None
        self._merge.setVisible(is_adapter and has_base)
        self._base.setVisible(has_base)
        self._adapters.setVisible(not is_adapter and bool(library.built_on(entry)))
        self._download.setVisible(bool(hub_name(entry, library)))
        self._remove.setVisible(entry.origin is FoundIn.CHOSEN)

    def fill_menu(self, menu: QMenu) -> None:
        """Offer the same in a menu."""
        for button in self.buttons:
            if not button.isHidden():
                menu.addAction(button.icon(), button.text().strip(), button.click).setEnabled(button.isEnabled())

    def _make_buttons(self) -> None:
        def made(text: str, picture: str, name: str, asked: object) -> IconButton:
            return named(IconButton(text, picture, clicked=asked), name)  # type: ignore[arg-type]

        self.use = made(self.tr("Use as base"), "add", "libraryUseButton", self.use_asked)
        self._merge = made(self.tr("Merge with its base"), "merge", "libraryMergeButton", self.merge_asked)
        self._base = made(self.tr("Show its base"), "model", "libraryBaseButton", self.base_asked)
        self._adapters = made(self.tr("Show its adapters"), "adapter", "libraryAdaptersButton", self.adapters_asked)
        self._download = made(self.tr("Get its base from the hub"), "down", "libraryHubButton", self.download_asked)
        self._folder = made(self.tr("Open folder"), "folder", "libraryFolderButton", self.folder_asked)
        self._copy = made(self.tr("Copy path"), "copy", "libraryCopyButton", self.copy_asked)
        self._remove = made(self.tr("Remove from the list"), "remove", "libraryRemoveButton", self.remove_asked)
        known = (self._base, self._adapters, self._folder, self._copy, self._remove)
        self.buttons = (self.use, self._merge, self._download, *known)
