"""The few questions and pages that appear over the window. None of them stops it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QLayout, QMessageBox, QWidget

from ..text.lines import FailureText
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from .dialog_buttons import take_pictures_off
from .failure_card import FailureCard
from .labels import Text
from .layouts import column
from .page_dialog import PageDialog
from .word_button import WordButton

translate = QCoreApplication.translate

_PAGE_WIDTH = 560


def ask_to_cancel(parent: QWidget, agree: Callable[[], None], *, verifies: bool = False) -> QMessageBox:
    """Ask whether to cancel the running merge, or verification, and quit; ``agree`` is called on yes."""
    merge = (
        translate("Dialogs", "A merge is running. Cancel it and quit?"),
        translate("Dialogs", "Cancel merge and quit"),
    )
    verification = (
        translate("Dialogs", "A verification is running. Cancel it and quit?"),
        translate("Dialogs", "Cancel verification and quit"),
    )
    return _ask_of_job(parent, verification if verifies else merge, agree, verifies=verifies)


def ask_to_stop(parent: QWidget, agree: Callable[[], None], *, verifies: bool = False) -> QMessageBox:
    """Ask whether to stop a merge, or a verification, that has run for a while; ``agree`` is called on yes."""
    merge = (
        translate("Dialogs", "The merge has been running for a while. Cancel it?"),
        translate("Dialogs", "Cancel merge"),
    )
    verification = (
        translate("Dialogs", "The verification has been running for a while. Cancel it?"),
        translate("Dialogs", "Cancel verification"),
    )
    return _ask_of_job(parent, verification if verifies else merge, agree, verifies=verifies)


def _ask_of_job(parent: QWidget, asked: tuple[str, str], agree: Callable[[], None], *, verifies: bool) -> QMessageBox:
    """Ask of the job that runs: ``asked`` are the question and yes; no is to let it run."""
    if verifies:
        title, stay = translate("Dialogs", "A verification is running"), translate("Dialogs", "Keep verifying")
    else:
        title, stay = translate("Dialogs", "A merge is running"), translate("Dialogs", "Keep merging")
    return ask(parent, (title, *asked, stay), translate("Dialogs", "Cancelling leaves nothing behind."), agree)


def ask_to_leave_queue(parent: QWidget, agree: Callable[[], None]) -> QMessageBox:
    """Ask whether to quit while a job of the queue runs; ``agree`` is called on yes."""
    words = (
        translate("Dialogs", "The queue is at work"),
        translate("Dialogs", "A job of the queue is running. Quit all the same?"),
        translate("Dialogs", "Quit"),
        translate("Dialogs", "Keep working"),
    )
    more = translate("Dialogs", "The queue is kept. The next start offers to go on with it.")
    return ask(parent, words, more, agree)


def ask(parent: QWidget, words: tuple[str, str, str, str], more: str, agree: Callable[[], None]) -> QMessageBox:
    """Ask a question: ``words`` are title, question, yes and no; ``agree`` is called on yes, and no is the default."""
    title, text, yes_text, stay_text = words
    box = _message(parent, title, text, more)
    yes, stay = WordButton(yes_text), WordButton(stay_text)
    for button, role in ((yes, QMessageBox.ButtonRole.AcceptRole), (stay, QMessageBox.ButtonRole.RejectRole)):
        button.setParent(box)
        box.addButton(button, role)
        button.ensurePolished()
        button.setMinimumWidth(min(button.sizeHint().width(), parent.width() * 3 // 4))
    buttons = box.findChild(QDialogButtonBox)
    if isinstance(buttons, QDialogButtonBox) and buttons.sizeHint().width() > parent.width() * 3 // 4:
        buttons.setOrientation(Qt.Orientation.Vertical)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    yes.clicked.connect(agree)
    box.open()
    take_pictures_off(box)  # Qt makes the usual one as late as that
    return box


def tell(parent: QWidget, sentence: str, hint: str) -> QMessageBox:
    """Tell about a small failure: what happened, and what to do."""
    box = _message(parent, translate("Dialogs", "MergeDesk"), sentence, hint)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.setIcon(QMessageBox.Icon.Warning)
    box.open()
    take_pictures_off(box)  # Qt makes the usual one as late as that
    return box


def topmost(window: QWidget) -> QWidget:
    """The dialog that is open over ``window``, or else that: what opens next must lie on top of it to be usable."""
    return QApplication.activeModalWidget() or window


def show_help(parent: QWidget) -> QDialog:
    """Explain what merging is and what the checks are for."""
    title = translate("Dialogs", "How merging works")
    parts = [
        column(Text(heading, TextRole.HEADING), Text(text), spacing=UNIT // 2) for heading, text in _help_paragraphs()
    ]
    return _page(parent, title, Text(title, TextRole.DISPLAY), *parts)


def show_failure(parent: QWidget | None, failure: FailureText) -> QDialog:
    """Show an error that nobody foresaw, with its details to copy."""
    card = FailureCard()
    card.show_failure(failure)
    return _page(parent, translate("Dialogs", "Something went wrong"), card)


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


def _message(parent: QWidget, title: str, text: str, more: str) -> QMessageBox:
    box = QMessageBox(parent, text=text, informativeText=more)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(title)
    return box


def _page(parent: QWidget | None, title: str, *parts: QWidget | QLayout) -> QDialog:
    dialog = PageDialog(parent, title)
    dialog.fill_scrolled(_PAGE_WIDTH, *parts, None, dialog.close_box)
    dialog.open()
    return dialog
