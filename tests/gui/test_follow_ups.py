"""What a run left behind or why it failed is told in the window, with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_report, check
from window_helpers import PATIENCE_MS, find, get_ready, merge_button, run_merge, start_merge, wait_inspected

from mergedesk.domain.findings import Code, Data, Finding, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.requests import Engine, MergeRequest
from mergedesk.planning.preflight import Preflight
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page

LEFT = Path("/models/.mergedesk-00c0ffee")


def left(code: Code, output: Path | None, severity: Severity = Severity.INFO) -> Finding:
    data: dict[str, Data] = {"path": str(LEFT), "output": str(output) if output else None, "bytes": 5_000_000_000}
    return Finding(code, severity, data)


def checks_that_tell(code: Code, **changes: object) -> Callable[[MergeRequest], Preflight]:
    def checked(request: MergeRequest) -> Preflight:
        known = check(request)
        told = (*known.findings, left(code, request.output))
        return replace(known, findings=told, **changes)  # type: ignore[arg-type]

    return checked


def buttons(window: MainWindow) -> set[str]:
    return {button.objectName() for button in window.results.preflight.findings.findChildren(QPushButton)}


@pytest.mark.parametrize(
    ("code", "offered"),
    [
        (Code.LEFTOVER_RESUMABLE, {"goOnButton", "removeLeftoverButton"}),
        (Code.LEFTOVER_UNFINISHED, {"removeLeftoverButton"}),
        (Code.LEFTOVER_REPLACED, {"removeLeftoverButton"}),
        (Code.LEFTOVER_OUT_OF_REACH, {"removeLeftoverButton"}),
        (Code.LEFTOVER_SET_ASIDE, set()),
    ],
)
def test_check_tells_what_was_left_and_offers_what_can_be_done(
    code: Code, offered: set[str], qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    window = open_window(backend=engine.backend(check=checks_that_tell(code)))
    get_ready(qtbot, window)
    assert any(str(LEFT) in said for said in window.results.preflight.findings.texts)
    assert buttons(window) == offered


def test_what_another_engine_would_do_cannot_be_gone_on_with(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    checks = checks_that_tell(Code.LEFTOVER_RESUMABLE, engine=Engine.PEFT)
    window = open_window(backend=engine.backend(check=checks))
    get_ready(qtbot, window)
    assert buttons(window) == {"removeLeftoverButton"}


def test_go_on_merges_the_rest(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    window = open_window(backend=engine.backend(check=checks_that_tell(Code.LEFTOVER_RESUMABLE)))
    get_ready(qtbot, window)
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        find(window.results.preflight, QPushButton, "goOnButton").click()
    assert [request.resume for request in engine.requests] == [True]
    engine.requests.clear()
    window.merging.look_again()
    wait_inspected(qtbot, window)
    run_merge(qtbot, window)
    assert [request.resume for request in engine.requests] == [False], "only where that was asked for"


def test_what_a_good_merge_could_not_remove_is_told_below_it_and_can_be_removed(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    removed: list[Path] = []
    engine.outcome = lambda request: a_report(request, findings=(left(Code.LEFTOVER_REPLACED, request.output),))
    window = open_window(backend=engine.backend(remove_leftover=removed.append))
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    told = window.outcome.verification.findings
    assert window.outcome.verification.headline.plain == "Merged and verified"
    assert [str(LEFT) in said and "5.00 GB" in said for said in told.texts] == [True]
    with qtbot.waitSignal(window.follow_ups.removed, timeout=PATIENCE_MS):
        find(told, QPushButton, "removeLeftoverButton").click()
    assert removed == [LEFT]
    assert told.texts == ()


def test_what_a_disk_did_can_be_tried_again(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    def failed(request: MergeRequest) -> MergeReport:
        data: dict[str, Data] = {"path": "/media/drive"}
        told = (Finding(Code.OUTPUT_MOVED, Severity.ERROR, data), left(Code.LEFTOVER_OUT_OF_REACH, None))
        return MergeReport(MergeStatus.FAILED, request.output, findings=told)

    engine.outcome = failed
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert window.results.page is Page.RESULT
    assert window.outcome.verification.headline.plain == "The merge failed"
    assert "What is left is named below." in window.merging.start_bar.status.text()
    said = " ".join(window.outcome.verification.findings.texts)
    assert "/media/drive" in said
    assert str(LEFT) in said
    engine.outcome = a_report
    with qtbot.waitSignal(window.merging.reported, timeout=PATIENCE_MS):
        find(window.outcome.verification, QPushButton, "tryAgainButton").click()
    assert window.outcome.verification.headline.plain == "Merged and verified"


def test_failure_that_left_nothing_says_so(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    told = (Finding(Code.NOTHING_KEPT, Severity.INFO, {}),)
    engine.outcome = lambda request: MergeReport(MergeStatus.FAILED, request.output, findings=told)
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert "Nothing was left behind." in window.merging.start_bar.status.text()
    assert window.outcome.verification.findings.texts == ()


@pytest.mark.parametrize("leaves", [False, True])
def test_a_cancelled_merge_says_whether_it_left_anything(
    leaves: bool, qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    tells = [False]

    def checked(request: MergeRequest) -> Preflight:
        return checks_that_tell(Code.LEFTOVER_UNFINISHED)(request) if tells[0] else check(request)

    engine.hold = True
    window = open_window(backend=engine.backend(check=checked))
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    tells[0] = leaves
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        window.merging.cancel()
    assert window.merging.start_bar.status.text() == "Cancelled. Base and adapter are as they were."
    wait_inspected(qtbot, window)
    said = window.outcome.left.plain
    assert said == (
        "What is left is named on the page “Before the merge”."
        if leaves
        else "Nothing was left behind. Base and adapter are as they were."
    )
    assert merge_button(window).isEnabled()
