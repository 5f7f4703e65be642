"""The folders used last, to be chosen again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu

from ..state.settings import Settings

_MENU_WIDTH = 480


class RecentMenu(QMenu):
    """Filled each time it opens, so that it is never out of date."""

    chosen = Signal(str)

    def __init__(self, slot: str, settings: Settings) -> None:
        super().__init__()
        self._slot, self._settings = slot, settings
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        for folder in self._settings.recent(self._slot):
            self._add(str(folder))
        if self.isEmpty():
            self.addAction(self.tr("No recent folders")).setEnabled(False)
            return
        self.addSeparator()
        self.addAction(self.tr("Clear this list"), partial(self._settings.clear_recent, self._slot))

    def _add(self, path: str) -> None:
        shown = self.fontMetrics().elidedText(path, Qt.TextElideMode.ElideMiddle, _MENU_WIDTH)
        action = self.addAction(shown.replace("&", "&&"), partial(self.chosen.emit, path))
        action.setToolTip(path)
