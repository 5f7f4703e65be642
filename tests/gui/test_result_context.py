"""What the pages of results are about: known after a merge, unknown while one runs or where none came about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, a_report
from window_helpers import ADAPTER, BASE, get_ready, run_merge, start_merge

from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.state.result_context import ResultContext


def failed(request: MergeRequest) -> MergeReport:
    return replace(a_report(request), status=MergeStatus.FAILED)


@pytest.mark.slow
def test_a_merge_tells_the_pages_what_it_made(qtbot: QtBot, window: MainWindow) -> None:
    heard: list[object] = []
    window.result.changed.connect(heard.append)
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    report = window.merging.report
    assert report is not None
    assert report.output is not None
    assert heard == [ResultContext(BASE, (AdapterChoice(ADAPTER),), report.output, report=report)]
    assert window.result.context == heard[0]


@pytest.mark.slow
def test_there_is_no_subject_while_a_merge_runs_or_after_it_failed(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    window.merging.look_again()
    qtbot.waitUntil(lambda: window.merging.readiness.ready)
    engine.hold, engine.outcome = True, failed
    start_merge(qtbot, window)
    assert window.result.context is None
    with qtbot.waitSignal(window.merging.ended):
        engine.hold = False
    assert window.result.context is None
