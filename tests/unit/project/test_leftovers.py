"""The watch over every other test here: a timer that outlives its test fails that test, whenever it was made."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve()
TESTS = """
import threading

from PySide6.QtCore import QTimer

KEPT = []
EARLIER = QTimer()


def leave(timer):
    timer.start(10_000)
    KEPT.append(timer)


def test_made_and_started_here(qtbot):
    leave(QTimer())


def test_stopped(qtbot):
    KEPT.pop().stop()


def test_made_before_and_started_here(qtbot):
    leave(EARLIER)


def test_stopped_again(qtbot):
    KEPT.pop().stop()


def test_in_a_circle_that_is_garbage(qtbot):
    timer = QTimer()
    timer.itself = timer
    timer.start(10_000)


def test_of_the_application(qtbot, qapp):
    leave(QTimer(qapp))


def test_a_thread(qtbot):
    thread = threading.Thread(target=threading.Event().wait, args=(0.5,), name="left-over", daemon=True)
    thread.start()
"""
PATIENCE = "import leftovers\n\nleftovers.PATIENCE_SECONDS = 0.1\n"


@pytest.mark.slow
def test_what_outlives_its_test_fails_it(tmp_path: Path) -> None:
    (tmp_path / "test_leaving.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "conftest.py").write_text(PATIENCE, encoding="utf-8")
    settings = ("-c", HERE.parents[3] / "pyproject.toml", "-p", "leftovers", "-p", "no:cacheprovider", "-rpE")
    command = [sys.executable, "-m", "pytest", *map(str, settings), "--rootdir", str(tmp_path), str(tmp_path)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False).stdout
    outcomes = set(re.findall(r"^(PASSED|ERROR) \S*::test_(\w+)", said, re.MULTILINE))
    failed = {"made_and_started_here", "made_before_and_started_here", "a_thread"}
    assert {name for outcome, name in outcomes if outcome == "ERROR"} == failed, said
    assert "7 passed, 3 errors" in said, said
    assert len(re.findall("^E +AssertionError: timers left running", said, re.MULTILINE)) == 2, said  # not the summary
    assert "threads left behind: ['left-over']" in said, said
