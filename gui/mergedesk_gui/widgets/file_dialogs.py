"""The system's dialogs for folders and files, without stopping the window behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from . import dialogs
from .dialog_buttons import take_pictures_off

if TYPE_CHECKING:
    from mergedesk.reports.formats import ReportFormat

translate = QCoreApplication.translate


def choose_folder(
    parent: QWidget, title: str, start: str, receive: Callable[[str], None], *, chosen: str = ""
) -> QFileDialog:
    """Let the person choose a folder; ``receive`` gets its path.

    Where one is ``chosen``, the dialog opens beside it and not in it: what is wanted next is most often its neighbour.
    """
    is_there = bool(chosen) and Path(chosen).is_absolute()
    dialog = QFileDialog(parent, title, str(Path(chosen).parent) if is_there else start)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    if is_there:
        dialog.selectFile(chosen)
    return _opened(dialog, receive)


def choose_file(parent: QWidget, title: str, start: str, pattern: str, receive: Callable[[str], None]) -> QFileDialog:
    """Let the person choose a file that is there, of names like ``pattern``; ``receive`` gets its path."""
    dialog = QFileDialog(parent, title, start, pattern)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _opened(dialog, receive)


def choose_new_file(
    parent: QWidget, title: str, suggestion: str, kinds: Mapping[str, str], receive: Callable[[str], None]
) -> QFileDialog:
    """Let the person name a file to write; ``receive`` gets its path.

    ``kinds`` maps an ending to what such files are; the first is proposed. Choosing another changes the name's ending.
    """
    ending_of = {f"{kind} (*.{ending})": ending for ending, kind in kinds.items()}
    first = next(iter(kinds))
    dialog = QFileDialog(parent, title, f"{suggestion}.{first}")
    dialog.setNameFilters(list(ending_of))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(first)

    def follow(chosen: str) -> None:
        ending = ending_of[chosen]
        dialog.setDefaultSuffix(ending)
        for file in dialog.selectedFiles():
            name, dot, before = file.rpartition(".")
            if dot and before in kinds:  # a model's name has dots of its own
                dialog.selectFile(f"{name}.{ending}")

    dialog.filterSelected.connect(follow)
    return _opened(dialog, receive)


def save_document(
    parent: QWidget, title: str, proposed: Path, document: Callable[[ReportFormat], str], notify: Callable[[str], None]
) -> None:
    """Let the person name a file (``proposed`` has no ending), write ``document`` as what the ending says, and say so.

    ``notify`` gets the sentence that says it is saved; what came in the way is told in a dialog.
    """
    kinds = {
        "html": translate("SaveDocument", "Web page"),
        "md": translate("SaveDocument", "Markdown"),
        "json": translate("SaveDocument", "JSON"),
    }

    def write(file: Path) -> None:
        from mergedesk.reports.formats import write_as

        write_as(document, file)

    save_file(parent, title, proposed, kinds, write, notify)


def save_file(
    parent: QWidget,
    title: str,
    proposed: Path,
    kinds: Mapping[str, str],
    write: Callable[[Path], None],
    notify: Callable[[str], None],
) -> None:
    """Let the person name a file of one of those ``kinds``, have it written, and say so as ``save_document`` does.

    ``write`` raises OSError where it cannot.
    """

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


def _opened(dialog: QFileDialog, receive: Callable[[str], None]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(receive)
    dialog.open()
    take_pictures_off(dialog)  # a dialog of Qt's own; the system's is another one
    return dialog
