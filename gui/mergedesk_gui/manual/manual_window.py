"""The manual's window: contents and search on the left, a chapter on the right."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListWidget, QListWidgetItem, QSplitter, QWidget

from ..theme.stylesheet import UNIT, apply_theme
from ..theme.typography import grown
from ..widgets.icons import IconToolButton
from ..widgets.layouts import column, row
from ..widgets.naming import announce, named
from ..widgets.opening import show_page
from ..widgets.page_dialog import resize_within_screen
from .chapters import CHAPTERS, Hit, chapter_file, manual_folder, read_chapters, search
from .manual_view import ManualView

_WIDTH, _HEIGHT, _CONTENTS = 1080, 780, 260
_BESIDE = 600
_NAME, _WORDS = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class ManualWindow(QDialog):
    """Stays open beside the main window, and over its dialogs, which is why it has no parent."""

    def __init__(self, language: str) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle(self.tr("Manual"))
        self._folder = manual_folder(language)
        self._chapters = read_chapters(self._folder)
        self.view = ManualView(self.tr("Chapter"))
        self.view.sourceChanged.connect(self._show_current)
        self.view.page_asked.connect(partial(show_page, self))
        self.field = named(QLineEdit(), "manualSearchEdit", self.tr("Search the manual"))
        self.field.setPlaceholderText(self.tr("Search the manual"))
        least = self.field.fontMetrics().horizontalAdvance(self.field.placeholderText())
        self.field.setMinimumWidth(least + 4 * UNIT)
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._choose_first)
        self.list = self._make_list()
        self.found = named(QLabel(wordWrap=True), "manualFoundLabel")
        self._lay_out()
        self._add_keys()
        self._fill("")
        apply_theme(self)
        resize_within_screen(self, grown(_WIDTH), _HEIGHT)

    @property
    def chapter(self) -> str:
        """The name of the chapter that is shown."""
        return self.view.source().fileName().removesuffix(".md")

    def show_chapter(self, name: str, words: str = "") -> None:
        """Turn to a chapter, to where the first of the ``words`` stands."""
        self.view.show_chapter(chapter_file(self._folder, name), words)

    def follow_scheme(self) -> None:
        """Take the colours that the application has now."""
        apply_theme(self)
        self.view.dress_again()

    def _make_list(self) -> QListWidget:
        made = named(QListWidget(), "manualContentsList", self.tr("Contents"))
        made.setWordWrap(True)
        made.setMinimumHeight(1)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setResizeMode(QListWidget.ResizeMode.Adjust)
        made.itemSelectionChanged.connect(self._turn_to_selected)
        made.itemActivated.connect(lambda _one: self.view.setFocus())
        return made

    def _lay_out(self) -> None:
        back = named(IconToolButton("back", self.tr("Back"), clicked=self.view.backward), "manualBackButton")
        forward = IconToolButton("forward", self.tr("Forward"), clicked=self.view.forward)
        named(forward, "manualForwardButton")
        self.view.backwardAvailable.connect(back.setEnabled)
        self.view.forwardAvailable.connect(forward.setEnabled)
        for button in (back, forward):
            button.setEnabled(False)
        left, right = QWidget(), QWidget()
        left.setLayout(column(row(back, forward, None), self.field, self.found, self.list))
        right.setLayout(column(self.view))
        self._parts = parts = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False, handleWidth=2 * UNIT)
        parts.addWidget(left)
        parts.addWidget(right)
        parts.setStretchFactor(1, 1)
        self.setLayout(column(parts, margin=2 * UNIT))
        self.found.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Put the contents above the chapter where large type leaves too little width for both."""
        super().resizeEvent(event)
        is_stacked = self.width() < grown(_BESIDE)
        wanted = Qt.Orientation.Vertical if is_stacked else Qt.Orientation.Horizontal
        if self._parts.orientation() is not wanted or event.oldSize().width() <= 0:
            self._parts.setOrientation(wanted)
            whole = self.height() if is_stacked else self.width()
            contents = whole // 3 if is_stacked else min(grown(_CONTENTS), whole // 3)
            self._parts.setSizes([contents, whole - contents])

    def _add_keys(self) -> None:
        for keys, do in (
            ("Alt+Left", self.view.backward),
            ("Alt+Right", self.view.forward),
            ("Ctrl+F", self._search),
            ("Ctrl+W", self.close),
        ):
            QShortcut(QKeySequence(keys), self, do)

    def _search(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def _fill(self, words: str) -> None:
        """Show the contents, or what is found of words."""
        hits = search(self._chapters, words)
        self.list.blockSignals(True)
        self.list.clear()
        if words.strip():
            for hit in hits:
                self._add(f"{hit.chapter.title}\n{hit.excerpt}", hit.chapter.name, words)
        else:
            for one in self._chapters:
                self._add(one.title, one.name)
        self.list.blockSignals(False)
        self._tell_found(words, hits)
        self._show_current(self.view.source())

    def _tell_found(self, words: str, hits: tuple[Hit, ...]) -> None:
        sentence = self.tr("%n place(s) found.", "", len(hits)) if hits else self.tr("Nothing was found.")
        self.found.setVisible(bool(words.strip()))
        if words.strip():
            self.found.setText(sentence)
            announce(self.found, sentence)

    def _add(self, text: str, name: str, words: str = "") -> None:
        item = QListWidgetItem(text)
        item.setData(_NAME, name)
        item.setData(_WORDS, words)
        self.list.addItem(item)

    def _choose_first(self) -> None:
        self.list.setCurrentRow(0)
        self.view.setFocus()

    def _turn_to_selected(self) -> None:
        for item in self.list.selectedItems():
            self.show_chapter(item.data(_NAME), item.data(_WORDS))

    def _show_current(self, address: QUrl) -> None:
        """Mark in the contents which chapter is shown: that of ``address``, which Qt tells before it is the source."""
        name = address.fileName().removesuffix(".md")
        if not self.field.text().strip() and name in CHAPTERS:
            self.list.blockSignals(True)
            self.list.setCurrentRow(CHAPTERS.index(name))
            self.list.blockSignals(False)
