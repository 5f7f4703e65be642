"""“Make GGUF”: types are chosen, files are made beside the merged folder, and their proof is shown."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_report
from window_helpers import assert_settles, find, get_ready, run_merge

from mergedesk.domain.findings import CheckCode, Code, UserError, check_of, error
from mergedesk.domain.gguf_export import (
    ExportedFile,
    ExportListener,
    ExportProgress,
    ExportStage,
    GgufReport,
    GgufRequest,
)
from mergedesk.domain.packed_export import ExportStatus
from mergedesk.domain.progress import CancelToken
from mergedesk_gui.deploy.gguf_box import GgufBox
from mergedesk_gui.jobs.engine_api import UsageAnswer
from mergedesk_gui.jobs.engine_api import engine as real_engine
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page

Export = Callable[[GgufRequest, ExportListener, CancelToken], GgufReport]


@pytest.fixture
def with_export(
    qtbot: QtBot, engine: FakeEngine, tmp_path: Path, open_window: OpenWindow
) -> Callable[[Export], MainWindow]:
    """A window that has just merged, on the page “Use it”, where making GGUF files does what is said."""
    merged = tmp_path / "merged"
    merged.mkdir()

    def usage(folder: Path) -> UsageAnswer:
        told = real_engine().usage(folder)
        return replace(told, usage=replace(told.usage, folder=folder.absolute(), findings=()))

    def open_with(export: Export) -> MainWindow:
        engine.outcome = lambda request: a_report(request, output=merged)
        window = open_window(backend=engine.backend(usage=usage, export_gguf=export))
        get_ready(qtbot, window)
        run_merge(qtbot, window)
        find(window, QPushButton, "makeGgufOfResultButton").click()
        assert window.results.page is Page.DEPLOY
        return window

    return open_with


def box_of(window: MainWindow) -> GgufBox:
    return window.deploy.page.gguf


def press(window: MainWindow, name: str) -> None:
    find(window, QPushButton, name).click()


def test_files_are_made_beside_the_merged_folder_and_shown_with_their_proof(
    qtbot: QtBot, with_export: Callable[[Export], MainWindow], tmp_path: Path
) -> None:
    asked: list[GgufRequest] = []

    def export(request: GgufRequest, report: ExportListener, _cancel: CancelToken) -> GgufReport:
        asked.append(request)
        report(ExportProgress(ExportStage.QUANTIZE, 50, 100, 1.0, "Q4_K_M"))
        checks = (check_of(CheckCode.GGUF_LOADS, True), check_of(CheckCode.GGUF_TOKENIZES, True, tokens=3, cut=3))
        made = ExportedFile("merged-Q8_0.gguf", "Q8_0", 2_000_000, checks, 0.005, "Ahoy")
        return GgufReport(ExportStatus.EXPORTED, request.output, files=(made,), reply="Ahoy")

    window = with_export(export)
    find(window, QCheckBox, "ggufQ4KMCheck").setChecked(True)
    press(window, "makeGgufButton")
    qtbot.waitUntil(lambda: bool(box_of(window).rows), timeout=10_000)
    assert asked == [GgufRequest(tmp_path / "merged", tmp_path / "merged-GGUF", types=("Q8_0", "Q4_K_M"))]
    (row,) = box_of(window).rows
    assert "merged-Q8_0.gguf, 2.00 MB" in row
    assert "2 checks passed" in row
    assert "Ahoy" in row
    assert str(tmp_path / "merged-GGUF") in box_of(window).said
    assert_settles(qtbot, window)


def test_what_failed_is_told(qtbot: QtBot, with_export: Callable[[Export], MainWindow]) -> None:
    def export(request: GgufRequest, _report: ExportListener, _cancel: CancelToken) -> GgufReport:
        checks = (check_of(CheckCode.GGUF_TEMPLATE, False, state="missing"),)
        made = ExportedFile("merged-Q8_0.gguf", "Q8_0", 2_000_000, checks)
        return GgufReport(ExportStatus.FAILED, request.output, files=(made,), findings=(error(Code.GGUF_NO_CONVERTER),))

    window = with_export(export)
    press(window, "makeGgufButton")
    qtbot.waitUntil(lambda: len(box_of(window).rows) == 3, timeout=10_000)
    assert "not the folder's (missing)" in box_of(window).rows[1]
    assert "converter" in box_of(window).rows[2]


def test_an_error_is_told_and_it_can_be_tried_again(qtbot: QtBot, with_export: Callable[[Export], MainWindow]) -> None:
    def export(*_: object) -> GgufReport:
        raise UserError(Code.GGUF_CONVERTER_FAILED, reason="no such head")

    window = with_export(export)
    press(window, "makeGgufButton")
    qtbot.waitUntil(lambda: "no such head" in box_of(window).said, timeout=10_000)
    assert find(window, QPushButton, "makeGgufButton").isEnabled()


def test_it_can_be_stopped(qtbot: QtBot, with_export: Callable[[Export], MainWindow]) -> None:
    def export(_request: GgufRequest, report: ExportListener, cancel: CancelToken) -> GgufReport:
        while True:
            cancel.check()
            report(ExportProgress(ExportStage.CONVERT, 1, 2, 1.0, "BF16"))
            threading.Event().wait(0.01)

    window = with_export(export)
    press(window, "makeGgufButton")
    bar = find(window, QProgressBar, "ggufProgressBar")
    qtbot.waitUntil(lambda: bar.value() == 500, timeout=10_000)
    assert "BF16" in box_of(window).said
    assert not find(window, QPushButton, "makeGgufButton").isEnabled()
    press(window, "stopGgufButton")
    qtbot.waitUntil(lambda: not window.deploy.exporter.running, timeout=10_000)
    assert not bar.isVisible()


def test_without_a_type_there_is_nothing_to_make(with_export: Callable[[Export], MainWindow]) -> None:
    window = with_export(lambda *_: pytest.fail("nothing was asked for"))
    find(window, QCheckBox, "ggufQ80Check").setChecked(False)
    assert not find(window, QPushButton, "makeGgufButton").isEnabled()
