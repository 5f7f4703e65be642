"""“Try it” with real models: tiny ones, merged by PEFT, answered through the window as a person would."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow
from window_helpers import find

from mergedesk.domain.requests import AdapterChoice
from mergedesk.inference.trial import ALL_SIDES, Side
from mergedesk_gui.jobs.engine_api import engine as real_engine
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.result_context import ResultContext

PATIENCE_MS = 60_000
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory) -> ResultContext:
    """A tiny Llama with a tokenizer, a LoRA adapter, and PEFT's own merge of both."""
    return made("llama", tmp_path_factory.mktemp("llama"))


def made(kind: str, home: Path) -> ResultContext:
    from tiny_models import make_adapter, make_base, merge_with_peft
    from tokenizers_made import TEMPLATE, add_tokenizer

    base = add_tokenizer(make_base(kind, home / "base"), TEMPLATE)
    adapter = make_adapter(kind, base, home / "adapter")
    merged = add_tokenizer(merge_with_peft(kind, base, adapter, home / "merged"), TEMPLATE)
    return ResultContext(base, (AdapterChoice(adapter),), merged)


@pytest.fixture
def real_window(open_window: OpenWindow, engine: FakeEngine) -> MainWindow:
    """A window that loads real models."""
    real = real_engine()
    parts = (
        "forecast", "devices", "try_it", "try_strength", "why_one_strength", "compare_logits", "measure_speed", "close",
    )  # fmt: skip
    window = open_window(backend=engine.backend(**{name: getattr(real, name) for name in parts}))
    window.playground.page.card.longest.setValue(12)
    return window


def show(qtbot: QtBot, window: MainWindow, subject: ResultContext) -> None:
    window.result.turn_to(subject)
    window.results.show_page(Page.PLAYGROUND)
    status = window.playground.page.card.status
    qtbot.waitUntil(lambda: "loaded one at a time" in status.plain, timeout=PATIENCE_MS)


def ask(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.playground.ended, timeout=PATIENCE_MS):
        find(window, QPushButton, "tryButton").click()


@pytest.mark.slow
def test_merged_and_unmerged_agree_and_the_base_does_not(
    qtbot: QtBot, real_window: MainWindow, subject: ResultContext
) -> None:
    show(qtbot, real_window, subject)
    ask(qtbot, real_window)
    panel = real_window.playground.page.answers
    cards = [panel.cards[side] for side in ALL_SIDES]
    assert [card.class_label.text() for card in cards] == [
        "LlamaForCausalLM",
        "PeftModelForCausalLM",
        "LlamaForCausalLM",
    ]
    assert all(card.text for card in cards), [card.state.plain for card in cards]
    assert panel.cards[Side.MERGED].text == panel.cards[Side.UNMERGED].text != panel.cards[Side.BASE].text
    assert panel.sentences[0].startswith("Merged and unmerged gave the same")
    assert panel.sentences[1].startswith("The base answers differently from token")


@pytest.mark.slow
def test_the_other_way_to_load_gives_another_class(
    qtbot: QtBot, real_window: MainWindow, subject: ResultContext
) -> None:
    show(qtbot, real_window, subject)
    combo = find(real_window, QComboBox, "tryLoadingCombo")
    combo.setCurrentIndex(1)
    ask(qtbot, real_window)
    panel = real_window.playground.page.answers
    assert panel.cards[Side.UNMERGED].class_label.text() == "LlamaForCausalLM"
    assert panel.cards[Side.MERGED].text == panel.cards[Side.UNMERGED].text
    assert any("without merge_and_unload()" in sentence for sentence in panel.sentences)


