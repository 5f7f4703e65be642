"""“Compare logits” and “Measure speed”: numbers in tables, and sentences that say what they mean."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QTableWidget
from pytestqt.qtbot import QtBot
from trial_fakes import FakeModels, a_comparison, a_speed
from window_fakes import FakeEngine
from window_helpers import PATIENCE_MS, assert_settles, find, get_ready, merge_button, run_merge

from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.inference.logits_comparison import LogitsComparison
from mergedesk.inference.trial import ALL_SIDES, AnswerKind, Speed
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.playground.measurements_panel import MeasurementsPanel
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.text.trial_text import three_digits


@pytest.fixture
def models(engine: FakeEngine) -> FakeModels:
    """The models behind the window."""
    return engine.models


@pytest.fixture
def merged(qtbot: QtBot, window: MainWindow) -> MainWindow:
    """A window that has just merged, with the page open."""
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    window.results.show_page(Page.PLAYGROUND)
    return window


def panel(window: MainWindow) -> MeasurementsPanel:
    return window.playground.page.measurements


def press(qtbot: QtBot, window: MainWindow, name: str) -> None:
    with qtbot.waitSignal(window.playground.ended, timeout=PATIENCE_MS):
        find(window, QPushButton, name).click()


def rows(window: MainWindow, name: str) -> list[list[str]]:
    table = find(window, QTableWidget, name)
    assert table.isVisible()
    return [
        [table.item(row, column).text() for column in range(table.columnCount())] for row in range(table.rowCount())
    ]


@pytest.mark.slow
def test_logits_stand_in_a_table_with_the_sentence_that_judges_them(
    qtbot: QtBot, merged: MainWindow, models: FakeModels
) -> None:
    merged.playground.page.card.set_prompt("Who is the captain?")
    press(qtbot, merged, "compareLogitsButton")
    assert models.prompts == [("Who is the captain?",)]
    assert rows(merged, "logitsTable") == [
        ["Merged against unmerged", "0.25", "0.0012", "0.02", "99.2 %"],
        ["Merged against base", "9.5", "0.131", "2.5", "71.0 %"],
        ["Unmerged against base", "9.4", "0.13", "2.4", "72.0 %"],
        ["What rounding alone does", "0.21", "0.001", "0.015", "99.6 %"],
    ]
    (sentence,) = panel(merged).logits.sentences.sentences
    assert sentence.startswith("Merged and unmerged model behave the same")


@pytest.mark.slow
def test_all_three_models_are_compared_whoever_answers(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    for box in merged.playground.page.card._sides.values():
        box.setChecked(False)
    merged.playground.page.card.set_prompt("")
    press(qtbot, merged, "compareLogitsButton")
    assert models.requests[0].sides == ALL_SIDES
    assert models.prompts == [()]


def test_a_real_difference_is_an_error(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    made = a_comparison()
    assert made.reason is not None
    models.comparison = a_comparison(reason=Finding(Code.LOGITS_DIFFER, Severity.ERROR, made.reason.data))
    press(qtbot, merged, "compareLogitsButton")
    (line,) = panel(merged).logits.sentences._lines
    assert line.tone == "error"
    assert "behave differently" in line.sentence


def test_what_cannot_be_compared_says_why_and_shows_no_table(
    qtbot: QtBot, merged: MainWindow, models: FakeModels
) -> None:
    models.comparison = LogitsComparison(AnswerKind.TEXT, findings=(Finding(Code.OUT_OF_MEMORY, Severity.ERROR, {}),))
    press(qtbot, merged, "compareLogitsButton")
    assert not find(merged, QTableWidget, "logitsTable").isVisible()
    assert "memory" in panel(merged).logits.sentences.sentences[0]


def test_speeds_and_their_ratio(qtbot: QtBot, merged: MainWindow) -> None:
    press(qtbot, merged, "measureSpeedButton")
    assert rows(merged, "speedTable") == [
        ["Base + adapter, unmerged", "10.0", "300 ms"],
        ["Merged", "13.0", "200 ms"],
    ]
    said = panel(merged).speed.sentences.sentences
    assert said[0] == "The merged model answers 1.30 × as fast: 13.0 tokens/s instead of 10.0."
    assert "both models loaded throughout" in said[1]


@pytest.mark.parametrize(
    ("speeds", "words"), [((10.2, 10.0), "equally fast"), ((8.0, 10.0), "slower here, 8.00 tokens/s instead of 10.0")]
)
def test_no_gain_is_said_honestly(
    qtbot: QtBot, merged: MainWindow, models: FakeModels, speeds: tuple[float, float], words: str
) -> None:
    models.speed = a_speed(*speeds)
    press(qtbot, merged, "measureSpeedButton")
    assert words in panel(merged).speed.sentences.sentences[0]


def test_a_speed_that_cannot_be_measured_says_why(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    models.speed = Speed(findings=(Finding(Code.TRIAL_NO_TEXT_TO_TIME, Severity.ERROR, {}),))
    press(qtbot, merged, "measureSpeedButton")
    assert "makes no text" in panel(merged).speed.sentences.sentences[0]
    assert not find(merged, QTableWidget, "speedTable").isVisible()


@pytest.mark.parametrize("name", ["compareLogitsButton", "measureSpeedButton"])
def test_measuring_counts_aloud_and_stops(qtbot: QtBot, merged: MainWindow, models: FakeModels, name: str) -> None:
    models.hold = True
    find(merged, QPushButton, name).click()
    card = next(one for one in panel(merged).cards if one.button.objectName() == name)
    qtbot.waitUntil(lambda: "1 of" in card._status.plain, timeout=PATIENCE_MS)
    assert not find(merged, QPushButton, "tryButton").isEnabled()
    assert not merge_button(merged).isEnabled()
    with qtbot.waitSignal(merged.playground.ended, timeout=PATIENCE_MS):
        qtbot.keyClick(merged, Qt.Key.Key_Escape)
    assert card.button.isVisible()
    assert card.button.isEnabled()
    assert card.sentences.sentences == []


def test_another_merge_forgets_the_numbers_and_a_check_of_this_one_does_not(qtbot: QtBot, merged: MainWindow) -> None:
    press(qtbot, merged, "compareLogitsButton")
    with qtbot.waitSignal(merged.merging.ended, timeout=PATIENCE_MS):
        merged.verifying.verify_everything()
    assert panel(merged).logits.sentences.sentences != []
    merged.result.turn_to(None)
    assert panel(merged).logits.sentences.sentences == []
    assert panel(merged).isHidden(), "what is not merged is not compared with it"


@pytest.mark.parametrize("size", [(820, 520), (1280, 840)])
def test_the_tables_fit(qtbot: QtBot, merged: MainWindow, size: tuple[int, int]) -> None:
    merged.resize(*size)
    press(qtbot, merged, "compareLogitsButton")
    press(qtbot, merged, "measureSpeedButton")
    assert_settles(qtbot, merged)
    for name in ("logitsTable", "speedTable"):
        table = find(merged, QTableWidget, name)
        assert table.horizontalHeader().length() <= table.viewport().width() + 1
        assert table.columnWidth(0) > 60


@pytest.mark.parametrize(
    ("number", "shown"), [(0.5234, "0.52"), (9.996, "10.0"), (99.96, "100"), (24.62, "24.6"), (138.2, "138")]
)
def test_numbers_have_three_digits(number: float, shown: str) -> None:
    assert three_digits(number) == shown
