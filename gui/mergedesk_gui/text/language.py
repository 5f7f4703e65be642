"""The language that the window speaks."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def window_language() -> str:
    """The language of the texts that are installed, as the engine's catalogues name it."""
    return QCoreApplication.translate("Language", "en")
