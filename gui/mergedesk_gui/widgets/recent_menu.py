"""The folders used last, to be chosen again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

_MENU_WIDTH = 480
_Elide = Qt.TextElideMode


@dataclass(frozen=True, slots=True)
class RecentFolders:
    """How to get the folders used last, the latest first, and how to forget them."""

    folders: Callable[[], Sequence[Path]]
    forget: Callable[[], None]


class RecentMenu(QMenu):
    """Filled each time it opens, so that it is never out of date."""

    chosen = Signal(str)

    def __init__(self, recent: RecentFolders, parent: QWidget) -> None:
        super().__init__(parent)
        self._recent = recent
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        for folder in self._recent.folders():
            add_choice(self, str(folder), self.chosen.emit)
        if self.isEmpty():
            self.addAction(self.tr("No recent folders")).setEnabled(False)
            return
        self.addSeparator()
        self.addAction(self.tr("Clear this list"), self._recent.forget)


def add_choice(menu: QMenu, text: str, choose: Callable[[str], object], elide: _Elide = _Elide.ElideMiddle) -> None:
    """Offer ``text`` in a menu, on one line and shortened; the tooltip has it whole."""
    line = " ".join(text.split())
    shown = menu.fontMetrics().elidedText(line, elide, _MENU_WIDTH)
    menu.addAction(shown.replace("&", "&&"), partial(choose, text)).setToolTip(text)
