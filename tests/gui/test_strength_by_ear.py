"""“Try it” before a merge, and at other strengths: asked unmerged, compared, and taken into the form."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine
from window_helpers import ADAPTER, BASE, PATIENCE_MS, find, get_ready, merge_button, run_merge, wait_inspected

from mergedesk.domain.findings import Code, info
from mergedesk.domain.requests import AdapterChoice
from mergedesk.inference.trial import Side
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.playground.strengths_panel import StrengthsPanel
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.widgets.strength_field import StrengthSlider, StrengthSpin

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def trying(qtbot: QtBot, window: MainWindow) -> MainWindow:
    """A window with inputs that were not merged, on the page “Try it”."""
    get_ready(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_4, CONTROL)
    assert window.results.page is Page.PLAYGROUND
    qtbot.waitUntil(lambda: panel(window).ask.isEnabled(), timeout=PATIENCE_MS)
    return window


def panel(window: MainWindow) -> StrengthsPanel:
    return window.playground.page.strengths


def answer_at(qtbot: QtBot, window: MainWindow, strength: float) -> None:
    find(window, StrengthSpin, "tryStrengthSpin1").setValue(strength)
    with qtbot.waitSignal(window.playground.ended, timeout=PATIENCE_MS):
        find(window, QPushButton, "tryStrengthButton").click()


def test_before_a_merge_base_and_unmerged_answer(qtbot: QtBot, trying: MainWindow, engine: FakeEngine) -> None:
    assert trying.playground.page.measurements.isHidden()
    assert "not merged yet" in trying.playground.page.about.plain
    with qtbot.waitSignal(trying.playground.ended, timeout=PATIENCE_MS):
        find(trying, QPushButton, "tryButton").click()
    (request,) = engine.models.requests
    assert (request.base, request.adapters, request.merged) == (BASE, (AdapterChoice(ADAPTER),), None)
    assert request.sides == (Side.BASE, Side.UNMERGED)


def test_answers_at_several_strengths_stay_side_by_side(qtbot: QtBot, trying: MainWindow, engine: FakeEngine) -> None:
    for strength in (0.5, 1.0, 1.35):
        answer_at(qtbot, trying, strength)
    asked = engine.models.at_strengths
    assert [request.adapters[0].weight for request in asked] == [0.5, 1.0, 1.35]
    assert all(request.sides == (Side.UNMERGED,) for request in asked)
    shown = panel(trying).answers
    assert [one.card.view.accessibleName() for one in shown] == ["Answer: 0.50", "Answer: 1.00", "Answer: 1.35"]
    assert all(one.isVisible() and one.card.text for one in shown)
    find(trying, QPushButton, "forgetStrengthsButton").click()
    assert not panel(trying).answers


def test_slider_and_number_follow_each_other(qtbot: QtBot, trying: MainWindow) -> None:
    spin, slider = find(trying, StrengthSpin, "tryStrengthSpin1"), find(trying, StrengthSlider, "tryStrengthSlider1")
    slider.setValue(15)
    assert spin.strength == 0.75
    spin.setValue(-3.0)
    assert (slider.value(), spin.strength) == (0, -3.0)


def test_merge_at_this_strength_goes_into_the_form_and_is_undone(qtbot: QtBot, trying: MainWindow) -> None:
    answer_at(qtbot, trying, 0.7)
    before = trying.inputs.choices
    panel(trying).answers[0].merge.click()
    assert trying.inputs.choices.adapters == (AdapterChoice(ADAPTER, 0.7),)
    assert trying.results.page is Page.PREFLIGHT
    wait_inspected(qtbot, trying)
    assert merge_button(trying).isEnabled()
    assert len(panel(trying).answers) == 1, "what was heard stays"
    trying.commands.undo.trigger()
    assert trying.inputs.choices == before


def test_it_goes_on_after_the_merge(qtbot: QtBot, trying: MainWindow) -> None:
    answer_at(qtbot, trying, 0.7)
    run_merge(qtbot, trying)
    trying.results.show_page(Page.PLAYGROUND)
    qtbot.waitUntil(lambda: panel(trying).ask.isEnabled(), timeout=PATIENCE_MS)
    assert len(panel(trying).answers) == 1
    answer_at(qtbot, trying, 0.9)
    find(trying, QPushButton, "mergeAtStrengthButton").click()
    choices = trying.inputs.choices
    assert (choices.adapters, choices.output) == ((AdapterChoice(ADAPTER, 0.9),), None)


def test_a_kind_without_a_strength_says_so_in_a_sentence(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    engine.models.one_strength = info(Code.TRIAL_ONE_STRENGTH, methods=["IA3"])
    get_ready(qtbot, window)
    window.results.show_page(Page.PLAYGROUND)
    spin = find(window, StrengthSpin, "tryStrengthSpin1")
    qtbot.waitUntil(lambda: not spin.isEnabled(), timeout=PATIENCE_MS)
    assert "(IA3) can only be merged as it was trained" in panel(window)._reason.plain
    assert panel(window)._reason.isVisible()
    assert not panel(window).merge.isEnabled()


def test_everything_is_done_without_a_mouse(qtbot: QtBot, trying: MainWindow, engine: FakeEngine) -> None:
    slider = find(trying, StrengthSlider, "tryStrengthSlider1")
    slider.setFocus()
    for _ in range(4):
        qtbot.keyClick(slider, Qt.Key.Key_Left)
    ask, merge = find(trying, QPushButton, "tryStrengthButton"), find(trying, QPushButton, "mergeAtStrengthButton")
    _tab_to(qtbot, ask)
    with qtbot.waitSignal(trying.playground.ended, timeout=PATIENCE_MS):
        qtbot.keyClick(ask, Qt.Key.Key_Space)
    _tab_to(qtbot, merge)
    qtbot.keyClick(merge, Qt.Key.Key_Space)
    assert trying.inputs.choices.adapters == (AdapterChoice(ADAPTER, 0.8),)
    assert trying.inputs.adapter.strength.hasFocus()
    wait_inspected(qtbot, trying)
    with qtbot.waitSignal(trying.merging.ended, timeout=PATIENCE_MS):
        qtbot.keyClick(trying.inputs.adapter.strength, Qt.Key.Key_Return, CONTROL)
    assert trying.result.context is not None
    assert trying.result.context.adapters == (AdapterChoice(ADAPTER, 0.8),)


def _tab_to(qtbot: QtBot, wanted: QPushButton) -> None:
    for _ in range(30):
        focused = QApplication.focusWidget()
        if focused is wanted:
            return
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not reach {wanted.objectName()}")
