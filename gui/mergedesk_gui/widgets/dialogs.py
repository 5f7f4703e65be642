"""The few questions and pages that appear over the window. None of them stops it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QLayout, QMessageBox, QWidget

from ..platform.file_manager import open_path
from ..text.lines import FailureText
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from .failure_card import FailureCard
from .labels import Text
from .layouts import column

translate = QCoreApplication.translate

_PAGE_WIDTH = 560


def ask_to_cancel(parent: QWidget, agree: Callable[[], None], *, verifies: bool = False) -> QMessageBox:
    """Ask whether to cancel the running merge, or verification, and quit; ``agree`` is called on yes."""
    words = _words_of_verification() if verifies else _words_of_merge()
    return ask(parent, words, translate("Dialogs", "Cancelling leaves nothing behind."), agree)


def ask(parent: QWidget, words: tuple[str, str, str, str], more: str, agree: Callable[[], None]) -> QMessageBox:
    """Ask a question: ``words`` are title, question, yes and no; ``agree`` is called on yes, and no is the default."""
    title, text, yes_text, stay_text = words
    box = _message(parent, title)
    box.setText(text)
    box.setInformativeText(more)
    yes = box.addButton(yes_text, QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton(stay_text, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    yes.clicked.connect(agree)
    box.open()
    return box


def _words_of_merge() -> tuple[str, str, str, str]:
    return (
        translate("Dialogs", "A merge is running"),
        translate("Dialogs", "A merge is running. Cancel it and quit?"),
        translate("Dialogs", "Cancel merge and quit"),
        translate("Dialogs", "Keep merging"),
    )


def _words_of_verification() -> tuple[str, str, str, str]:
    return (
        translate("Dialogs", "A verification is running"),
        translate("Dialogs", "A verification is running. Cancel it and quit?"),
        translate("Dialogs", "Cancel verification and quit"),
        translate("Dialogs", "Keep verifying"),
    )


def tell(parent: QWidget, sentence: str, hint: str) -> QMessageBox:
    """Tell about a small failure: what happened, and what to do."""
    box = _message(parent, translate("Dialogs", "MergeDesk"))
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(sentence)
    box.setInformativeText(hint)
    box.open()
    return box


def topmost(window: QWidget) -> QWidget:
    """The dialog that is open over ``window``, or else that: what opens next must lie on top of it to be usable."""
    return QApplication.activeModalWidget() or window


def show_folder(parent: QWidget, folder: Path) -> None:
    """Show a merged folder in the file manager; where the system has none, tell where the folder is."""
    if not open_path(folder):
        where = translate("Dialogs", "The merged model is in {path}").format(path=folder)
        tell(parent, translate("Dialogs", "The system offers no file manager."), where)


def show_help(parent: QWidget) -> QDialog:
    """Explain what merging is and what the checks are for."""
    title = translate("Dialogs", "How merging works")
    dialog = _page(parent, title)
    parts = [
        column(Text(heading, TextRole.HEADING), Text(text), spacing=UNIT // 2) for heading, text in _help_paragraphs()
    ]
    _fill(dialog, Text(title, TextRole.DISPLAY), *parts)
    dialog.open()
    return dialog


def show_failure(parent: QWidget | None, failure: FailureText) -> QDialog:
    """Show an error that nobody foresaw, with its details to copy."""
    dialog = _page(parent, translate("Dialogs", "Something went wrong"))
    card = FailureCard()
    card.show_failure(failure)
    _fill(dialog, card)
    dialog.open()
    return dialog


def _help_paragraphs() -> tuple[tuple[str, str], ...]:
    return (
        (
            translate("Dialogs", "What an adapter is"),
            translate(
                "Dialogs",
                "Fine-tuning with LoRA leaves the model alone and trains small matrices beside it. "
                "They are saved as an adapter, which is useless without its base model.",
            ),
        ),
        (
            translate("Dialogs", "What merging does"),
            translate(
                "Dialogs",
                "It adds the adapter's change to the base's weights. The result is an ordinary model of the "
                "base's class: it needs no PEFT, and answers as fast as the base.",
            ),
        ),
        (
            translate("Dialogs", "Why it is verified"),
            translate(
                "Dialogs",
                "A merge can go wrong in silence: half the modules unmatched, the unmerged model saved, "
                "precision lost. So the result is loaded and compared before its folder gets its name.",
            ),
        ),
    )


def _message(parent: QWidget, title: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(title)
    return box


def _page(parent: QWidget | None, title: str) -> QDialog:
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.setMinimumWidth(_PAGE_WIDTH)
    return dialog


def _fill(dialog: QDialog, *parts: QWidget | QLayout) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = column(*parts, None, buttons, spacing=2 * UNIT, margin=3 * UNIT)
    dialog.setLayout(layout)
    dialog.resize(_PAGE_WIDTH, layout.heightForWidth(_PAGE_WIDTH))
