"""The page “Library”: models and adapters on this computer, to be found, sorted and put into the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from mergedesk.domain.library import EntryKind, Library, LibraryEntry

from ..text.library_text import base_text, class_text, summary_text
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconButton
from ..widgets.labels import Notice, Text, selectable
from ..widgets.layouts import column
from ..widgets.naming import announce, named
from ..widgets.recent_menu import add_choice
from ..widgets.segments import Segment, Segments
from ..widgets.wrapping import WrapRow
from .entry_details import EntryDetails
from .library_table import LibraryModel, LibraryView

_ALL, _MODELS, _ADAPTERS, _MERGED = "all", "models", "adapters", "merged"
_KINDS: Mapping[str, Callable[[LibraryEntry], bool]] = {
    _ALL: lambda _entry: True,
    _MODELS: lambda entry: entry.kind is EntryKind.MODEL and not entry.merged_here,
    _ADAPTERS: lambda entry: entry.kind is EntryKind.ADAPTER,
    _MERGED: lambda entry: entry.merged_here,
}


class LibraryPage(QWidget):
    """Shows a library and asks for what is done with it; looking and doing is another's."""

    shown = Signal()
    """The person turned to the page."""
    used = Signal(object)
    """An entry that is to be put into the form."""
    forget_asked = Signal(object)
    """A folder that is to be looked into no more."""

    def __init__(self) -> None:
        super().__init__()
        self._library = Library()
        self._added: tuple[Path, ...] = ()
        self._built_on: LibraryEntry | None = None
        self.model = LibraryModel(self)
        self.view = LibraryView(self.model, self.tr("Models and adapters on this computer"))
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._show_details())
        self.view.opened.connect(self._use)
        self.view.customContextMenuRequested.connect(self._open_menu)
        self.details = EntryDetails()
        self.details.use_asked.connect(self._use)
        self.details.base_asked.connect(self._show_base)
        self.details.adapters_asked.connect(self._show_adapters)
        self._make_filters()
        self._make_words()
        self._lay_out()
        self.show_library(self._library, is_looking=False)

    @property
    def selected(self) -> LibraryEntry | None:
        """The entry whose row is selected."""
        row = self.view.currentIndex().row()
        return self.model.items[row] if 0 <= row < len(self.model.items) else None

    @property
    def library(self) -> Library:
        """What is shown."""
        return self._library

    def show_library(self, library: Library, *, is_looking: bool) -> None:
        """Show what was found by now; the same entry stays selected."""
        self._library = self.model.library = library
        if self._built_on is not None:
            self._built_on = library.entry(self._built_on.folder)
        looking = self.tr("Looking…") if is_looking else ""
        self.summary.show_or_hide(looking or summary_text(library))
        self._empty.setVisible(not library.entries and not is_looking)
        for part in (self.search, self.kinds, self.view, self._hint):
            part.setVisible(bool(library.entries))
        self._show_gaps()
        self._filter()

    def show_added(self, folders: Sequence[Path]) -> None:
        """Offer to look no more into the folders that were added."""
        self._added = tuple(folders)
        self._folders.setVisible(bool(folders))

    def go_to(self, folder: Path) -> None:
        """Show the row of a folder, whatever the list is narrowed to."""
        self._built_on = None
        self.search.clear()
        self.kinds.choose(_ALL)
        self._filter()
        entry = self._library.entry(folder)
        if entry is not None:
            self.view.show_row(self._row_of(folder, entry.name))
            self.view.setFocus()

    def say(self, sentence: str) -> None:
        """What was done."""
        self.notice.say(sentence)
        announce(self, sentence)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        super().showEvent(event)
        self.shown.emit()

    def _filter(self) -> None:
        kept = self.selected
        among = self._library.entries if self._built_on is None else self._library.built_on(self._built_on)
        is_of_kind, words = _KINDS[self.kinds.value], self.search.text().casefold().split()
        of_kind = [entry for entry in among if is_of_kind(entry)]
        self.model.show_items([entry for entry in of_kind if self._holds(entry, words)] if words else of_kind)
        self.view.take_size(self.model.items)
        if self.model.items:
            self.view.show_row(max(0, self._row_of(kept.folder, kept.name)) if kept else 0)
        narrowed = self._built_on is not None or bool(self._library.entries and not self.model.items)
        self._narrowed_row.setVisible(narrowed)
        if narrowed:
            self._narrowed.setText(self._why_narrowed())
        self._show_details()

    def _holds(self, entry: LibraryEntry, words: Sequence[str]) -> bool:
        """Whether all words stand somewhere in what is told of an entry."""
        told = f"{entry.name}\n{class_text(entry)}\n{base_text(entry, self._library)}\n{entry.folder}".casefold()
        return all(word in told for word in words)

    def _row_of(self, folder: Path, name: str) -> int:
        """The row of an entry; -1 where it is not shown. Names are compared before paths, which takes longer."""
        items = enumerate(self.model.items)
        return next((row for row, entry in items if entry.name == name and entry.folder == folder), -1)

    def _why_narrowed(self) -> str:
        if self._built_on is not None and self.model.items:
            return self.tr("Adapters that were trained on {name}").format(name=self._built_on.name)
        return self.tr("Nothing in the library is like that.")

    def _show_details(self) -> None:
        self.details.show_entry(self.selected, self._library)

    def _show_gaps(self) -> None:
        """Say what was not looked through."""
        cut = [self.tr("There is more in {folder} than is shown.").format(folder=path) for path in self._library.cut]
        gone = [
            self.tr("{folder} is not there now, or cannot be read.").format(folder=path)
            for path in self._library.missing
        ]
        self._gaps.show_or_hide("\n".join((*cut, *gone)))

    def _use(self) -> None:
        if self.selected is not None and self.details.use.isEnabled():
            self.used.emit(self.selected)

    def _show_base(self) -> None:
        if self.selected is not None and self.selected.base_folder is not None:
            self.go_to(self.selected.base_folder)

    def _show_adapters(self) -> None:
        self._built_on = self.selected
        self.search.clear()
        self.kinds.choose(_ALL)
        self._filter()
        self.view.setFocus()

    def _show_everything(self) -> None:
        self.search.clear()
        self.kinds.choose(_ALL)
        self._built_on, kept = None, self._built_on
        self._filter()
        if kept is not None:
            self.go_to(kept.folder)

    def _open_menu(self, where: QPoint) -> None:
        if self.selected is not None:
            menu = QMenu(self)
            menu.setObjectName("libraryMenu")
            self.details.fill_menu(menu)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.view.viewport().mapToGlobal(where))

    def _open_folders(self) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addSection(self.tr("Look no more in"))
        for folder in self._added:
            add_choice(menu, str(folder), lambda text: self.forget_asked.emit(Path(text)))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._folders.mapToGlobal(QPoint(0, self._folders.height())))

    def _make_filters(self) -> None:
        self.search = QLineEdit(placeholderText=self.tr("Search"), clearButtonEnabled=True)
        named(self.search, "librarySearchEdit", self.tr("Search the library"))
        self.search.textChanged.connect(self._filter)
        explained = self.tr("What was merged with this program")
        kinds = (
            Segment(_ALL, self.tr("All"), "libraryAllButton", ""),
            Segment(_MODELS, self.tr("Models"), "libraryModelsButton", ""),
            Segment(_ADAPTERS, self.tr("Adapters"), "libraryOnlyAdaptersButton", ""),
            Segment(_MERGED, self.tr("Merged here"), "libraryMergedButton", explained),
        )
        self.kinds = Segments(self.tr("Kind"), kinds, wraps=True)
        self.kinds.changed.connect(self._filter)
        self.refresh = named(IconButton(self.tr("Look again"), "recent"), "libraryRefreshButton")
        self.add = named(IconButton(self.tr("Add a folder to look in…"), "add"), "libraryAddButton")
        folders = IconButton(self.tr("Added folders…"), "folder", clicked=self._open_folders)
        self._folders = named(folders, "libraryFoldersButton")
        self._folders.hide()

    def _make_words(self) -> None:
        self.summary = named(Text("", tone="quiet"), "librarySummary")
        hint = self.tr(
            "No models or adapters were found in the caches of the hubs, or in folders that you chose before. "
            "Add the folder in which you keep models or training runs, and all that lies in it is listed here."
        )
        self._empty = named(Text(hint), "libraryEmpty")
        self._narrowed = Text("", tone="quiet")
        everything = IconButton(self.tr("Show all"), "expand", clicked=self._show_everything)
        self._show_all = named(everything, "libraryShowAllButton")
        self._gaps = selectable(Text("", tone="warning"))
        self.notice = Notice()

    def _lay_out(self) -> None:
        title = Text(self.tr("Library"), TextRole.DISPLAY)
        hint = self.tr("Double-click a row, or drag it, to put it into the form.")
        self._hint = Text(hint, TextRole.SMALL, "quiet")
        self._narrowed_row = WrapRow(self._narrowed, self._show_all)
        table = column(self.view, self._hint, self.notice, spacing=UNIT)
        filters = column(self.search, self.kinds, self._narrowed_row, spacing=UNIT)
        places = WrapRow(self.refresh, self.add, self._folders)
        parts = (title, self.summary, self._empty, filters, table, self.details, places, self._gaps)
        self.setLayout(column(*parts, spacing=2 * UNIT))
