"""Undo and redo of every change of the form, whatever made it; “Clear” and “New” among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from window_fakes import OpenWindow
from window_helpers import ADAPTER, BASE, PATIENCE_MS, drop, find, get_ready, run_merge, wait_inspected

from mergedesk.domain.requests import AdapterChoice, CombinationMethod, Engine, Precision, RoundingMode
from mergedesk_gui import renewal
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.state.consents import Consent
from mergedesk_gui.state.form import Form
from mergedesk_gui.state.form_history import MOST_STEPS, ChangeKind, FormHistory, FormStep, change_between
from mergedesk_gui.state.settings import Settings
from mergedesk_gui.text.messages import say

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
OTHER = Path("/models/other-lora")
TWO = Form(BASE, (AdapterChoice(ADAPTER), AdapterChoice(OTHER, 0.5)))

Act = Callable[[QtBot, MainWindow], object]
ACTS: dict[str, Act] = {
    "base": lambda _, window: drop(window.inputs.base.edit, Path("/models/empty")),
    "adapters": lambda _, window: window.inputs.adapters.remove(1),
    "output": lambda _, window: window.inputs.output.edit.setText("/out/mine"),
    "precision": lambda _, window: window.inputs.precision.choose(Precision.FLOAT16),
    "engine": lambda _, window: window.inputs.advanced.engine.choose(Engine.PEFT),
    "overwrite": lambda _, window: window.inputs.output.consent.setChecked(True),
    "shard_size": lambda qtbot, window: type_size(qtbot, window),
    "combination": lambda _, window: window.inputs.combination.method.choose(CombinationMethod.TIES),
    "consents": lambda _, window: window.inputs.set_consent(Consent.DEQUANTIZE, True),
    "mode": lambda _, window: window.commands.mode_verify.trigger(),
    "merged": lambda _, window: window.inputs.verify.merged.set_folder(Path("/models/merged")),
    "quick": lambda _, window: window.inputs.verify.extent.choose("full"),
    "rounding": lambda _, window: window.inputs.rounding.mode.choose(RoundingMode.STOCHASTIC),
    "keep_base": lambda _, window: window.inputs.base.set_keeps(False),
}
"""For each field of the form, what a person does that changes it."""


def type_size(qtbot: QtBot, window: MainWindow) -> None:
    window.inputs.advanced.button.setChecked(True)
    window.inputs.advanced.shard_size.setFocus()
    qtbot.keyClicks(window.inputs.advanced.shard_size, "5GB")


@pytest.fixture
def filled(open_window: OpenWindow) -> MainWindow:
    """A window with a base and two adapters, and nothing to undo."""
    window = open_window(given=TWO)
    window.setFocus()
    return window


def undo(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)


def redo(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL | SHIFT)


def test_every_field_has_a_change_that_is_tried_here() -> None:
    assert set(ACTS) == {field.name for field in fields(Form)}


@pytest.mark.parametrize("name", ACTS)
def test_a_change_of_any_field_is_undone_and_redone(qtbot: QtBot, filled: MainWindow, name: str) -> None:
    before = filled.inputs.choices
    assert before == TWO
    assert not filled.commands.undo.isEnabled()
    ACTS[name](qtbot, filled)
    after = filled.inputs.choices
    assert getattr(after, name) != getattr(before, name)
    filled.setFocus()
    undo(qtbot, filled)
    assert filled.inputs.choices == before
    assert not filled.commands.undo.isEnabled()
    redo(qtbot, filled)
    assert filled.inputs.choices == after
    assert not filled.commands.redo.isEnabled()


@pytest.mark.parametrize("name", [field.name for field in fields(Form)])
def test_every_field_has_a_name_of_its_own_in_the_menu(name: str) -> None:
    assert ChangeKind(name) == name
    assert say(f"change.{name}") != f"change.{name}"


@pytest.mark.parametrize("change", ChangeKind)
def test_every_change_has_words(change: ChangeKind) -> None:
    assert "window.change" not in say(f"change.{change}")


def test_the_menu_names_what_would_be_undone(qtbot: QtBot, filled: MainWindow) -> None:
    ACTS["precision"](qtbot, filled)
    ACTS["adapters"](qtbot, filled)
    texts = [filled.commands.undo.text()]
    undo(qtbot, filled)
    texts += [filled.commands.undo.text(), filled.commands.redo.text()]
    assert texts == ["&Undo: removing an adapter", "&Undo: precision", "R&edo: removing an adapter"]


def test_an_empty_folder_that_replaced_a_good_base_is_taken_back(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    assert drop(window.inputs.base.edit, Path("/models/missing"))
    wait_inspected(qtbot, window)
    assert not window.merging.readiness.ready
    window.inputs.base.edit.setFocus()
    qtbot.keyClick(window.inputs.base.edit, Qt.Key.Key_Z, CONTROL)
    assert window.inputs.base.folder == BASE
    wait_inspected(qtbot, window)
    assert window.merging.readiness.ready


def test_a_click_on_swap_is_one_step(qtbot: QtBot, filled: MainWindow) -> None:
    filled.commands.swap.trigger()
    assert filled.inputs.base.folder == ADAPTER
    assert filled.commands.undo.text() == "&Undo: swapping base and adapter"
    undo(qtbot, filled)
    assert filled.inputs.choices == TWO


def test_what_is_typed_in_one_go_is_one_step_and_first_the_texts_own(qtbot: QtBot, filled: MainWindow) -> None:
    edit = filled.inputs.base.edit
    edit.setFocus()
    edit.end(False)
    qtbot.keyClicks(edit, "-two")
    assert len(filled.undo.history.done) == 1
    qtbot.keyClick(edit, Qt.Key.Key_Z, CONTROL)
    assert filled.inputs.choices == TWO, "the text has taken it back"
    assert not filled.undo.history.done
    qtbot.keyClicks(edit, "-two")
    filled.setFocus()
    edit.setFocus()
    qtbot.keyClicks(edit, "-three")
    assert len(filled.undo.history.done) == 2, "the focus was elsewhere meanwhile"
    filled.setFocus()
    undo(qtbot, filled)
    assert edit.text().endswith("-two")
    undo(qtbot, filled)
    assert filled.inputs.choices == TWO


def test_stepping_a_strength_is_one_step(qtbot: QtBot, filled: MainWindow) -> None:
    spin = filled.inputs.adapters.rows[1].strength
    spin.setFocus()
    for _ in range(3):
        qtbot.keyClick(spin, Qt.Key.Key_Up)
    assert filled.inputs.choices.adapters[1].weight == 0.65
    qtbot.keyClick(spin, Qt.Key.Key_Z, CONTROL)
    assert filled.inputs.choices == TWO
    qtbot.keyClick(spin, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert filled.inputs.choices.adapters[1].weight == 0.65


def test_clear_empties_all_and_is_undone(qtbot: QtBot, filled: MainWindow) -> None:
    ACTS["precision"](qtbot, filled)
    before = filled.inputs.choices
    button = find(filled, QPushButton, "clearInputsButton")
    assert button.isVisible()
    button.click()
    assert filled.inputs.choices == Form()
    assert len(filled.inputs.adapters.rows) == 1
    assert button.isHidden()
    assert not filled.commands.clear.isEnabled()
    undo(qtbot, filled)
    assert filled.inputs.choices == before
    redo(qtbot, filled)
    assert filled.inputs.choices == Form()


def test_clear_has_a_key(qtbot: QtBot, filled: MainWindow) -> None:
    qtbot.keyClick(filled, Qt.Key.Key_Backspace, CONTROL | SHIFT)
    assert filled.inputs.choices == Form()


def test_new_keeps_how_to_merge_and_is_undone(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    ACTS["precision"](qtbot, window)
    wait_inspected(qtbot, window)
    run_merge(qtbot, window)
    before = window.inputs.choices
    qtbot.keyClick(window, Qt.Key.Key_N, CONTROL)
    assert window.inputs.choices == Form(precision=Precision.FLOAT16)
    assert window.commands.undo.text() == "&Undo: new merge"
    window.setFocus()
    undo(qtbot, window)
    assert window.inputs.choices == before


def test_a_new_change_ends_what_could_be_redone(qtbot: QtBot, filled: MainWindow) -> None:
    ACTS["precision"](qtbot, filled)
    undo(qtbot, filled)
    ACTS["engine"](qtbot, filled)
    assert not filled.commands.redo.isEnabled()


def test_remembered_folders_that_are_gone_leave_nothing_to_undo(
    qtbot: QtBot, open_window: OpenWindow, settings: Settings
) -> None:
    settings.choices = replace(TWO, base=Path("/models/missing"))
    window = open_window()
    qtbot.waitUntil(lambda: window.inputs.base.folder is None, timeout=PATIENCE_MS)
    wait_inspected(qtbot, window)
    assert not window.commands.undo.isEnabled()


def test_other_letters_and_languages_keep_what_can_be_undone(qtbot: QtBot, filled: MainWindow) -> None:
    ACTS["precision"](qtbot, filled)
    renewal.renew(filled)
    assert filled.commands.undo.text() == "&Undo: precision"
    filled.commands.undo.trigger()
    assert filled.inputs.choices == TWO


def test_undoing_leaves_alone_what_it_is_not_about(qtbot: QtBot, filled: MainWindow) -> None:
    wait_inspected(qtbot, filled)
    said = filled.inputs.base.description
    assert said
    ACTS["precision"](qtbot, filled)
    undo(qtbot, filled)
    assert filled.inputs.base.description == said
    assert find(filled, QLineEdit, "basePathEdit").text() == str(BASE)


ONE = Form(BASE, (AdapterChoice(ADAPTER),))
SWAPPED = Form(ADAPTER, (AdapterChoice(BASE),))


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (Form(), Form(BASE), ChangeKind.BASE),
        (Form(), ONE, ChangeKind.INPUTS),
        (ONE, TWO, ChangeKind.ADAPTER_ADDED),
        (TWO, ONE, ChangeKind.ADAPTER_REMOVED),
        (TWO, replace(TWO, adapters=TWO.adapters[::-1]), ChangeKind.ADAPTER_ORDER),
        (ONE, replace(ONE, adapters=(AdapterChoice(ADAPTER, 0.3),)), ChangeKind.STRENGTH),
        (ONE, replace(ONE, adapters=(AdapterChoice(OTHER),)), ChangeKind.ADAPTERS),
        (ONE, SWAPPED, ChangeKind.SWAP),
        (replace(ONE, consents=frozenset({Consent.FOLD_OWN})), replace(ONE, base=OTHER), ChangeKind.BASE),
        (replace(ONE, overwrite=True), replace(ONE, output=OTHER), ChangeKind.OUTPUT),
    ],
)
def test_a_change_is_named_by_what_it_makes_of_the_form(before: Form, after: Form, change: ChangeKind) -> None:
    assert change_between(before, after) is change


def test_a_history_has_an_end() -> None:
    history = FormHistory()
    for number in range(MOST_STEPS + 5):
        history = history.with_step(
            FormStep(ChangeKind.SHARD_SIZE, Form(shard_size=f"{number}"), Form(shard_size=f"{number + 1}"))
        )
    assert len(history.done) == MOST_STEPS
