"""Preferences: each takes effect as it is chosen, this dialog's own words and type among them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from ..state.preferences import Preferences
from ..theme.stylesheet import UNIT
from ..theme.typography import grown
from ..widgets.layouts import column, row, scrolled
from ..widgets.naming import named
from ..widgets.page_dialog import PageDialog, resize_within_screen
from ..widgets.word_button import WordButton
from .appearance_part import AppearancePart
from .output_part import OutputPart
from .work_part import WorkPart

_WIDTH, _HEIGHT = 560, 640


class PreferencesDialog(PageDialog):
    """Shows ``preferences`` and tells of every change; what it shows is then made anew in the new language."""

    chapter = "keyboard"

    changed = Signal(object)
    """The ``Preferences`` as they are now."""

    def __init__(self, parent: QWidget, preferences: Preferences) -> None:
        super().__init__(parent, "")
        self.preferences = preferences
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._page: QWidget | None = None
        self._fill()
        resize_within_screen(self, grown(_WIDTH), grown(_HEIGHT))

    def take(self, preferences: Preferences) -> None:
        """Have ``preferences`` from now on."""
        before, self.preferences = self.preferences, preferences
        if before != preferences:
            self.changed.emit(preferences)
            if (before.language, before.points) != (preferences.language, preferences.points):
                self._fill()

    def reset(self) -> None:
        """Have everything as it is without a wish."""
        self.take(Preferences())
        self._fill()

    def _fill(self) -> None:
        focused = self.focusWidget()
        name, old = focused.objectName() if focused is not None else "", self._page
        self.setWindowTitle(self.tr("Preferences"))
        self._page = self._made_page()
        self._box.addWidget(self._page)
        self._page.show()
        if old is not None:
            self._box.removeWidget(old)
            old.setParent(None)  # its controls are found no more
            old.deleteLater()
        again = self._page.findChild(QWidget, name) if name else None
        if isinstance(again, QWidget):
            again.setFocus()

    def _made_page(self) -> QWidget:
        parts = (
            AppearancePart(self.preferences, self._change),
            OutputPart(self.preferences, self._change),
            WorkPart(self.preferences, self._change),
        )
        content = QWidget()
        content.setLayout(column(*parts, None, spacing=3 * UNIT, margin=3 * UNIT))
        foot = row(self._reset_button(), None, self._close_button(), margin=2 * UNIT)
        page = QWidget()
        page.setLayout(column(named(scrolled(content, "page"), "preferencesArea"), foot, spacing=0))
        return page

    def _change(self, change: Callable[[Preferences], Preferences]) -> None:
        self.take(change(self.preferences))

    def _reset_button(self) -> QPushButton:
        button = named(WordButton(self.tr("&Reset all")), "resetPreferencesButton", self.tr("Reset all preferences"))
        button.setToolTip(self.tr("Everything as it is without a wish of yours"))
        button.setAutoDefault(False)
        button.clicked.connect(self.reset)
        return button

    def _close_button(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        box.rejected.connect(self.reject)
        return box
