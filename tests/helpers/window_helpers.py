"""Short ways to do what a person does at the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.widgets import opening
from mergedesk_gui.widgets.labels import Text

BASE = Path("/models/Llama-3.2-1B-Instruct")
ADAPTER = Path("/models/pirate-lora")
PATIENCE_MS = 5000

Control = TypeVar("Control", bound=QWidget)


def find(window: QWidget, kind: type[Control], name: str) -> Control:
    """The control with an object name, which must be there exactly once."""
    found = window.findChildren(kind, name)
    assert len(found) == 1, f"{name}: {len(found)}"
    return found[0]


def what_is_opened(monkeypatch: pytest.MonkeyPatch, *, works: bool = True) -> list[Path]:
    """Every file and folder that other programs would be asked to show from now on; with ``works`` one does."""
    opened: list[Path] = []

    def open_address(address: QUrl, failed: Callable[[], object]) -> None:
        opened.append(Path(address.toLocalFile()))
        if not works:
            failed()

    monkeypatch.setattr(opening, "open_address", open_address)
    return opened


def fill_in(window: MainWindow, base: Path = BASE, adapter: Path = ADAPTER) -> None:
    """Put both folders into their fields as a script outside would."""
    find(window, QLineEdit, "basePathEdit").setText(str(base))
    find(window, QLineEdit, "adapterPathEdit").setText(str(adapter))


def wait_inspected(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until everything about the inputs as they stand is known."""

    def is_known() -> bool:
        inspection = window.merging.inspection
        return inspection is not None and inspection.complete

    qtbot.waitUntil(is_known, timeout=PATIENCE_MS)


def get_ready(qtbot: QtBot, window: MainWindow, base: Path = BASE, adapter: Path = ADAPTER) -> None:
    """Fill in both folders and wait until Merge can be pressed."""
    fill_in(window, base, adapter)
    wait_inspected(qtbot, window)
    assert merge_button(window).isEnabled(), merge_button(window).toolTip()


def merge_button(window: MainWindow) -> QPushButton:
    """The Merge button."""
    return find(window, QPushButton, "mergeButton")


def run_merge(qtbot: QtBot, window: MainWindow) -> None:
    """Press Merge and wait for the end."""
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        merge_button(window).click()


def start_merge(qtbot: QtBot, window: MainWindow) -> None:
    """Press Merge and wait for the first reading."""
    with qtbot.waitSignal(window.jobs.progressed, timeout=PATIENCE_MS):
        merge_button(window).click()


def save_report(window: MainWindow, file: Path) -> None:
    """Ask for the report to be saved, and name ``file`` in the dialog."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    window.save_report_as()
    (dialog,) = window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(file))
    dialog.close()


def drop(target: QWidget, *folders: Path) -> bool:
    """Drag folders over ``target`` and let go; False if they were not welcome.

    A file manager proposes to move them; any answer but that they are copied would have it delete them.
    """
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder)) for folder in folders])
    where, offered = QPointF(10, 10), Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    enter = QDragEnterEvent(where, offered, mime, buttons, keys)
    assert enter.proposedAction() is Qt.DropAction.MoveAction
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return False
    dropped = QDropEvent(where, offered, mime, buttons, keys)
    QApplication.sendEvent(target, dropped)
    assert {enter.dropAction(), dropped.dropAction()} == {Qt.DropAction.CopyAction}
    return True


def assert_settles(qtbot: QtBot, window: MainWindow) -> None:
    """Fail if anything is still cut off when the layout has had the time to settle."""

    def all_fits() -> None:
        assert sticks_out(window) == []

    qtbot.waitUntil(all_fits, timeout=1000)


def sticks_out(window: MainWindow) -> list[str]:
    """What is cut off at a side of its scroll area, or overlaps its neighbour."""
    wrong: list[str] = []
    for area in window.findChildren(QScrollArea):
        content, room = area.widget(), area.viewport().width()
        if area.isVisible() and content.minimumSizeHint().width() > room:
            wrong.append(f"{type(content).__name__} needs {content.minimumSizeHint().width()} of {room}")
    wrong += [f"cut off: {label.plain}" for label in visible_texts(window) if is_cut_off(label)]
    return wrong


def visible_texts(window: MainWindow) -> list[Text]:
    return [label for label in window.findChildren(Text) if label.isVisible() and label.plain]


def is_cut_off(label: Text) -> bool:
    needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
    return label.height() < needed - 1
