"""Closing the window: at once when idle, with a question during a merge, cleanly when interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow
from window_helpers import PATIENCE_MS, find, get_ready, merge_button, start_merge

from mergedesk.domain.requests import AdapterChoice
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.platform.sigint import on_interrupt
from mergedesk_gui.state.form import Form
from mergedesk_gui.state.settings import Settings


def start(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    engine.hold = True
    get_ready(qtbot, window)
    start_merge(qtbot, window)


def question(window: MainWindow) -> QMessageBox:
    (box,) = [one for one in window.findChildren(QMessageBox) if one.isVisible()]
    return box


def answer(window: MainWindow, words: str) -> None:
    (button,) = [one for one in question(window).buttons() if one.text() == words]
    button.click()


@pytest.mark.slow
def test_an_idle_window_closes_at_once(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    assert window.close()
    assert not window.isVisible()


@pytest.mark.slow
def test_closing_during_a_merge_asks_and_stays(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    start(qtbot, window, engine)
    assert not window.close()
    assert window.isVisible()
    assert not window.jobs.cancelling, "nothing is cancelled before the person says so"
    assert not window.close()
    question(window)  # one question, not two


@pytest.mark.slow
def test_keep_merging_keeps_merging(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    start(qtbot, window, engine)
    window.close()
    answer(window, "Keep merging")
    qtbot.wait(50)
    assert window.jobs.running
    assert not window.jobs.cancelling
    window.close()
    question(window)  # it can be asked again


@pytest.mark.slow
def test_agreeing_cancels_visibly_and_then_closes(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    start(qtbot, window, engine)
    window.close()
    answer(window, "Cancel merge and quit")
    assert find(window, QPushButton, "cancelButton").text() == "Cancelling…"
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=PATIENCE_MS)
    assert not window.jobs.running


@pytest.mark.slow
def test_a_merge_that_ends_takes_its_question_away(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    start(qtbot, window, engine)
    window.close()
    box = question(window)
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        engine.hold = False
    assert box.result() == QDialog.DialogCode.Rejected
    assert window.isVisible(), "the person shall see the result"
    assert window.outcome.verification.headline.plain == "Merged and verified"


@pytest.mark.slow
def test_quit_in_the_menu_asks_too(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    start(qtbot, window, engine)
    window.commands.quit.trigger()
    assert question(window).isVisible()


@pytest.mark.slow
def test_the_window_opens_as_it_was_left(qtbot: QtBot, open_window: OpenWindow, settings: Settings) -> None:
    first = open_window()
    get_ready(qtbot, first)
    first.inputs.precision.combo.setCurrentText("float32")
    first.resize(820, 610)
    first.splitter.setSizes([500, 500])
    widths = first.splitter.sizes()
    first.close()
    second = open_window()
    assert second.size() == first.size()
    assert second.splitter.sizes() == widths
    assert second.inputs.choices.base == first.inputs.choices.base
    assert second.inputs.choices.adapters == first.inputs.choices.adapters
    assert second.inputs.precision.combo.currentText() == "float32"
    qtbot.waitUntil(lambda: merge_button(second).isEnabled(), timeout=PATIENCE_MS)


@pytest.mark.slow
def test_folders_that_are_gone_are_not_remembered(qtbot: QtBot, open_window: OpenWindow, settings: Settings) -> None:
    first = open_window()
    first.inputs.base.set_folder("/models/missing")
    first.inputs.adapter.set_folder("/models/pirate-lora")
    first.close()
    second = open_window()
    qtbot.waitUntil(lambda: second.inputs.base.folder is None, timeout=PATIENCE_MS)
    assert second.inputs.adapter.folder == Path("/models/pirate-lora")


@pytest.mark.slow
def test_given_folders_come_before_remembered_ones(qtbot: QtBot, open_window: OpenWindow, settings: Settings) -> None:
    first = open_window()
    get_ready(qtbot, first)
    first.close()
    second = open_window(given=Form(Path("/models/Qwen")))
    assert second.inputs.choices.base == Path("/models/Qwen")
    assert second.inputs.choices.adapters == ()


def test_adapters_from_the_command_line_keep_their_strengths(open_window: OpenWindow) -> None:
    given = AdapterChoice(Path("/models/pirate-lora"), 0.7), AdapterChoice(Path("/models/tidy-lora"), -0.125)
    window = open_window(given=Form(Path("/models/Qwen"), given))
    assert window.inputs.choices.adapters == given
    assert window.inputs.choices.output is None


@pytest.mark.skipif(sys.platform == "win32", reason="there, os.kill ends the process")
def test_an_interrupt_reaches_an_idle_event_loop(qtbot: QtBot) -> None:
    stopped: list[bool] = []
    before = signal.getsignal(signal.SIGINT)
    with on_interrupt(lambda: stopped.append(True)):
        os.kill(os.getpid(), signal.SIGINT)
        qtbot.waitUntil(lambda: bool(stopped), timeout=1000)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there, a terminal sends Ctrl+C otherwise")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_program_ends_cleanly_when_interrupted(tmp_path: Path, number: signal.Signals) -> None:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path),
    }
    program = (
        "from PySide6.QtCore import QTimer\n"
        "from mergedesk_gui import app\n"
        "application = app.create_application()\n"
        "QTimer.singleShot(0, lambda: print('open', flush=True))\n"
        "raise SystemExit(app.run())\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    time.sleep(0.1)
    process.send_signal(number)
    _, complaints = process.communicate(timeout=20)
    assert process.returncode == 0
    assert complaints == ""
