"""The one window of the manual: made when it is asked for, and anew in another language or size of type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from ..text.language import window_language

if TYPE_CHECKING:
    from .manual_window import ManualWindow


class ManualController(QObject):
    """Opens the manual at a chapter. It goes when the main window does, and follows its looks and language."""

    def __init__(self, main: QWidget) -> None:
        super().__init__(main)
        self.window: ManualWindow | None = None
        self._main = main

    def show(self, chapter: str) -> ManualWindow:
        """Open the manual, or bring it to the front, at a chapter."""
        window = self.window or self._make()
        window.show_chapter(chapter)
        window.show()
        window.activateWindow()
        return window

    def renew(self) -> None:
        """Open it anew where it is open: texts or sizes are others."""
        if self.window is not None:
            chapter, place = self.window.chapter, self.window.saveGeometry()
            self.window.close()
            self.show(chapter).restoreGeometry(place)

    def follow_scheme(self) -> None:
        """Take the colours that the application has now."""
        if self.window is not None:
            self.window.follow_scheme()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Close the manual with the main window."""
        if event.type() == QEvent.Type.Hide and self.window is not None and not event.spontaneous():
            self.window.close()
        return super().eventFilter(watched, event)

    def _make(self) -> ManualWindow:
        from .manual_window import ManualWindow

        self.window = window = ManualWindow(window_language())
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.finished.connect(self._forget)
        self._main.installEventFilter(self)
        return window

    def _forget(self) -> None:
        self.window = None
        self._main.removeEventFilter(self)
