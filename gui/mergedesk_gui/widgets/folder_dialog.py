"""The system's dialogs for folders and files, without stopping the window behind them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def choose_folder(parent: QWidget, title: str, start: str, receive: Callable[[str], None]) -> QFileDialog:
    """Let the person choose a folder; ``receive`` gets its path."""
    dialog = QFileDialog(parent, title, start)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _opened(dialog, receive)


def choose_new_file(
    parent: QWidget, title: str, suggestion: str, kind: str, receive: Callable[[str], None]
) -> QFileDialog:
    """Let the person name a file to write; ``receive`` gets its path."""
    dialog = QFileDialog(parent, title, suggestion, kind)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("json")
    return _opened(dialog, receive)


def _opened(dialog: QFileDialog, receive: Callable[[str], None]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(receive)
    dialog.open()
    return dialog
