"""What is seen of a job from outside the window: its title, one notification, a computer that stays awake."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine
from window_helpers import get_ready, run_merge

from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import Progress, Stage
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.outside.outside_controller import OutsideController
from mergedesk_gui.platform.awake import Awake, holding_command

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="systemd is Linux's")


class FakeAwake(Awake):
    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    def begin(self, why: str) -> None:
        assert why
        self.calls.append("begin")

    def end(self) -> None:
        self.calls.append("end")


@pytest.fixture
def told(window: MainWindow) -> Iterator[list[str]]:
    """What was notified, of a window that is not in front; its ``outside`` is put in its place."""
    said: list[str] = []

    def tell(_window: QWidget, headline: str, more: str) -> None:
        assert more
        said.append(headline)

    window.outside = OutsideController(window, window.jobs, FakeAwake(), tell)
    window.isActiveWindow = lambda: False  # type: ignore[method-assign]
    yield said
    del window.isActiveWindow


def calls(window: MainWindow) -> list[str]:
    awake = window.outside.awake
    assert isinstance(awake, FakeAwake)
    return awake.calls


def test_the_end_is_told_once_and_stays_in_the_title(qtbot: QtBot, window: MainWindow, told: list[str]) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert len(told) == 1
    assert window.windowTitle() == f"{told[0]} – MergeDesk"
    assert calls(window) == ["begin", "end"]


def test_a_window_in_front_is_told_nothing(qtbot: QtBot, window: MainWindow, told: list[str]) -> None:
    window.isActiveWindow = lambda: True  # type: ignore[method-assign]
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert told == []
    assert window.windowTitle() == "MergeDesk"


def test_the_title_tells_how_far_it_is(window: MainWindow, told: list[str]) -> None:
    window.outside.begin()
    assert window.windowTitle() == "Starting – MergeDesk"
    for progress, said in (
        (Progress(Stage.PREFLIGHT), "– MergeDesk"),
        (Progress(Stage.MERGE, 379, 1000), "37 % "),
        (Progress(Stage.VERIFY, 999, 1000), "99 % "),
    ):
        window.jobs.progressed.emit(progress)
        assert said in window.windowTitle()
    window.jobs.cancelled.emit()
    assert window.windowTitle() == "MergeDesk"
    assert told == []
    assert calls(window) == ["begin", "end"]


def test_a_refusal_is_told_as_one(qtbot: QtBot, window: MainWindow, engine: FakeEngine, told: list[str]) -> None:
    engine.outcome = lambda request: MergeReport(MergeStatus.REFUSED, request.output)
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert len(told) == 1
    assert "erified" not in told[0]


def test_looking_at_the_window_clears_its_title(qtbot: QtBot, window: MainWindow, told: list[str]) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert window.windowTitle() != "MergeDesk"
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    assert window.windowTitle() == "MergeDesk"


@on_linux
def test_the_system_is_held_as_long_as_it_is_asked_to(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for systemd-inhibit writes down what it is asked, and runs the command as that does."""
    command = tmp_path / "bin" / "systemd-inhibit"
    command.parent.mkdir()
    asked = tmp_path / "asked"
    note = f'printf "%s\\n" "$$" "$@" > "{asked}.part"\nmv "{asked}.part" "{asked}"'
    script = f'#!/bin/sh\n{note}\nfor last; do :; done\nexec "$last"\n'
    command.write_text(script, encoding="utf-8")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{command.parent}{os.pathsep}{os.environ['PATH']}")
    awake = Awake()
    awake.begin("a reason with spaces")
    qtbot.waitUntil(asked.exists, timeout=10_000)
    assert is_held(asked)
    awake.end()
    awake.wait()
    assert not is_held(asked)
    lines = asked.read_text(encoding="utf-8").splitlines()
    assert "--what=idle:sleep" in lines
    assert "--why=a reason with spaces" in lines
    awake.end()  # once more does no harm


def is_held(asked: Path) -> bool:
    """Whether the command that the stand-in ran still runs: its process has the number that was written first."""
    try:
        os.kill(int(asked.read_text(encoding="utf-8").splitlines()[0]), 0)
    except ProcessLookupError:
        return False
    return True


@on_linux
def test_without_such_a_command_nothing_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert holding_command("why") is None
    awake = Awake()
    awake.begin("why")
    awake.wait()
