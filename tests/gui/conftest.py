"""What every test of the window needs: the dressed application, windows that are cleaned up, and a watch
for threads and timers that outlive their test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from leftovers import _collect_what_was_frozen, nothing_left, timer_watch
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from window_fakes import FakeEngine, OpenWindow

from mergedesk_gui.app import build_window, prepare_application
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.merge import inspector
from mergedesk_gui.state.settings import Settings

__all__ = ["_collect_what_was_frozen", "nothing_left", "timer_watch"]

PATIENCE_MS = 5000
TEST_DEBOUNCE_MS = 20


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the offscreen platform say that it has no window manager to tell of a dialog's fixed size."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints"))


@pytest.fixture(scope="session", autouse=True)
def dressed(qapp: QApplication) -> QApplication:
    """The application with this program's looks, in English."""
    prepare_application(qapp, QLocale(QLocale.Language.English))
    return qapp


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings in a file of the test's own."""
    return Settings.in_file(tmp_path / "settings.ini")


@pytest.fixture
def engine() -> FakeEngine:
    """A fake engine to be told what to do."""
    return FakeEngine()


@pytest.fixture
def open_window(
    qtbot: QtBot, engine: FakeEngine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenWindow]:
    """Opens windows on the fake engine, and closes them after the test."""
    monkeypatch.setattr(inspector, "DEBOUNCE_MS", TEST_DEBOUNCE_MS)
    opened: list[MainWindow] = []

    def open_one(**arguments: object) -> MainWindow:
        options = {"backend": engine.backend(), "settings": settings, **arguments}
        window = build_window(**options)  # type: ignore[arg-type]
        opened.append(window)
        window.show()
        return window

    yield open_one
    engine.hold = False
    for window in opened:
        _close(qtbot, window)


def _close(qtbot: QtBot, window: MainWindow) -> None:
    if not isValid(window):
        return
    window.cancel_and_quit()
    qtbot.waitUntil(lambda: not window.jobs.running, timeout=PATIENCE_MS)
    window.close()
    window.deleteLater()


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    """An empty window on the fake engine."""
    return open_window()
