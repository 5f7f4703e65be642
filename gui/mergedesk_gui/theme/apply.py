"""Dress the application, and again whenever the system changes between light and dark."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from .colours import palette_of, scheme_colours
from .stylesheet import stylesheet


class Theme(QObject):
    """Keeps one application in the system's colour scheme."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        # Where the system names no scheme, the palette it came with tells; ours replaces it below.
        self._system_palette = QPalette(application.palette())
        application.setStyle("Fusion")
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self.apply)
        self.apply(hints.colorScheme())

    def apply(self, scheme: Qt.ColorScheme) -> None:
        """Dress everything in ``scheme``."""
        colours = scheme_colours(scheme, self._system_palette)
        self._application.setPalette(palette_of(colours))
        self._application.setStyleSheet(stylesheet(colours))
