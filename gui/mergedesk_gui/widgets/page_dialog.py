"""A dialog over the window that is gone once it is closed, and no larger than its screen."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLayout, QWidget

from ..theme.stylesheet import UNIT
from ..theme.typography import grown
from .dialog_buttons import take_pictures_off
from .help_desk import ask_for_help
from .layouts import column, row, scrolled

_FRAME = QSize(32, 64)  # what a window manager puts around a window


class PageDialog(QDialog):
    """A page of parts; ``close_box`` is the button that closes it, which the page puts where it belongs."""

    chapter = ""
    """The chapter of the manual that F1 opens."""

    def __init__(self, parent: QWidget | None, title: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.close_box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.close_box.rejected.connect(self.reject)
        QShortcut(QKeySequence("F1"), self, lambda: ask_for_help(self, self.chapter))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        super().showEvent(event)
        take_pictures_off(self)

    def fill_scrolled(self, width: int, *parts: QWidget | QLayout | None) -> None:
        """Put ``parts`` below one another, to be scrolled in where the screen is too small for all of them."""
        content, layout = QWidget(), column(*parts, None, spacing=2 * UNIT, margin=3 * UNIT)
        content.setLayout(layout)
        area = scrolled(content, "page")
        self.setLayout(column(area, spacing=0))
        for part in (self, *content.findChildren(QWidget)):
            part.ensurePolished()  # only then they know what they need
        room = self.screen().availableSize().width() - _FRAME.width()
        width = min(room, max(grown(width), content.minimumSizeHint().width()))
        resize_within_screen(self, width, layout.totalHeightForWidth(width))

    def fill_above(self, foot: QWidget, *parts: QWidget | QLayout | None, grows: int) -> None:
        """Put ``parts`` below one another, to be scrolled in where there is too little room, and ``foot`` below them.

        The part number ``grows`` takes the room left.
        """
        content, layout = QWidget(), column(*parts, spacing=2 * UNIT, margin=3 * UNIT)
        layout.setStretch(grows, 1)
        content.setLayout(layout)
        self.setLayout(column(scrolled(content, "page"), row(foot, margin=2 * UNIT), spacing=0))


def resize_within_screen(window: QWidget, width: int, height: int) -> None:
    """Give a window this size, or as much of it as its screen has room for."""
    window.resize(QSize(width, height).boundedTo(window.screen().availableSize() - _FRAME))
