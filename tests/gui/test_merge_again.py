"""A merge that came to nothing is not a dead end, and a key alone does not throw away a long one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_report
from window_helpers import PATIENCE_MS, find, get_ready, run_merge, start_merge

from mergedesk.domain.findings import Code, error
from mergedesk.domain.merge_report import MergeStatus
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.window import leaving


def press_again(qtbot: QtBot, window: MainWindow) -> None:
    again = find(window, QPushButton, "repeatMergeButton")
    qtbot.waitUntil(again.isEnabled, timeout=PATIENCE_MS)
    with qtbot.waitSignal(window.merging.reported, timeout=PATIENCE_MS):
        again.click()


def buttons(window: MainWindow, text: str) -> list[QPushButton]:
    return [one for one in window.findChildren(QPushButton) if one.text() == text]


def test_a_cancelled_merge_is_made_again(qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine) -> None:
    engine.hold = True
    window = open_window()
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        window.commands.cancel.trigger()
    assert find(window, QPushButton, "repeatMergeButton").isVisible()
    engine.hold = False
    press_again(qtbot, window)
    assert window.merging.published == engine.requests[0].output
    assert not find(window, QPushButton, "repeatMergeButton").isVisible()


def test_a_failed_merge_is_made_again(qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine) -> None:
    full = error(Code.DISK_FILLED_UP, file="model.safetensors")
    engine.outcome = lambda request: a_report(request, status=MergeStatus.FAILED, findings=(full,), files=())
    window = open_window()
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    engine.outcome = a_report
    press_again(qtbot, window)
    assert isinstance(window.merging.published, Path)


def test_a_long_merge_is_only_cancelled_if_the_person_is_sure(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "LONG_SECONDS", -1.0)
    engine.hold = True
    window = open_window()
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    window.commands.cancel.trigger()
    assert not window.jobs.cancelling
    (stay,) = buttons(window, "Keep merging")
    assert stay.isDefault()
    stay.click()
    assert window.jobs.running
    qtbot.waitUntil(lambda: not buttons(window, "Keep merging"), timeout=PATIENCE_MS)
    window.commands.cancel.trigger()
    (yes,) = buttons(window, "Cancel merge")
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        yes.click()
    assert engine.requests
    assert window.merging.published is None


def test_the_question_goes_away_with_the_merge(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "LONG_SECONDS", -1.0)
    engine.hold = True
    window = open_window()
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    window.commands.cancel.trigger()
    engine.hold = False
    qtbot.waitUntil(lambda: not window.jobs.running, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not buttons(window, "Keep merging"), timeout=PATIENCE_MS)
    assert window.merging.published is not None
