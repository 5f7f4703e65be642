"""What the person is told of settings that are not of this version."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from stored_settings import NEWER, stored
from window_fakes import OpenWindow

from mergedesk_gui.state.migrations import FORM_KEY
from mergedesk_gui.state.settings import Settings
from mergedesk_gui.support.app_guard import AppGuard


@pytest.mark.slow
def test_a_window_leaves_newer_settings_as_they_are(tmp_path: Path, open_window: OpenWindow) -> None:
    file = stored(tmp_path, NEWER)
    window = open_window(settings=Settings.in_file(file))
    assert window.inputs.choices.base == Path("/models/Llama")
    window.close()
    assert file.read_text() == NEWER
    assert FORM_KEY == "settings/form"


@pytest.mark.parametrize(
    ("content", "words"), [(NEWER.encode(), "newer MergeDesk"), (b"nonsense", "could not be read"), (b"", "")]
)
def test_the_person_is_told(tmp_path: Path, open_window: OpenWindow, content: bytes, words: str) -> None:
    window = open_window(settings=Settings.in_file(stored(tmp_path, content)))
    AppGuard().look_after(window, window.support)
    boxes = window.findChildren(QMessageBox)
    assert [words in box.text() for box in boxes] == ([True] if words else [])
    for box in boxes:
        box.close()
