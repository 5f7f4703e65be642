"""The style sheet, ``window.qss``, in a scheme's colours, and how application and windows come to wear it.

Distances are multiples of 8 pixels, 4 inside controls.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget

from .colours import LIGHT, Colours, colours_of, palette_of, scheme_colours
from .icons import icon_file

UNIT = 8
_TEMPLATE = Path(__file__).with_name("window.qss")


def stylesheet(colours: Colours) -> str:
    """The style sheet for one scheme."""
    # The file names a picture's own colour: a style sheet cannot tint one.
    scheme = "light" if colours is LIGHT else "dark"
    return Template(_TEMPLATE.read_text("utf-8")).substitute(
        asdict(colours),
        chevron=icon_file(f"chevron-{scheme}").as_posix(),
        chevron_up=icon_file(f"chevron-up-{scheme}").as_posix(),
        tick=icon_file(f"tick-{scheme}").as_posix(),
    )


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
        """Take the colours of ``scheme``; windows follow when they are told of the new palette."""
        self._application.setPalette(palette_of(scheme_colours(scheme, self._system_palette)))


def apply_theme(window: QWidget) -> None:
    """Give a finished window, and all that is in it, the style sheet for the application's palette.

    Not the application: Qt would work through the sheet again each time a part is put into another, and the
    window would take twice as long to appear.
    """
    sheet = stylesheet(colours_of(QApplication.palette()))
    if sheet != window.styleSheet():
        window.setStyleSheet(sheet)
