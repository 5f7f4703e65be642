"""A merge, GGUF files and a trial by keyboard alone: real keys, real engine, from the empty window to the answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from gguf_models import tiny_model
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot
from tiny_adapters import tiny_adapter
from window_fakes import OpenWindow

from mergedesk.domain.merge_report import MergeStatus
from mergedesk_gui.jobs.engine_api import engine as real_engine
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page

PATIENCE_MS = 180_000
MOST_STEPS = 80
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")]


class Keys:
    """A hand on the keyboard: what it presses goes wherever the focus is."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    @property
    def focused(self) -> QWidget:
        focused = QApplication.focusWidget()
        assert focused is not None
        return focused

    def press(self, key: Qt.Key, with_: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self._window, key, with_)

    def write(self, text: str) -> None:
        QTest.keyClicks(self.focused, text)

    def reach(self, *object_names: str) -> QWidget:
        """Press Tab until the focus is in that control, or in one of those."""
        seen: list[str] = []
        for _ in range(MOST_STEPS):
            focused = QApplication.focusWidget()
            seen.append(f"{type(focused).__name__} {focused.objectName() if focused else ''}")
            if focused is not None and focused.objectName() in object_names:
                return focused
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not reach {object_names}, but {seen}")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A tiny base with a tokenizer that llama.cpp's converter knows, and an adapter for it."""
    home = tmp_path_factory.mktemp("models")
    base = tiny_model(home / "base", "Llama")
    return base, tiny_adapter(base, home / "adapter")


@pytest.fixture
def keys(open_window: OpenWindow) -> tuple[Keys, MainWindow]:
    """A hand, and the window that it types into."""
    window = open_window(backend=real_engine())
    window.activateWindow()
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    return Keys(window), window


def test_merge_trial_and_gguf(
    qtbot: QtBot, keys: tuple[Keys, MainWindow], models: tuple[Path, Path], tmp_path: Path
) -> None:
    hand, window = keys
    merge(qtbot, hand, window, *models, tmp_path / "merged")
    ask(qtbot, hand, window)
    make_gguf(qtbot, hand, window)


def merge(qtbot: QtBot, hand: Keys, window: MainWindow, base: Path, adapter: Path, output: Path) -> None:
    hand.reach("basePathEdit")
    hand.write(str(base))
    hand.reach("adapterPathEdit")
    hand.write(str(adapter))
    hand.reach("outputPathEdit")
    hand.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hand.write(str(output))
    hand.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.merging.readiness.ready, timeout=PATIENCE_MS)
    hand.reach("mergeButton")
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        hand.press(Qt.Key.Key_Space)
    report = window.merging.report
    assert report is not None
    assert report.status is MergeStatus.MERGED
    assert window.results.page is Page.RESULT


def ask(qtbot: QtBot, hand: Keys, window: MainWindow) -> None:
    hand.reach("tryResultButton")
    hand.press(Qt.Key.Key_Space)
    assert window.results.page is Page.PLAYGROUND
    prompt = hand.reach("tryPromptEdit")
    hand.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hand.write("hello")
    longest = hand.reach("tryLongestSpin")
    hand.write("8")
    assert window.playground.page.card.longest.value() == 8
    assert longest is not prompt
    hand.reach("tryButton")
    with qtbot.waitSignal(window.playground.ended, timeout=PATIENCE_MS):
        hand.press(Qt.Key.Key_Space)


def make_gguf(qtbot: QtBot, hand: Keys, window: MainWindow) -> None:
    pages = hand.reach("pagesBar", "pagesCombo")  # a list where there is no room for tabs
    hand.press(Qt.Key.Key_Down if isinstance(pages, QComboBox) else Qt.Key.Key_Right)
    assert window.results.page is Page.DEPLOY
    qtbot.waitUntil(window.deploy.page.gguf.isVisible, timeout=PATIENCE_MS)  # once the folder was looked at
    hand.reach("makeGgufButton")
    hand.press(Qt.Key.Key_Space)
    box = window.deploy.page.gguf
    qtbot.waitUntil(lambda: bool(box.rows) and not window.deploy.running, timeout=PATIENCE_MS)
    merged = window.merging.published
    assert merged is not None
    [made] = merged.with_name(f"{merged.name}-GGUF").glob("*.gguf")
    assert made.stat().st_size > 0
