"""The buttons at a dialog's foot, in words alone: Qt's pictures are black in every scheme, and do not grow."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox


def take_pictures_off(dialog: QDialog) -> None:
    """Leave the words alone on every button of the dialog's boxes."""
    for box in dialog.findChildren(QDialogButtonBox):
        for button in box.buttons():
            button.setIcon(QIcon())
