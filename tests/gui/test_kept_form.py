"""What is chosen is there again, however the program ended."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow
from window_helpers import ADAPTER, BASE, PATIENCE_MS, fill_in, find, get_ready, run_merge, start_merge

from mergedesk.domain.requests import AdapterChoice
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.state.settings import Settings


def as_after_a_kill(settings: Settings, tmp_path: Path) -> Settings:
    """The settings as another start finds them, while the window is still open."""
    settings.save()
    return Settings.in_file(tmp_path / "settings.ini")


def test_what_is_chosen_is_kept_while_the_window_is_open(
    window: MainWindow, settings: Settings, tmp_path: Path
) -> None:
    fill_in(window)
    kept = as_after_a_kill(settings, tmp_path).choices
    assert (kept.base, kept.adapters) == (BASE, (AdapterChoice(ADAPTER),))


def test_a_merge_that_was_cut_off_is_chosen_again_with_its_output(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow, settings: Settings, tmp_path: Path, open_window: OpenWindow
) -> None:
    get_ready(qtbot, window)
    find(window, QLineEdit, "outputPathEdit").setText("/models/mine")
    get_ready(qtbot, window)
    engine.hold = True
    start_merge(qtbot, window)
    fill_in(window, adapter=Path("/models/another"))  # prepared while the merge runs
    found = as_after_a_kill(settings, tmp_path)
    again = open_window(settings=found)
    chosen = again.inputs.choices
    assert (chosen.base, chosen.adapters, chosen.output) == (BASE, (AdapterChoice(ADAPTER),), Path("/models/mine"))
    assert found.cut_off is None, "it is offered once"
    engine.hold = False


def test_a_merge_that_ended_is_not_told_of_again(qtbot: QtBot, window: MainWindow, settings: Settings) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    qtbot.waitUntil(lambda: settings.cut_off is None, timeout=PATIENCE_MS)
