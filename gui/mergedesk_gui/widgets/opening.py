"""Folders, files and web pages that other programs show. The one way to them: where none opens, that is told."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ..platform.opener import open_address
from .dialogs import tell

translate = QCoreApplication.translate


def show_folder(parent: QWidget, folder: Path) -> None:
    """Show a folder in the file manager."""
    sentence = translate("Opening", "The folder could not be shown.")
    hint = translate("Opening", "Either it is gone, or no program on this computer shows folders. It is {path}")
    _open(parent, QUrl.fromLocalFile(str(folder)), sentence, hint.format(path=folder))


def show_file(parent: QWidget, file: Path) -> None:
    """Show a file in the program that the system has for its kind."""
    sentence = translate("Opening", "The file could not be opened.")
    hint = translate("Opening", "Either it is gone, or no program on this computer opens such files. It is {path}")
    _open(parent, QUrl.fromLocalFile(str(file)), sentence, hint.format(path=file))


def show_page(parent: QWidget, address: str) -> None:
    """Show a web page in the browser."""
    sentence = translate("Opening", "No browser could be opened.")
    hint = translate("Opening", "The page is {address}")
    _open(parent, QUrl(address), sentence, hint.format(address=address))


def _open(parent: QWidget, address: QUrl, sentence: str, hint: str) -> None:
    def failed() -> None:
        if isValid(parent):
            tell(parent, sentence, hint)

    open_address(address, failed)
