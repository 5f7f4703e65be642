"""How several adapters become one change: chosen only where there are several."""

from __future__ import annotations

import pytest
from adapter_rows import PIRATE, POET, get_three, rows
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_report
from window_helpers import assert_settles, find, get_ready, run_merge, wait_inspected

from mergedesk.domain.requests import SUM, AdapterChoice, Combination, CombinationMethod, MajoritySign
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.text.folder_text import describe_combination
from mergedesk_gui.text.messages import say

TWO = (AdapterChoice(PIRATE), AdapterChoice(POET, 0.5))
SPECIAL = Combination(CombinationMethod.DARE_TIES, 0.3, MajoritySign.FREQUENCY, 7)


@pytest.mark.slow
def test_one_adapter_has_nothing_to_combine(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    assert not window.inputs.combination.isVisible()
    get_three(qtbot, window, TWO)
    assert window.inputs.combination.isVisible()
    assert find(window, QComboBox, "combinationCombo").currentText() == "Sum (exact) – cat"
    assert window.inputs.choices.combination == SUM
    window.inputs.adapters.remove(1)
    assert not window.inputs.combination.isVisible()


@pytest.mark.slow
@pytest.mark.parametrize("method", CombinationMethod)
def test_only_the_numbers_that_count_are_shown(qtbot: QtBot, window: MainWindow, method: CombinationMethod) -> None:
    get_three(qtbot, window, TWO)
    picker = window.inputs.combination
    picker.method.choose(method)
    how = Combination(method)
    assert picker.density.isVisible() == how.prunes
    assert picker.sign.combo.isVisible() == how.elects
    assert picker.seed.isVisible() == how.draws
    wait_inspected(qtbot, window)
    assert_settles(qtbot, window)


@pytest.mark.slow
def test_every_method_of_the_engine_can_be_chosen_and_is_explained(window: MainWindow) -> None:
    combo = find(window, QComboBox, "combinationCombo")
    assert [combo.itemData(number) for number in range(combo.count())] == list(CombinationMethod)
    assert [combo.itemText(number) for number in range(combo.count())] == [
        say(f"combination.{method}.title") for method in CombinationMethod
    ]
    explanations = [combo.itemData(number, Qt.ItemDataRole.ToolTipRole) for number in range(combo.count())]
    assert all(explanations)
    assert len(set(explanations)) == len(explanations)


def test_the_choice_reaches_the_engine_with_its_numbers(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    engine.outcome = lambda request: a_report(request, combination=request.combination)
    get_three(qtbot, window, TWO)
    combo = find(window, QComboBox, "combinationCombo")
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert window.inputs.choices.combination == Combination(CombinationMethod.LINEAR)
    for _ in range(3):
        qtbot.keyClick(combo, Qt.Key.Key_Down)
    picker = window.inputs.combination
    picker.density.setFocus()
    picker.density.selectAll()
    qtbot.keyClicks(picker.density, "0.3")
    picker.sign.choose("frequency")
    picker.seed.selectAll()
    qtbot.keyClicks(picker.seed, "7")
    wait_inspected(qtbot, window)
    texts = [label.text().replace("\u200b", "") for label in window.results.preflight._plan.findChildren(QLabel)]
    told = "DARE, TIES · density 0.3 · majority sign frequency · seed 7"
    assert any(f"Combines pirate-lora + 0.5 × 诗人-lora ({told})" in text for text in texts)
    run_merge(qtbot, window)
    assert engine.requests[0].combination == SPECIAL
    shown = [label.text().replace("\u200b", "") for label in window.outcome.verification.findChildren(QLabel)]
    assert any(f"Combined: {told}" in text for text in shown)


def test_numbers_that_do_not_count_leave_the_request_alone(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window, TWO)
    window.inputs.combination.choose(SPECIAL)
    window.inputs.combination.method.choose("cat")
    assert window.inputs.choices.combination == SUM
    assert describe_combination(SUM) == ""


@pytest.mark.slow
def test_the_choice_comes_back_the_next_day(qtbot: QtBot, open_window: OpenWindow) -> None:
    first = open_window()
    get_three(qtbot, first, TWO)
    first.inputs.combination.choose(SPECIAL)
    first.close()
    second = open_window()
    assert second.inputs.choices.combination == SPECIAL
    assert second.inputs.combination.isVisible()


def test_the_tab_key_and_the_labels_know_every_number(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window, TWO)
    picker = window.inputs.combination
    picker.choose(SPECIAL)
    picker.method.combo.setFocus()
    reached: list[QWidget] = []
    for _ in range(4):
        reached.append(QApplication.focusWidget())
        window.focusNextPrevChild(True)
    assert reached == [picker.method.combo, picker.density, picker.sign.combo, picker.seed]
    buddies = {label.buddy() for label in picker.findChildren(QLabel)}
    for control in reached:
        assert control in buddies
        assert control.accessibleName()
        assert control.accessibleDescription()
    assert rows(window)[0].isVisible()
