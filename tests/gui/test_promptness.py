"""The window is seen soon, and answers at any time: what is on the way, and how long one turn of its loop takes."""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path

import pytest
from fresh_python import run_python
from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QTableWidget, QWidget
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine
from window_helpers import PATIENCE_MS, find

from mergedesk_gui.app import build_window
from mergedesk_gui.platform import interpreter
from mergedesk_gui.state.settings import Settings
from mergedesk_gui.widgets.slices import Slices

# Nothing of these is on the first picture, a name stands for all that is in it.
LATER = (
    *("torch", "transformers", "peft", "numpy", "safetensors", "huggingface_hub", "pydantic", "jinja2", "psutil"),
    *("typer", "rich", "click", "importlib.metadata"),
    *("mergedesk.cli.commands", "mergedesk.pipelines", "mergedesk.planning", "mergedesk.inspection", "mergedesk.demo"),
    *("mergedesk.support.diagnostics", "mergedesk.deployment", "mergedesk.inference", "mergedesk.reports"),
    *("mergedesk_gui.effect", "mergedesk_gui.playground", "mergedesk_gui.deploy", "mergedesk_gui.history"),
    *(
        "mergedesk_gui.results.outcome_page",
        "mergedesk_gui.results.verification_panel",
        "mergedesk_gui.widgets.heat_map",
    ),
    *("mergedesk.pipelines.worker.pool", "mergedesk.pipelines.worker.process"),
)
# Runs the program as a person does, and ends it when the window was painted.
UNTIL_SEEN = """
import json, sys, time
from mergedesk_gui import app
from mergedesk.cli.entry import main
build = app.build_window

def tell():
    print(json.dumps({"seconds": time.process_time(), "modules": sorted(sys.modules)}))
    app.QApplication.exit(0)

def watched(*given, **more):
    window = build(*given, **more)
    window.seen.connect(tell)
    return window

app.build_window = watched
sys.argv = ["mergedesk"]
main()
"""


@pytest.mark.slow
def test_nothing_is_imported_before_the_first_picture_that_is_not_on_it(tmp_path: Path) -> None:
    modules = json.loads(run_python(UNTIL_SEEN, XDG_CONFIG_HOME=str(tmp_path), XDG_STATE_HOME=str(tmp_path)))["modules"]
    assert "mergedesk_gui.main_window" in modules
    assert [name for name in modules if any(name == later or name.startswith(f"{later}.") for later in LATER)] == []


@pytest.mark.slow
@pytest.mark.alone
def test_the_first_picture_takes_little_of_the_processor(tmp_path: Path) -> None:
    seconds = [
        json.loads(run_python(UNTIL_SEEN, XDG_CONFIG_HOME=str(tmp_path), XDG_STATE_HOME=str(tmp_path)))["seconds"]
        for _ in range(2)  # the first run may have to compile modules
    ]
    assert min(seconds) < 1.5  # 0.4 where it was measured


def test_what_comes_later_is_there_soon_after_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    window = build_window(backend=FakeEngine().backend(), settings=Settings.in_file(tmp_path / "settings.ini"))
    qtbot.addWidget(window)
    assert window.findChildren(QWidget, "verificationPanel") == []
    window.show()
    qtbot.waitUntil(lambda: window.findChildren(QWidget, "verificationPanel") != [], timeout=PATIENCE_MS)
    assert find(window, QTableWidget, "checksTable").parent() is not None


def test_a_window_looks_for_no_garbage_until_it_is_seen() -> None:
    turn = sys.getswitchinterval()
    with interpreter.prompt():
        assert not gc.isenabled()
        assert sys.getswitchinterval() < turn
        try:
            interpreter.keep_all()
            assert gc.isenabled()
            assert gc.get_freeze_count() > 0
        finally:
            gc.unfreeze()
    assert gc.isenabled()
    assert sys.getswitchinterval() == turn


def test_garbage_is_looked_for_again_where_no_window_was_ever_seen() -> None:
    with interpreter.prompt():
        pass
    assert gc.isenabled()


@pytest.mark.slow
def test_no_source_is_read_for_a_module_that_is_imported() -> None:
    program = (
        "import linecache\n"
        "from mergedesk_gui import app\n"
        "print(*[name for name in linecache.cache if 'mergedesk' in name])"
    )
    assert run_python(program).strip() == ""


def test_slices_leave_room_for_others_and_take_all_steps(qtbot: QtBot) -> None:
    taken: list[str] = []
    parent, loop = QObject(), QEventLoop()

    def long_step(name: str) -> None:
        taken.append(name)
        ends = time.perf_counter() + 0.02
        while time.perf_counter() < ends:
            pass

    other = QTimer(interval=0)
    other.timeout.connect(lambda: taken.append("other"))
    other.start()
    made = Slices([lambda: long_step("first"), lambda: long_step("second"), loop.quit], parent)
    with qtbot.waitSignal(made.destroyed, timeout=PATIENCE_MS):
        loop.exec()
    other.stop()
    assert [name for name in taken if name != "other"] == ["first", "second"]
    assert "other" in taken[taken.index("first") : taken.index("second")]


def test_slices_end_with_their_parent(qtbot: QtBot) -> None:
    taken: list[int] = []
    parent = QObject()
    Slices([lambda: taken.append(1)], parent)
    parent.deleteLater()
    qtbot.wait(20)
    assert taken == []
