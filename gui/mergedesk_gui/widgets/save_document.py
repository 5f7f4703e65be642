"""Let the person choose where a document is saved and as what kind, save it, and say what came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from . import dialogs
from .folder_dialog import choose_new_file

translate = QCoreApplication.translate

Write = Callable[[Path], object]
"""Writes the document into a file; raises OSError."""


def save_document(parent: QWidget, title: str, proposed: Path, write: Write, notify: Callable[[str], None]) -> None:
    """Ask for a name, proposing ``proposed`` (without ending); ``notify`` gets the sentence that says it is saved."""
    kinds = {
        "html": translate("SaveDocument", "Web page"),
        "md": translate("SaveDocument", "Markdown"),
        "json": translate("SaveDocument", "JSON"),
    }

    def save(file: str) -> None:
        try:
            write(Path(file))
        except OSError as error:
            sentence = translate("SaveDocument", "The file could not be saved: {reason}.")
            hint = translate("SaveDocument", "Choose another folder, one you may write to.")
            dialogs.tell(parent, sentence.format(reason=error.strerror or error), hint)
        else:
            notify(translate("SaveDocument", "Saved as {name}.").format(name=Path(file).name))

    choose_new_file(parent, title, str(proposed), kinds, save)
