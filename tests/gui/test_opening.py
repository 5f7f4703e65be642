"""What other programs show: one way to them, and where none opens, the person is told."""

from __future__ import annotations

import ast
import os
import stat
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot
from window_helpers import PATIENCE_MS

from mergedesk_gui.platform import opener
from mergedesk_gui.widgets import opening

GUI = Path(opening.__file__).parents[1]
# Whoever may name what opens things: the opener asks the system, and this alone asks the opener.
MAY = {
    "platform/opener.py": {"QDesktopServices", "openUrl", "xdg-open", "open_address"},
    "widgets/opening.py": {"open_address"},
}
WAYS = {"QDesktopServices", "openUrl", "open_address", "webbrowser", "startfile", "xdg-open", "setOpenExternalLinks"}


def words_of(file: Path) -> set[str]:
    """Every name, attribute, import and text in a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def test_there_is_one_way_to_other_programs() -> None:
    """It is the one that tells; a second one would be the next to fail in silence."""
    used = {
        place: ways
        for file in GUI.rglob("*.py")
        if (ways := words_of(file) & WAYS - MAY.get(place := file.relative_to(GUI).as_posix(), set()))
    }
    assert used == {}
    assert words_of(GUI / "widgets" / "opening.py") & WAYS == {"open_address"}, "this test sees them"


@pytest.mark.parametrize(
    ("show", "what", "sentence"),
    [
        (opening.show_folder, Path("/no/such/folder"), "The folder could not be shown."),
        (opening.show_file, Path("/no/such/file.html"), "The file could not be opened."),
        (opening.show_page, "https://hub.invalid/model", "No browser could be opened."),
    ],
)
def test_where_nothing_opens_it_is_told(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, show: object, what: object, sentence: str
) -> None:
    monkeypatch.setattr(opener.QDesktopServices, "openUrl", lambda _address: False)
    window = QWidget()
    qtbot.addWidget(window)
    show(window, what)  # type: ignore[operator]
    (box,) = window.findChildren(QMessageBox)
    assert box.text() == sentence
    assert str(what) in box.informativeText()
    box.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows asks no program of this kind")
@pytest.mark.parametrize(("code", "is_told"), [(0, False), (3, True)])
def test_a_program_that_ends_with_an_error_opened_nothing(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, is_told: bool
) -> None:
    program = tmp_path / "xdg-open"
    program.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/asked"\nexit {code}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "xcb")
    window = QWidget()
    qtbot.addWidget(window)
    opening.show_folder(window, tmp_path / "模型 x")
    asked = tmp_path / "asked"
    qtbot.waitUntil(lambda: asked.exists() and asked.read_text().endswith("\n"), timeout=PATIENCE_MS)
    assert QUrl(asked.read_text().strip()).toLocalFile() == str(tmp_path / "模型 x")
    if is_told:
        qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox)), timeout=PATIENCE_MS)
    else:
        qtbot.wait(200)
    boxes = window.findChildren(QMessageBox)
    assert len(boxes) == is_told
    for box in boxes:
        box.close()
