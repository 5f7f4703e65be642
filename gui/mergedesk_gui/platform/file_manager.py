"""Show a folder in the file manager, or a web page in the browser."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_path(path: Path) -> bool:
    """Open a folder or file with the system's own program for it; False if there is none to ask."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
