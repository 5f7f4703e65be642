"""Several adapters: put in, put in order, given a strength, taken out and brought back; with mouse and keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from adapter_rows import PIRATE, POET, SAILOR, get_three, rows
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow
from window_helpers import (
    ADAPTER,
    BASE,
    PATIENCE_MS,
    assert_settles,
    drop,
    fill_in,
    find,
    get_ready,
    merge_button,
    run_merge,
    start_merge,
    wait_inspected,
)

from mergedesk.domain.requests import AdapterChoice
from mergedesk_gui import renewal
from mergedesk_gui.inputs.adapter_row import StrengthSpin
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.state.form import MOST_STRENGTH
from mergedesk_gui.state.preferences import Preferences
from mergedesk_gui.state.settings import Settings
from mergedesk_gui.text.folder_text import strength_text, sum_of


def chosen(window: MainWindow) -> list[tuple[str, float]]:
    return [(one.folder.name, one.weight) for one in window.inputs.choices.adapters]


def press(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.waitUntil(button.isVisible)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


# One adapter


@pytest.mark.slow
def test_one_adapter_looks_like_any_other_field(qtbot: QtBot, window: MainWindow) -> None:
    first = rows(window)[0]
    assert not first.strength.isVisible(), "nothing is chosen whose strength could matter"
    assert not window.inputs.adapters.add_button.isVisible()
    get_ready(qtbot, window)
    assert first.strength.isVisible()
    assert window.inputs.adapters.add_button.isVisible()
    for control in (first.handle, first.up, first.down, first.remove):
        assert not control.isVisible()


@pytest.mark.slow
def test_the_strength_of_one_adapter_reaches_the_engine(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    get_ready(qtbot, window)
    spin = rows(window)[0].strength
    spin.setFocus()
    spin.selectAll()
    qtbot.keyClicks(spin, "0,5")
    assert spin.value() == 0.5, "a comma is as good as a point"
    assert not merge_button(window).isEnabled(), "what was checked was another strength"
    wait_inspected(qtbot, window)
    run_merge(qtbot, window)
    assert engine.requests[0].adapters == (AdapterChoice(ADAPTER, 0.5),)


def test_a_strength_has_the_decimal_mark_of_the_language(qtbot: QtBot, window: MainWindow) -> None:
    renewal.take(window, replace(Preferences(), language="de"))
    get_ready(qtbot, window)
    spin = rows(window)[0].strength
    assert spin.text() == "1,00"
    spin.setFocus()
    for typed in ("0,5", "0.5"):
        spin.selectAll()
        qtbot.keyClicks(spin, typed)
        assert (spin.text(), spin.value()) == (typed, 0.5), "what is typed stays as it is typed"
        qtbot.keyClick(spin, Qt.Key.Key_Return)
        assert spin.text() == "0,50"
    wait_inspected(qtbot, window)
    told = [label.text() for label in window.results.preflight.findChildren(QLabel) if label.isVisible()]
    assert any("0,5 × " in text for text in told)
    renewal.take(window, replace(Preferences(), language="en"))


@pytest.mark.parametrize(
    ("typed", "shown", "weight"),
    [("1", "1.00", 1.0), ("-0.3", "-0.30", -0.3), ("0.125", "0.125", 0.125), ("-10", "-10.00", -10.0)],
)
def test_a_strength_is_shown_as_it_was_meant(qtbot: QtBot, typed: str, shown: str, weight: float) -> None:
    spin = StrengthSpin(MOST_STRENGTH)
    qtbot.addWidget(spin)
    spin.selectAll()
    qtbot.keyClicks(spin, typed)
    qtbot.keyClick(spin, Qt.Key.Key_Return)
    assert (spin.text(), spin.value()) == (shown, weight)


def test_a_strength_stays_within_ten_and_steps_in_twentieths(qtbot: QtBot) -> None:
    spin = StrengthSpin(MOST_STRENGTH)
    qtbot.addWidget(spin)
    for _ in range(4):
        qtbot.keyClick(spin, Qt.Key.Key_Down)
    assert spin.text() == "0.80"
    spin.setValue(99)
    assert spin.value() == 10
    spin.selectAll()
    qtbot.keyClicks(spin, "-11")
    assert spin.value() >= -10


def test_scrolling_past_a_strength_leaves_it_alone(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    for control in (rows(window)[0].strength, window.inputs.precision.combo):
        assert not wheel(control).isAccepted()
    assert rows(window)[0].strength.value() == 1
    assert window.inputs.precision.combo.currentText() == "auto"
    rows(window)[0].strength.setFocus()
    assert wheel(rows(window)[0].strength).isAccepted()
    assert rows(window)[0].strength.value() != 1


def wheel(control: QWidget) -> QWheelEvent:
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(control.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(control, event)
    return event


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        (1, "as trained"),
        (0.5, "half"),
        (0.0, "no effect"),
        (-0.3, "away from it"),
        (0.3, "weaker"),
        (2, "double"),
        (7, "stronger"),
    ],
)
def test_a_strength_is_explained_in_words(weight: float, words: str) -> None:
    assert strength_text(weight) == words


def test_a_sum_reads_like_one() -> None:
    assert sum_of([("pirate", 1.0)]) == "pirate"
    assert sum_of([("pirate", 0.7), ("poet", -0.25)]) == "0.7 × pirate − 0.25 × poet"
    assert sum_of([("pirate", -1.0), ("poet", 1.0)], "Llama") == "Llama − pirate + poet"


# Adding


@pytest.mark.slow
def test_add_by_mouse_and_keys_and_merge_both(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    get_ready(qtbot, window)
    press(qtbot, window.inputs.adapters.add_button)
    second = rows(window)[1]
    assert second.edit.hasFocus()
    assert chosen(window) == [("pirate-lora", 1.0)], "an empty row counts for nothing"
    qtbot.keyClicks(second.edit, str(SAILOR))
    qtbot.keyClick(second.edit, Qt.Key.Key_Return)
    wait_inspected(qtbot, window)
    assert "LoRA adapter" in second.description
    assert find(window, QLineEdit, "outputPathEdit").text().endswith("Instruct-pirate-lora-sailor-lora-merged")
    second.strength.setValue(-0.5)
    wait_inspected(qtbot, window)
    run_merge(qtbot, window)
    assert engine.requests[0].adapters == (AdapterChoice(ADAPTER), AdapterChoice(SAILOR, -0.5))
    shown = [label.text() for label in window.outcome.verification.findChildren(QLabel) if label.isVisible()]
    assert any("+ pirate-lora − 0.5 × sailor-lora" in text.replace("\u200b", "") for text in shown)


def test_adding_twice_does_not_pile_up_empty_rows(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    window.commands.add_adapter.trigger()
    window.commands.add_adapter.trigger()
    assert len(rows(window)) == 2
    assert not window.inputs.adapters.add_button.isVisible()


def test_what_merge_will_do_names_every_adapter(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window)
    shown = [label.text().replace("\u200b", "") for label in window.results.preflight._plan.findChildren(QLabel)]
    assert any("Adds pirate-lora + 0.5 × 诗人-lora − 0.3 × sailor-lora to Llama" in text for text in shown)
    assert window.inputs.output.chosen is None
    assert find(window, QLineEdit, "outputPathEdit").text().endswith("-pirate-lora-and-2-more-merged")


def test_many_dropped_adapters_all_join_the_list(qtbot: QtBot, window: MainWindow) -> None:
    assert drop(window, PIRATE, BASE, SAILOR)
    qtbot.waitUntil(lambda: len(chosen(window)) == 2, timeout=PATIENCE_MS)
    assert drop(find(window, QLineEdit, "outputPathEdit").window(), SAILOR, Path("/models/third-lora"))
    qtbot.waitUntil(lambda: len(chosen(window)) == 3, timeout=PATIENCE_MS)
    assert [name for name, _ in chosen(window)] == ["pirate-lora", "sailor-lora", "third-lora"]
    assert window.inputs.base.folder == BASE
    wait_inspected(qtbot, window)


def test_a_folder_dropped_on_a_row_takes_that_rows_place(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window)
    assert drop(rows(window)[1].edit, Path("/models/other-lora"))
    assert chosen(window) == [("pirate-lora", 1.0), ("other-lora", 0.5), ("sailor-lora", -0.3)]


def test_a_second_row_is_filled_from_the_recent_folders(qtbot: QtBot, window: MainWindow, settings: Settings) -> None:
    settings.add_recent("adapter", SAILOR)
    get_ready(qtbot, window)
    window.inputs.adapters.add()
    menu = rows(window)[1]._recent.menu()
    menu.aboutToShow.emit()
    next(one for one in menu.actions() if one.toolTip() == str(SAILOR)).trigger()
    assert [name for name, _ in chosen(window)] == ["pirate-lora", "sailor-lora"]


# Removing and bringing back


def test_removing_shows_an_undo_that_brings_it_back(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window)
    press(qtbot, rows(window)[1].remove)
    assert chosen(window) == [("pirate-lora", 1.0), ("sailor-lora", -0.3)]
    bar = window.inputs.adapters.undo_bar
    assert bar.isVisible()
    (undo,) = [one for one in bar.findChildren(QPushButton) if one.text() == "Undo"]
    press(qtbot, undo)
    assert chosen(window) == [("pirate-lora", 1.0), ("诗人-lora", 0.5), ("sailor-lora", -0.3)]
    assert bar.isHidden()
    wait_inspected(qtbot, window)
    assert merge_button(window).isEnabled()


def test_delete_removes_and_ctrl_z_brings_back(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window)
    rows(window)[2].up.setFocus()
    qtbot.keyClick(rows(window)[2].up, Qt.Key.Key_Delete)
    assert [name for name, _ in chosen(window)] == ["pirate-lora", "诗人-lora"]
    focused = QApplication.focusWidget()
    assert focused is rows(window)[1].remove
    qtbot.keyClick(focused, Qt.Key.Key_Delete)
    assert [name for name, _ in chosen(window)] == ["pirate-lora"]
    assert rows(window)[0].edit.hasFocus()
    for count in (2, 3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert len(chosen(window)) == count
    assert chosen(window) == [("pirate-lora", 1.0), ("诗人-lora", 0.5), ("sailor-lora", -0.3)]
    assert "removing" not in window.commands.undo.text()


def test_a_click_beside_the_controls_selects_the_row_for_delete(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window)
    row = rows(window)[0]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(2, row.height() // 2))
    assert row.hasFocus()
    qtbot.keyClick(row, Qt.Key.Key_Delete)
    assert [name for name, _ in chosen(window)] == ["诗人-lora", "sailor-lora"]


def test_delete_and_undo_in_a_text_are_the_texts(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window)
    window.inputs.adapters.remove(2)
    edit = rows(window)[1].edit
    edit.setFocus()
    edit.setCursorPosition(0)
    qtbot.keyClick(edit, Qt.Key.Key_Delete)
    assert edit.text() == str(POET)[1:]
    qtbot.keyClick(edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert edit.text() == str(POET), "first what was typed"
    assert len(chosen(window)) == 2
    spin = rows(window)[0].strength
    spin.setFocus()
    spin.selectAll()
    qtbot.keyClicks(spin, "3")
    qtbot.keyClick(spin, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(chosen(window)) == 2
    edit.setFocus()
    edit.setText(str(POET))
    qtbot.keyClick(edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(chosen(window)) == 3, "then what was removed"


def test_the_only_adapter_is_emptied_and_not_removed(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    row = rows(window)[0]
    row.strength.setFocus()
    window.commands.remove_adapter.trigger()
    assert not window.commands.remove_adapter.isEnabled()
    assert chosen(window) == [("pirate-lora", 1.0)]


def test_removing_an_empty_row_leaves_nothing_to_undo(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    window.inputs.adapters.add()
    press(qtbot, rows(window)[1].remove)
    assert len(rows(window)) == 1
    assert window.inputs.adapters.undo_bar.isHidden()
    assert "removing" not in window.commands.undo.text()


def test_the_first_field_is_always_the_same_one(qtbot: QtBot, window: MainWindow) -> None:
    edit = find(window, QLineEdit, "adapterPathEdit")
    get_three(qtbot, window)
    window.inputs.adapters.remove(0)
    assert find(window, QLineEdit, "adapterPathEdit") is edit
    assert edit.text() == str(POET)
    edit.setText("/models/by-script-lora")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    wait_inspected(qtbot, window)
    assert chosen(window) == [("by-script-lora", 0.5), ("sailor-lora", -0.3)]


# Order


def test_order_by_button_takes_everything_along(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window)
    told = rows(window)[1].description
    press(qtbot, rows(window)[0].down)
    assert chosen(window) == [("诗人-lora", 0.5), ("pirate-lora", 1.0), ("sailor-lora", -0.3)]
    assert rows(window)[0].description == told, "what is known of a folder is not asked for again"
    rows(window)[1].down.setFocus()
    qtbot.keyClick(rows(window)[1].down, Qt.Key.Key_Space)
    assert [name for name, _ in chosen(window)] == ["诗人-lora", "sailor-lora", "pirate-lora"]
    assert rows(window)[2].up.hasFocus(), "further down is nowhere, and the focus is not lost"
    assert not rows(window)[0].up.isEnabled()
    assert not rows(window)[2].down.isEnabled()


@pytest.mark.slow
def test_order_by_keys_from_anywhere_in_the_row(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window)
    alt = Qt.KeyboardModifier.AltModifier
    rows(window)[2].edit.setFocus()
    qtbot.keyClick(rows(window)[2].edit, Qt.Key.Key_Up, alt)
    assert [name for name, _ in chosen(window)] == ["pirate-lora", "sailor-lora", "诗人-lora"]
    assert rows(window)[1].edit.hasFocus()
    rows(window)[1].strength.setFocus()
    qtbot.keyClick(rows(window)[1].strength, Qt.Key.Key_Up, alt)
    assert chosen(window) == [("sailor-lora", -0.3), ("pirate-lora", 1.0), ("诗人-lora", 0.5)]
    assert rows(window)[0].strength.hasFocus()
    qtbot.keyClick(rows(window)[0].strength, Qt.Key.Key_Down, alt)
    assert chosen(window)[1] == ("sailor-lora", -0.3)


@pytest.mark.slow
def test_order_by_dragging_the_handle(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window)
    drag(rows(window)[0].handle, rows(window)[2])
    assert [name for name, _ in chosen(window)] == ["诗人-lora", "sailor-lora", "pirate-lora"]
    drag(rows(window)[2].handle, rows(window)[0])
    assert [name for name, _ in chosen(window)] == ["pirate-lora", "诗人-lora", "sailor-lora"]
    assert {row.property("part") for row in rows(window)} == {"entry"}


def test_a_click_on_the_handle_moves_nothing(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window)
    qtbot.mouseClick(rows(window)[0].handle, Qt.MouseButton.LeftButton)
    assert chosen(window)[0] == ("pirate-lora", 1.0)


def drag(handle: QWidget, target: QWidget) -> None:
    where = handle.mapFromGlobal(target.mapToGlobal(QPoint(10, target.height() // 2)))
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    QTest.mouseMove(handle, where / 2)
    QTest.mouseMove(handle, where)
    assert target.property("part") == "target"
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=where)


# What the preflight says


@pytest.mark.slow
def test_every_adapter_is_described_in_its_own_row(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window, [AdapterChoice(PIRATE), AdapterChoice(Path("/models/junk")), AdapterChoice(SAILOR)])
    assert "neither" in rows(window)[1].description
    assert "210 modules" in rows(window)[2].description
    assert "matched" not in rows(window)[2].description, "only the sum of all is known"


@pytest.mark.slow
def test_an_empty_row_between_leaves_the_others_theirs(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window, [AdapterChoice(PIRATE), AdapterChoice(POET), AdapterChoice(Path("/models/my-run"))])
    rows(window)[1].edit.clear()
    wait_inspected(qtbot, window)
    assert rows(window)[1].description == ""
    bar = rows(window)[2].offer_bar
    assert bar.isVisible()
    bar.buttons[0].click()
    assert rows(window)[2].folder == Path("/models/my-run/checkpoint-1500-adapter")


@pytest.mark.slow
def test_a_model_among_the_adapters_is_swapped_out(qtbot: QtBot, window: MainWindow) -> None:
    find(window, QLineEdit, "basePathEdit").setText(str(SAILOR))
    window.inputs.adapters.set_choices([AdapterChoice(PIRATE), AdapterChoice(BASE, 0.5)])
    wait_inspected(qtbot, window)
    window.inputs.base.offer_bar.buttons[0].click()
    assert window.inputs.base.folder == BASE
    assert chosen(window) == [("pirate-lora", 1.0), ("sailor-lora", 0.5)]


@pytest.mark.slow
def test_the_list_stays_usable_during_a_merge(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    engine.hold = True
    get_three(qtbot, window)
    start_merge(qtbot, window)
    rows(window)[1].up.setFocus()
    for action in (window.commands.add_adapter, window.commands.move_up, window.commands.remove_adapter):
        assert action.isEnabled()
    press(qtbot, rows(window)[1].remove)
    assert chosen(window) == [("pirate-lora", 1.0), ("sailor-lora", -0.3)]


# Remembered


@pytest.mark.slow
def test_adapters_and_strengths_come_back_the_next_day(qtbot: QtBot, open_window: OpenWindow) -> None:
    first = open_window()
    get_three(qtbot, first)
    first.close()
    second = open_window()
    assert chosen(second) == [("pirate-lora", 1.0), ("诗人-lora", 0.5), ("sailor-lora", -0.3)]
    wait_inspected(qtbot, second)
    assert not second.commands.undo.isEnabled()


@pytest.mark.slow
def test_remembered_adapters_that_are_gone_leave_the_list(qtbot: QtBot, open_window: OpenWindow) -> None:
    first = open_window()
    get_three(qtbot, first, [AdapterChoice(Path("/models/missing-lora")), AdapterChoice(SAILOR, 0.5)])
    first.close()
    second = open_window()
    qtbot.waitUntil(lambda: chosen(second) == [("sailor-lora", 0.5)], timeout=PATIENCE_MS)
    assert not second.commands.undo.isEnabled()


# Without a mouse, without eyes


def test_the_tab_key_goes_through_the_list_in_order(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window)
    rows(window)[0].edit.setFocus()
    reached: list[QWidget] = []
    for _ in range(40):
        focused = QApplication.focusWidget()
        reached.append(focused)
        if focused is window.inputs.adapters.add_button:
            break
        window.focusNextPrevChild(True)
    wanted = [
        control for row in rows(window) for control in row.controls if control.isVisible() and control.isEnabled()
    ]
    assert reached == [*wanted, window.inputs.adapters.add_button]


def test_each_row_says_which_one_it_is(qtbot: QtBot, window: MainWindow) -> None:
    get_three(qtbot, window)
    assert [row.edit.accessibleName() for row in rows(window)] == ["Adapter 1", "Adapter 2", "Adapter 3"]
    spins = window.inputs.findChildren(StrengthSpin)
    assert [spin.accessibleName() for spin in spins] == [f"Strength of adapter {number}" for number in (1, 2, 3)]
    assert [spin.accessibleDescription() for spin in spins] == ["as trained", "half", "away from it"]
    buddies = {label.buddy() for label in window.inputs.findChildren(QLabel)}
    assert set(spins) <= buddies
    for row in rows(window):
        for button in (row.up, row.down, row.remove):
            assert button.accessibleName()
            assert button.toolTip()
            assert button.accessibleDescription() == row.edit.accessibleName()


@pytest.mark.slow
@pytest.mark.parametrize("size", [(820, 520), (1024, 700), (1920, 1080)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_long_list_fits_at_every_size(qtbot: QtBot, window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    deep = Path("/家/实验/2026") / "a-folder-with-quite-a-long-name" / "another-one-as-long-as-that-or-longer-lora"
    get_three(qtbot, window, [AdapterChoice(deep / f"step-{number}-lora", 0.1 * number) for number in range(8)])
    assert_settles(qtbot, window)
    window.inputs.adapters.remove(3)
    assert_settles(qtbot, window)


# The advanced part


def test_the_advanced_choices_are_folded_away_but_still_told(qtbot: QtBot, window: MainWindow) -> None:
    advanced = window.inputs.advanced
    assert not advanced.engine.combo.isVisible()
    qtbot.keyClick(advanced.button, Qt.Key.Key_Space)
    assert advanced.engine.combo.isVisible()
    advanced.engine.combo.setCurrentText("peft")
    qtbot.keyClicks(advanced.shard_size, "2GiB")
    qtbot.keyClick(advanced.button, Qt.Key.Key_Space)
    summary = [label.text() for label in advanced.findChildren(QLabel) if label.isVisible()]
    assert "peft · files of at most 2GiB" in summary


@pytest.mark.slow
def test_a_maximum_file_size_reaches_the_engine(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    fill_in(window)
    find(window, QLineEdit, "shardSizeEdit").setText(" 5 GB ")
    wait_inspected(qtbot, window)
    run_merge(qtbot, window)
    assert engine.requests[0].max_shard_size == 5 * 10**9


@pytest.mark.slow
def test_what_is_no_size_is_said_in_place_and_stops_the_merge(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    window.inputs.advanced.button.click()
    edit = find(window, QLineEdit, "shardSizeEdit")
    qtbot.keyClicks(edit, "5 apples")
    wait_inspected(qtbot, window)
    assert not merge_button(window).isEnabled()
    sentence = "“5 apples” is not a size; write it like 5GB, 500MB or 2GiB."
    assert edit.accessibleDescription() == sentence
    assert sentence in [label.text() for label in window.inputs.advanced.findChildren(QLabel) if label.isVisible()]
    assert find(window, QLabel, "statusLabel").text() == sentence
    edit.clear()
    wait_inspected(qtbot, window)
    assert merge_button(window).isEnabled()


@pytest.mark.slow
def test_advanced_stays_as_it_was_left(qtbot: QtBot, open_window: OpenWindow) -> None:
    first = open_window()
    first.inputs.advanced.button.click()
    find(first, QLineEdit, "shardSizeEdit").setText("500MB")
    first.close()
    second = open_window()
    assert second.inputs.advanced.button.isChecked()
    assert find(second, QLineEdit, "shardSizeEdit").text() == "500MB"
