"""The two sides of the window: beside one another, or where type is large, below."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QScrollArea, QSplitter, QWidget

from ..theme.typography import grown
from ..widgets.layouts import column, frame, scrolled

_SIDEBAR, _SIDEBAR_LEAST, _SIDEBAR_MOST = 400, 360, 640
_PAGE_LEAST = 440
# Below this width, beside type of the usual size, the sides lie below one another.
_BESIDE = 720
QWIDGETSIZE_MAX = (1 << 24) - 1


class TwoSides(QSplitter):
    """Inputs with the bar that starts a job, and the pages; ``arrange`` is told the window's size."""

    def __init__(self, inputs: QWidget, start_bar: QWidget, pages: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, childrenCollapsible=False, handleWidth=4)
        parts = column(_scrolled(inputs), start_bar, spacing=0)
        parts.setContentsMargins(0, 0, 1, 0)  # the line between the two sides
        self._sidebar, self._pages = frame("sidebar", parts), pages
        self._is_shared = False
        self.addWidget(self._sidebar)
        self.addWidget(pages)
        self.setStretchFactor(1, 1)

    def arrange(self, width: int, height: int) -> None:
        """Put the sides below one another where large type leaves too little width for both."""
        is_stacked = width < grown(_BESIDE)
        least = max(_SIDEBAR_LEAST, min(grown(_SIDEBAR_LEAST), width * 2 // 5))
        self._sidebar.setMinimumWidth(0 if is_stacked else least)
        self._sidebar.setMaximumWidth(QWIDGETSIZE_MAX if is_stacked else grown(_SIDEBAR_MOST))
        self._pages.setMinimumWidth(0 if is_stacked else _PAGE_LEAST)
        wanted = Qt.Orientation.Vertical if is_stacked else Qt.Orientation.Horizontal
        if self.orientation() is not wanted:
            self.setOrientation(wanted)
            self._share(width, height)

    def restore(self, state: QByteArray) -> None:
        """Share the room as it was the last time."""
        self._is_shared = self.restoreState(state)

    def share_once(self, width: int, height: int) -> None:
        """Share the room between the two sides, unless that is remembered or done."""
        if not self._is_shared:
            self._share(width, height)
            self._is_shared = True

    def _share(self, width: int, height: int) -> None:
        if self.orientation() is Qt.Orientation.Vertical:
            whole, sidebar = height, height // 2
        else:
            whole, sidebar = width, min(grown(_SIDEBAR), width * 2 // 5)
        self.setSizes([sidebar, whole - sidebar])


def _scrolled(inputs: QWidget) -> QScrollArea:
    inputs.setProperty("part", "plain")
    inputs.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return scrolled(inputs, "plain")