@pytest.mark.slow
@pytest.mark.alone
def test_stop_takes_no_longer_than_a_token(qtbot: QtBot, real_window: MainWindow, subject: ResultContext) -> None:
    real_window.playground.page.card.longest.setValue(4000)
    show(qtbot, real_window, subject)
    card = real_window.playground.page.answers.cards[Side.BASE]
    find(real_window, QPushButton, "tryButton").click()
    qtbot.waitUntil(lambda: bool(card.text) or not real_window.playground.runner.running, timeout=PATIENCE_MS)
    assert real_window.playground.runner.running, "the answer was too short to be stopped"
    started = time.monotonic()
    with qtbot.waitSignal(real_window.playground.ended, timeout=PATIENCE_MS):
        find(real_window, QPushButton, "tryStopButton").click()
    assert time.monotonic() - started < 2
    states = [one.state.plain for one in real_window.playground.page.answers.cards.values()]
    assert any(state.endswith("stopped") for state in states) or states[-1].startswith("Not asked")


@pytest.mark.slow
def test_a_folder_that_is_gone_is_said_in_a_sentence(
    qtbot: QtBot, real_window: MainWindow, subject: ResultContext, tmp_path: Path
) -> None:
    gone = ResultContext(subject.base, subject.adapters, tmp_path / "gone")
    real_window.result.turn_to(gone)
    real_window.results.show_page(Page.PLAYGROUND)
    button = find(real_window, QPushButton, "tryButton")
    qtbot.waitUntil(lambda: not button.isEnabled(), timeout=PATIENCE_MS)
    assert "gone" in real_window.playground.page.card.status.plain


@pytest.mark.slow
def test_class_scores_are_compared(
    qtbot: QtBot, real_window: MainWindow, tmp_path_factory: pytest.TempPathFactory
) -> None:
    show(qtbot, real_window, made("bert", tmp_path_factory.mktemp("bert")))
    ask(qtbot, real_window)
    panel = real_window.playground.page.answers
    assert panel.scores.isVisible()
    assert panel.scores.rowCount() == 3
    assert [panel.scores.item(row, 2).text() for row in range(3)] == [
        panel.scores.item(row, 3).text() for row in range(3)
    ]
    assert panel.sentences[0] == "Merged and unmerged give the same scores."


@pytest.mark.slow
def test_logits_and_speed_of_a_right_merge(qtbot: QtBot, real_window: MainWindow, subject: ResultContext) -> None:
    show(qtbot, real_window, subject)
    measurements = real_window.playground.page.measurements
    for name in ("compareLogitsButton", "measureSpeedButton"):
        with qtbot.waitSignal(real_window.playground.ended, timeout=PATIENCE_MS):
            find(real_window, QPushButton, name).click()
    assert "behave the same" in measurements.logits.sentences.sentences[0]
    assert measurements.logits_table.rowCount() == 4
    assert measurements.speed_table.rowCount() == 2
    assert "tokens/s" in measurements.speed.sentences.sentences[0]


@pytest.mark.slow
def test_a_folder_that_is_the_base_is_found_out(qtbot: QtBot, real_window: MainWindow, subject: ResultContext) -> None:
    show(qtbot, real_window, ResultContext(subject.base, subject.adapters, subject.base))
    with qtbot.waitSignal(real_window.playground.ended, timeout=PATIENCE_MS):
        find(real_window, QPushButton, "compareLogitsButton").click()
    (line,) = real_window.playground.page.measurements.logits.sentences._lines
    assert line.tone == "error"
    assert "behaves as the base" in line.sentence


@pytest.mark.slow
def test_strengths_are_asked_of_one_loaded_model(qtbot: QtBot, real_window: MainWindow, subject: ResultContext) -> None:
    show(qtbot, real_window, subject)
    panel = real_window.playground.page.strengths
    for strength in (1.0, 0.25, 1.0):
        panel.spins[0].setValue(strength)
        with qtbot.waitSignal(real_window.playground.ended, timeout=PATIENCE_MS):
            find(real_window, QPushButton, "tryStrengthButton").click()
    ask(qtbot, real_window)
    cards = real_window.playground.page.answers.cards
    said = [one.card.text for one in panel.answers]
    assert said[0] == said[2] == cards[Side.UNMERGED].text
    assert said[0] != said[1]
