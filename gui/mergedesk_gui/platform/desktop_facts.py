"""What may matter about the desktop when something looks wrong."""

from __future__ import annotations

from PySide6.QtCore import QLocale, qVersion
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication, QWidget

from ..theme.colours import CONTRAST_DARK, CONTRAST_LIGHT, colours_of


def window_facts(window: QWidget) -> dict[str, str]:
    """Qt, screens, colours and language, by name, in English as all diagnostics are."""
    colours = colours_of(QApplication.palette())
    contrast = ", high contrast" if colours in (CONTRAST_LIGHT, CONTRAST_DARK) else ""
    scheme = QGuiApplication.styleHints().colorScheme().name
    screens = "; ".join(_screen(screen, screen is window.screen()) for screen in QGuiApplication.screens())
    return {
        "Qt": f"{qVersion()}, platform {QGuiApplication.platformName()}, style {QApplication.style().name()}",
        "Window": f"{window.width()} × {window.height()}",
        "Screens": screens,
        "Colours": f"{'dark' if colours.is_dark else 'light'}{contrast} (the system says {scheme})",
        "Language": f"{QLocale().name()} (the system's is {QLocale.system().name()})",
        "Text": f"{QApplication.font().family()} {QApplication.font().pointSizeF():g} pt",
    }


def _screen(screen: QScreen, is_shown_on: bool) -> str:
    size, ratio = screen.size(), screen.devicePixelRatio()
    here = " (the window is here)" if is_shown_on else ""
    return f"{size.width()} × {size.height()} at {ratio:g}{here}"
