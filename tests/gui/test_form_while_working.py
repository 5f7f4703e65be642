"""The form while a merge runs, and the band over what is about other inputs than the form's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, a_report
from window_helpers import (
    ADAPTER,
    BASE,
    PATIENCE_MS,
    drop,
    find,
    get_ready,
    merge_button,
    run_merge,
    start_merge,
    wait_inspected,
)

from mergedesk.domain.job_list import JobState
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken, Report
from mergedesk.domain.requests import AdapterChoice, Engine, MergeRequest, Precision
from mergedesk_gui import renewal
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import ABOUT_RESULTS, Page
from mergedesk_gui.state.form import Form
from mergedesk_gui.state.made_of import same_inputs
from mergedesk_gui.state.mode import Mode

OTHER = Path("/models/other-lora")


def change_adapter(qtbot: QtBot, window: MainWindow) -> None:
    window.inputs.adapter.set_folder(OTHER)
    wait_inspected(qtbot, window)


def end_merge(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        engine.hold = False


@pytest.fixture
def working(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> MainWindow:
    """A window that is merging, and does not end of itself."""
    engine.hold = True
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    return window


def test_everything_can_be_chosen_while_a_merge_runs(qtbot: QtBot, working: MainWindow) -> None:
    assert working.inputs.isEnabled()
    assert drop(working, OTHER)
    qtbot.waitUntil(lambda: len(working.inputs.choices.adapters) == 2, timeout=PATIENCE_MS)
    wait_inspected(qtbot, working)
    assert working.jobs.running
    commands = working.commands
    for command in (commands.base, commands.swap, commands.new, commands.mode_verify, commands.undo, commands.clear):
        assert command.isEnabled(), command.text()


def test_what_runs_is_not_begun_twice(qtbot: QtBot, working: MainWindow) -> None:
    assert not merge_button(working).isEnabled()
    assert merge_button(working).toolTip() == "A merge is running."


def test_a_second_press_waits_in_the_queue_under_a_name_of_its_own(
    qtbot: QtBot, working: MainWindow, engine: FakeEngine
) -> None:
    working.inputs.precision.choose(Precision.FLOAT16)
    wait_inspected(qtbot, working)
    first = working.merging.writing
    assert "will wait in the queue" in working.merging.start_bar.status.plain
    merge_button(working).click()
    qtbot.waitUntil(lambda: working.queue.is_ready, timeout=PATIENCE_MS)
    (job,) = working.queue.jobs.jobs
    assert isinstance(job.task, MergeRequest)
    assert job.task.precision is Precision.FLOAT16
    assert first is not None
    assert job.task.output == first.with_name(f"{first.name}-2")
    assert job.state is JobState.WAITING
    end_merge(qtbot, working, engine)
    qtbot.waitUntil(lambda: working.queue.jobs.jobs[0].state is JobState.DONE, timeout=PATIENCE_MS)
    assert working.result.context is not None
    assert working.result.context.merged == first


def test_its_end_is_told_by_name_and_the_form_is_ready(qtbot: QtBot, working: MainWindow, engine: FakeEngine) -> None:
    change_adapter(qtbot, working)
    end_merge(qtbot, working, engine)
    wait_inspected(qtbot, working)
    assert "pirate-lora" in working.merging.start_bar.status.plain
    assert merge_button(working).isEnabled(), "these inputs are not merged yet"
    assert working.result.context is not None
    assert working.result.context.adapters == (AdapterChoice(ADAPTER),)


def test_other_pages_tell_how_far_it_is_and_lead_there(qtbot: QtBot, working: MainWindow) -> None:
    band = working.results.band
    assert band.isHidden(), "the inputs are still those"
    change_adapter(qtbot, working)
    assert working.results.page is Page.PREFLIGHT
    assert band.isVisible()
    assert "pirate-lora" in band.sentence
    assert "Llama-3.2-1B-Instruct" in band.sentence
    assert "other-lora" not in band.sentence
    find(working, QPushButton, "showProgressButton").click()
    assert working.results.page is Page.RESULT
    assert working.outcome.progress.isVisible()
    assert not band.progress.isVisible()
    with qtbot.waitSignal(working.merging.ended, timeout=PATIENCE_MS):
        find(working, QPushButton, "cancelButton").click()
    assert "Cancelled" in working.merging.start_bar.status.plain


def test_a_result_beside_other_inputs_wears_a_band_that_leads_back(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    merged = window.inputs.choices
    band = window.results.band
    assert band.isHidden()
    change_adapter(qtbot, window)
    changed = window.inputs.choices
    assert band.isHidden(), "this page is about the form"
    window.results.show_page(Page.PLAYGROUND)
    assert band.isHidden(), "this page too, and says so itself"
    for page in ABOUT_RESULTS:
        window.results.show_page(page)
        assert band.isVisible()
        assert "pirate-lora" in band.sentence
    find(window, QPushButton, "showInputsAgainButton").click()
    assert window.inputs.choices == merged
    assert band.isHidden()
    assert window.commands.undo.text() == "&Undo: showing earlier inputs"
    window.commands.undo.trigger()
    assert window.inputs.choices == changed


def test_the_band_is_reached_and_pressed_without_a_mouse(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    change_adapter(qtbot, window)
    window.results.show_page(Page.RESULT)
    again = find(window, QPushButton, "showInputsAgainButton")
    tabs = window.results._tabs
    (tabs.bar if tabs.bar.isVisible() else tabs.list).setFocus()
    for _ in range(4):
        if again.hasFocus():
            break
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert again.hasFocus()
    qtbot.keyClick(again, Qt.Key.Key_Space)
    assert window.inputs.choices.adapters == (AdapterChoice(ADAPTER),)


def test_the_band_stays_through_another_size_of_letters(qtbot: QtBot, working: MainWindow) -> None:
    change_adapter(qtbot, working)
    said = working.results.band.sentence
    renewal.renew(working)
    assert working.results.band.isVisible()
    assert working.results.band.sentence[:80] == said[:80]


def test_merge_again_merges_what_failed_and_not_what_is_chosen_now(qtbot: QtBot, window: MainWindow) -> None:
    asked: list[MergeRequest] = []

    def fail_once(request: MergeRequest, _report: Report, _cancel: CancelToken) -> MergeReport:
        asked.append(request)
        return replace(a_report(request), status=MergeStatus.FAILED if len(asked) == 1 else MergeStatus.MERGED)

    get_ready(qtbot, window)
    window.jobs._merge = fail_once
    run_merge(qtbot, window)
    change_adapter(qtbot, window)
    window.results.show_page(Page.RESULT)
    with qtbot.waitSignal(window.merging.started, timeout=PATIENCE_MS):
        find(window, QPushButton, "repeatMergeButton").click()
    qtbot.waitUntil(lambda: not window.jobs.running, timeout=PATIENCE_MS)
    assert [one.adapters for one in asked] == [(AdapterChoice(ADAPTER),)] * 2
    assert window.inputs.choices.adapters == (AdapterChoice(ADAPTER),)


ONE = Form(BASE, (AdapterChoice(ADAPTER),))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (replace(ONE, output=OTHER, overwrite=True), True),
        (replace(ONE, mode=Mode.VERIFY, merged=OTHER), True),
        (replace(ONE, adapters=(AdapterChoice(ADAPTER, 0.5),)), False),
        (replace(ONE, precision=Precision.FLOAT16), False),
        (replace(ONE, engine=Engine.PEFT), False),
        (replace(ONE, base=OTHER), False),
    ],
)
def test_what_makes_inputs_other_ones(other: Form, same: bool) -> None:
    assert same_inputs(ONE, other) is same
