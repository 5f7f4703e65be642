"""“Pack for vLLM and SGLang”: a form is chosen, the folder is packed beside itself, and what was lost is shown."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_report
from window_helpers import assert_settles, find, get_ready, run_merge, what_is_opened

from mergedesk.deployment.codes import Tool, ToolUsage, UsageCode, remark
from mergedesk.domain.findings import Code, UserError, error, info
from mergedesk.domain.merge_report import OutputFile
from mergedesk.domain.packed_export import ExportRequest, ExportStatus, PackedExport, PackedForecast
from mergedesk.domain.progress import CancelToken, Progress, Report, Stage
from mergedesk_gui.deploy.free_name import free_name
from mergedesk_gui.deploy.packed_box import PackedBox
from mergedesk_gui.jobs.engine_api import UsageAnswer
from mergedesk_gui.jobs.engine_api import engine as real_engine
from mergedesk_gui.main_window import MainWindow

Export = Callable[[ExportRequest, Report, CancelToken], PackedExport]
OpenWith = Callable[..., MainWindow]
SIZES = {"fp8": 2_000_000_000, "int4": 1_200_000_000}


@pytest.fixture
def open_with(qtbot: QtBot, engine: FakeEngine, tmp_path: Path, open_window: OpenWindow) -> OpenWith:
    """Opens a window that has just merged, on the page “Use it”, where packing does what is said."""
    merged = tmp_path / "merged"
    merged.mkdir()

    def foretold(folder: Path, place: Path) -> PackedForecast:
        return PackedForecast(folder, SIZES, 50_000_000_000 if place == merged.parent else 7_000_000_000)

    def open_it(export: Export, tools: tuple[ToolUsage, ...] | None = None) -> MainWindow:
        def usage(folder: Path) -> UsageAnswer:
            told = real_engine().usage(folder)
            shown = tools or (ToolUsage(Tool.VLLM, (), ()),)
            return replace(told, usage=replace(told.usage, folder=folder.absolute(), tools=shown, findings=()))

        engine.outcome = lambda request: a_report(request, output=merged)
        backend = engine.backend(usage=usage, export_packed=export, foretell_packed=foretold)
        window = open_window(backend=backend)
        get_ready(qtbot, window)
        run_merge(qtbot, window)
        find(window, QPushButton, "makeGgufOfResultButton").click()
        qtbot.waitUntil(lambda: bool(window.deploy.page.cards), timeout=10_000)
        return window

    return open_it


def box_of(window: MainWindow) -> PackedBox:
    return window.deploy.page.packed


def press(window: MainWindow, name: str) -> None:
    find(window, QPushButton, name).click()


def nothing(*_: object) -> PackedExport:
    pytest.fail("nothing was asked for")


def test_each_form_says_what_it_takes_and_has_its_own_choices(qtbot: QtBot, open_with: OpenWith) -> None:
    window = open_with(nothing)
    box = box_of(window)
    qtbot.waitUntil(lambda: "2.00 GB" in box.expected, timeout=10_000)
    assert "50.0 GB" in box.expected
    by_row, large = find(window, QPushButton, "packByRowSegment"), find(window, QPushButton, "packGroups128Segment")
    assert (box.form, by_row.isVisible(), large.isVisible()) == ("fp8", True, False)
    press(window, "packByBlockSegment")
    assert (box.form, box.expected) == ("fp8-block", "")
    press(window, "packInt8Segment")
    assert (box.form, by_row.isVisible(), large.isVisible()) == ("int8", False, False)
    press(window, "packInt4Segment")
    assert (box.form, by_row.isVisible(), large.isVisible()) == ("int4", False, True)
    assert "1.20 GB" in box.expected
    press(window, "packGroups32Segment")
    assert box.form == "int4-32"


def test_the_merged_folder_is_packed_beside_itself(
    qtbot: QtBot, open_with: OpenWith, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[ExportRequest] = []
    opened = what_is_opened(monkeypatch)

    def export(request: ExportRequest, report: Report, _cancel: CancelToken) -> PackedExport:
        asked.append(request)
        report(Progress(Stage.MERGE, 50, 100, 1.0))
        lost = info(Code.EXPORT_PACKED, count=7, form="int4", loss=9.5)
        files = (OutputFile("model.safetensors", 3_000_000),)
        return PackedExport(ExportStatus.EXPORTED, request.output, request.form, (lost,), files=files, loss=0.095)

    window = open_with(export)
    press(window, "packInt4Segment")
    press(window, "packButton")
    qtbot.waitUntil(lambda: bool(box_of(window).rows), timeout=10_000)
    assert asked == [ExportRequest(tmp_path / "merged", tmp_path / "merged-INT4", "int4")]
    assert str(tmp_path / "merged-INT4") in box_of(window).said
    assert "3.00 MB" in box_of(window).said
    assert "7 weights" in box_of(window).rows[0]
    assert "9.5 %" in box_of(window).rows[0]
    press(window, "openPackedButton")
    assert opened == [tmp_path / "merged-INT4"]
    assert_settles(qtbot, window)


def test_it_goes_where_somebody_chose(qtbot: QtBot, open_with: OpenWith, tmp_path: Path) -> None:
    asked: list[ExportRequest] = []

    def export(request: ExportRequest, _report: Report, _cancel: CancelToken) -> PackedExport:
        asked.append(request)
        return PackedExport(ExportStatus.EXPORTED, request.output, request.form)

    window = open_with(export)
    press(window, "placeButton")
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    (tmp_path / "elsewhere").mkdir()
    dialog.fileSelected.emit(str(tmp_path / "elsewhere"))
    dialog.close()
    qtbot.waitUntil(lambda: "7.00 GB" in box_of(window).expected, timeout=10_000)
    press(window, "packButton")
    qtbot.waitUntil(lambda: bool(asked) and not window.deploy.packing.runner.running, timeout=10_000)
    assert asked == [ExportRequest(tmp_path / "merged", tmp_path / "elsewhere" / "merged-FP8", "fp8")]
    assert free_name(tmp_path / "merged", "GGUF", window.deploy.page.place.place).parent == tmp_path / "elsewhere"


def test_why_it_is_not_packed_is_told(qtbot: QtBot, open_with: OpenWith) -> None:
    def export(request: ExportRequest, _report: Report, _cancel: CancelToken) -> PackedExport:
        why = error(Code.EXPORT_NOTHING_LINEAR, name="OddModel")
        return PackedExport(ExportStatus.REFUSED, request.output, request.form, (why,))

    window = open_with(export)
    press(window, "packButton")
    qtbot.waitUntil(lambda: bool(box_of(window).rows), timeout=10_000)
    assert "OddModel" in box_of(window).rows[0]
    assert not find(window, QPushButton, "openPackedButton").isVisible()


def test_an_error_is_told_and_it_can_be_tried_again(qtbot: QtBot, open_with: OpenWith) -> None:
    def export(*_: object) -> PackedExport:
        raise UserError(Code.WRITE_FAILED, file="model.safetensors", reason="no such luck")

    window = open_with(export)
    press(window, "packButton")
    qtbot.waitUntil(lambda: "no such luck" in box_of(window).said, timeout=10_000)
    assert find(window, QPushButton, "packButton").isEnabled()


def test_it_can_be_stopped(qtbot: QtBot, open_with: OpenWith) -> None:
    def export(_request: ExportRequest, report: Report, cancel: CancelToken) -> PackedExport:
        while True:
            cancel.check()
            report(Progress(Stage.MERGE, 1, 2, 1.0))
            threading.Event().wait(0.01)

    window = open_with(export)
    press(window, "packButton")
    bar = find(window, QProgressBar, "packingProgressBar")
    qtbot.waitUntil(lambda: bar.value() == 500, timeout=10_000)
    assert "Packing the weights" in box_of(window).said
    assert window.deploy.running
    assert not find(window, QPushButton, "packButton").isEnabled()
    press(window, "stopPackingButton")
    qtbot.waitUntil(lambda: not window.deploy.packing.runner.running, timeout=10_000)
    assert not bar.isVisible()


def test_what_is_packed_is_not_packed_again(open_with: OpenWith) -> None:
    served = ToolUsage(Tool.VLLM, (), (remark(UsageCode.PACKED_SERVED, method="fp8"),))
    window = open_with(nothing, (served,))
    assert not box_of(window).isVisible()
