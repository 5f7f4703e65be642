"""Tabs, none of them ever out of sight or cut: in words, else as symbols beside the one in words, else as a list."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QIcon, QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QSizePolicy, QTabBar, QWidget

from ..theme.icons import icon
from ..theme.typography import grown
from .icons import BUTTON_ICON, RECOLOURED, tone_colour
from .labels import restyle
from .layouts import column
from .naming import named


class PageTab(NamedTuple):
    """A page's name, and the icon that stands for it where there is little room."""

    name: str
    picture: str


class _Form(Enum):
    WORDS = auto()
    SYMBOLS = auto()
    LIST = auto()


class PageTabs(QWidget):
    """The first tab is enabled. What a symbol stands for is read out, and shown when it is pointed at."""

    turned = Signal(int)

    def __init__(self, spoken: str, tabs: Sequence[PageTab]) -> None:
        super().__init__()
        self._names = [tab.name for tab in tabs]
        self._pictures = [tab.picture for tab in tabs]
        self._form: _Form | None = None
        self._needed: dict[_Form, int] = {}
        self.bar = named(QTabBar(drawBase=False, expanding=False, usesScrollButtons=False), "pagesBar", spoken)
        self.list = named(QComboBox(), "pagesCombo", spoken)
        for name in self._names:
            self.bar.addTab(name)
            self.list.addItem(name)
        for number in range(len(tabs)):
            self.enable(number, number == 0)
        self.list.hide()
        self.list.activated.connect(self.bar.setCurrentIndex)
        self.bar.currentChanged.connect(self.list.setCurrentIndex)
        self.bar.currentChanged.connect(self._write)
        self.bar.currentChanged.connect(self.turned)
        self.setLayout(column(self.bar, self.list, spacing=0))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._draw()

    def enable(self, number: int, is_enabled: bool) -> None:
        """Let a page be turned to, or not."""
        self.bar.setTabEnabled(number, is_enabled)
        model = self.list.model()
        if isinstance(model, QStandardItemModel):
            model.item(number).setEnabled(is_enabled)

    def rename(self, number: int, name: str) -> None:
        """Call a page otherwise."""
        self._names[number] = name
        self.list.setItemText(number, name)
        self._needed.clear()
        self._arrange()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """What the list needs, which is less than the tabs do."""
        return QSize(self.list.minimumSizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Follow the colours with the symbols, and the size of type with what finds room."""
        super().changeEvent(event)
        if event.type() in RECOLOURED or event.type() is QEvent.Type.FontChange:
            self._draw()
            self._needed.clear()
            self._arrange()

    def _arrange(self) -> None:
        """Take the first form that finds room whichever page is turned to."""
        if not self._needed:
            self._needed = {form: self._width_as(form) for form in (_Form.WORDS, _Form.SYMBOLS)}
        fits = (form for form, needed in self._needed.items() if needed <= self.width())
        self._form = next(fits, _Form.LIST)
        self._write()
        self.bar.setVisible(self._form is not _Form.LIST)
        self.list.setVisible(self._form is _Form.LIST)

    def _width_as(self, form: _Form) -> int:
        """As symbols, with the longest name as the one in words."""
        self._form = form
        longest = max(range(len(self._names)), key=lambda number: self._advance(self._names[number]))
        self._write(longest)
        return self.bar.sizeHint().width()

    def _advance(self, name: str) -> int:
        return self.bar.fontMetrics().horizontalAdvance(name)

    def _write(self, current: int | None = None) -> None:
        """Put words or symbols on the tabs."""
        current = self.bar.currentIndex() if current is None else current
        is_small = self._form is _Form.SYMBOLS
        restyle(self.bar, "form", "symbols" if is_small else "words")
        for number, (name, picture) in enumerate(zip(self._names, self._icons, strict=True)):
            in_words = not is_small or number == current
            self.bar.setTabText(number, name if in_words else "")
            self.bar.setTabIcon(number, QIcon() if in_words else picture)
            self.bar.setTabToolTip(number, "" if in_words else name)
            self.bar.setAccessibleTabName(number, name)

    def _draw(self) -> None:
        size = grown(BUTTON_ICON)
        colour, disabled = tone_colour("quiet"), tone_colour("disabled")
        self.bar.setIconSize(QSize(size, size))
        self._icons = [icon(picture, colour, disabled, size) for picture in self._pictures]
        self._write()
