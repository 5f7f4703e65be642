"""Every page and dialog can be read and reached at any size of type, in every language, in the smallest window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from layout_check import what_is_cut
from library_samples import FIRST, LIBRARY
from pseudo_locale import Pseudo, PseudoCatalogue
from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_finding, a_model, a_report, check
from window_helpers import ADAPTER, BASE, PATIENCE_MS, fill_in, get_ready, run_merge, start_merge, wait_inspected

from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.hub_reference import HubReference
from mergedesk.domain.merge_record import Front, MergeRecord
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.domain.weight_delta import KeptShare, ModuleDelta, WeightDelta
from mergedesk.hub.questions import HubModel
from mergedesk.pipelines.history.store import keep, records
from mergedesk.planning.preflight import Preflight
from mergedesk_gui import renewal
from mergedesk_gui.hub import hub_field
from mergedesk_gui.hub.hub_bar import HubBar
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.queue.one_each_dialog import OneEachDialog
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.mode import Mode
from mergedesk_gui.state.preferences import Preferences
from mergedesk_gui.text.lines import Description
from mergedesk_gui.widgets import dialogs
from mergedesk_gui.wiring.manual_wiring import manual_of

LANGUAGES = ("en", "de", "zh_CN", "pseudo")
POINTS = (8, 13, 18, 24)
SMALLEST = (820, 520)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, dressed: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """One of the languages, spoken; the pseudo-language lies over English."""
    name = request.param
    translator = Pseudo(longer=True)
    if name == "pseudo":
        monkeypatch.setattr("mergedesk.domain.messages.catalogue", lambda _language: PseudoCatalogue(longer=True))
        dressed.installTranslator(translator)
    yield "en" if name == "pseudo" else name
    dressed.removeTranslator(translator)
    renewal.wear(replace(Preferences(), language="en"))
    dressed.setProperty("mergedesk-language", "")


def findings(request: MergeRequest) -> Preflight:
    codes = (Code.KEYS_UNMATCHED, Code.WRONG_BASE_NAME, Code.SIZE_GROWS, Code.STREAMS)
    return replace(check(request), findings=tuple(a_finding(code, Severity.WARNING) for code in codes))


def effect(request: MergeRequest) -> MergeReport:
    kinds = ("self_attn.q_proj", "self_attn.v_proj", "mlp.up_proj")
    names = [f"model.layers.{layer}.{kind}.weight" for layer in range(3) for kind in kinds]
    modules = [ModuleDelta(name, 10.0, 0.1, 0.0125, KeptShare(0.71, 0.71, 0.99, 1.0)) for name in names]
    return a_report(request, effect=WeightDelta(tuple(modules), "bfloat16"))


def settled(root: QWidget) -> list[str]:
    """What is still cut once the layout has had its time."""
    wrong: list[str] = []
    for _ in range(6):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if not (wrong := what_is_cut(root)):
            break
    return wrong


def at_every_size(window: MainWindow, language: str) -> Iterator[int]:
    for points in POINTS:
        renewal.take(window, Preferences(language=language, points=points))
        window.resize(*SMALLEST)
        assert (window.width(), window.height()) == SMALLEST
        yield points


@pytest.mark.slow
def test_before_a_merge(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, language: str) -> None:
    window = open_window(backend=engine.backend(check=findings))
    wrong: list[str] = []
    for points in at_every_size(window, language):
        wrong += [f"{points} pt, empty: {one}" for one in settled(window)]
    window.inputs.set_mode(Mode.VERIFY)
    for points in at_every_size(window, language):
        wrong += [f"{points} pt, verifying: {one}" for one in settled(window)]
    window.inputs.set_mode(Mode.MERGE)
    get_ready(qtbot, window)
    window.inputs.adapters.add()
    window.inputs.adapters.rows[1].set_folder("/models/second-lora")
    window.inputs.advanced.button.click()
    wait_inspected(qtbot, window)
    for points in at_every_size(window, language):
        wrong += [f"{points} pt, before the merge: {one}" for one in settled(window)]
    assert "\n".join(wrong) == ""


@pytest.mark.slow
def test_a_base_that_is_named_on_a_hub(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_field, "WAIT_MS", 1)
    model = HubModel(HubReference("acme/tiny"), "0" * 40, a_model(Path("hf:/acme/tiny")), licence="apache-2.0")
    named = {
        "describe_on_hub": lambda *_: replace(model, missing_bytes=2_471_645_608),
        "check_on_hub": lambda request, _: replace(check(request), pieces_bytes=300_000_000),
    }
    window = open_window(backend=engine.backend(**named))
    window.inputs.adapters.rows[0].edit.setText("/adapters/lora")
    window.inputs.base.edit.setText("acme/tiny")
    window.inputs.base.set_keeps(False)
    wrong: list[str] = []
    for points in at_every_size(window, language):
        qtbot.waitUntil(lambda: "300" in rooms_of(window), timeout=PATIENCE_MS)
        wrong += [f"{points} pt: {one}" for one in settled(window)]
    assert "\n".join(wrong) == ""


def rooms_of(window: MainWindow) -> str:
    bar = window.hub.of(window.inputs.base).bar
    return bar.rooms.text() if bar is not None and bar.unkept.isVisibleTo(window) else ""


@pytest.mark.slow
def test_after_a_merge(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, language: str) -> None:
    engine.outcome, engine.library = effect, replace(LIBRARY, cut=(Path("/runs"),), missing=(Path("/away"),))
    window = open_window()
    window.settings.set_added_folders([Path("/runs")])
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    wrong: list[str] = []
    for points in at_every_size(window, language):
        for page in (Page.RESULT, Page.EFFECT, Page.PLAYGROUND, Page.DEPLOY, Page.QUEUE, Page.LIBRARY):
            window.results.show_page(page)
            assert window.results.page is page
            if page is Page.LIBRARY:
                qtbot.waitUntil(lambda: not window.library.looking)
                window.library.page.go_to(FIRST.folder)
            wrong += [f"{points} pt, {page.name}: {one}" for one in settled(window)]
    assert "\n".join(wrong) == ""


def with_past_merges(window: MainWindow) -> QDialog:
    """The list with a merge that failed, selected, and one that is gone."""
    if not records():
        request = MergeRequest(BASE, (AdapterChoice(ADAPTER, 0.7),), Path("/models/out"))
        why = (a_finding(Code.KEYS_UNMATCHED, Severity.ERROR), a_finding(Code.WRONG_BASE_NAME, Severity.ERROR))
        now = datetime.now(UTC)
        keep(MergeRecord(now - timedelta(1), request, MergeStatus.MERGED, Front.WINDOW, (), 3.5, 10**9, "bfloat16"))
        keep(MergeRecord(now, request, MergeStatus.FAILED, Front.COMMAND, why, 3.5))
    dialog = window.show_history()
    for _ in range(500):
        if len(window.past.merges) == 2 and window.past.is_read:
            break
        QTest.qWait(10)
    return dialog


def one_each(window: MainWindow) -> QDialog:
    dialog = OneEachDialog(window, MergeRequest(BASE, (AdapterChoice(ADAPTER, 0.7),), Path("/models/out")))
    dialog.bases.add([Path("/models/another-base-model")])
    dialog.open()
    return dialog


def opened(window: MainWindow) -> Iterator[QDialog]:
    yield with_past_merges(window)
    yield one_each(window)
    yield window.show_preferences()
    yield window.support.show_about()
    yield dialogs.show_help(window)
    yield dialogs.ask_to_cancel(window, lambda: None)
    yield window.support.show_diagnostics()
    yield window.support.show_licences()
    yield window.support.show_shortcuts()
    yield window.support.show_log()
    manual = manual_of(window).show("refused")
    manual.resize(*SMALLEST)
    yield manual
    searching = manual_of(window).show("refused")
    searching.resize(*SMALLEST)
    searching.field.setText("xyzzy")
    yield searching


@pytest.mark.slow
def test_the_dialogs(qtbot: QtBot, window: MainWindow, language: str) -> None:
    wrong: list[str] = []
    for points in at_every_size(window, language):
        for dialog in opened(window):
            wrong += [f"{points} pt, {dialog.windowTitle()}: {one}" for one in settled(dialog)]
            dialog.close()
    assert "\n".join(wrong) == ""


def in_trouble(request: MergeRequest) -> Preflight:
    codes = (Code.RANK_DIFFERS, Code.KEYS_UNMATCHED, Code.HEADER_BROKEN, Code.QUANTIZED_BASE, Code.LINKS_LEAVE_FOLDER)
    about = str(request.adapters[-1].folder)
    told = (*(replace(a_finding(code, Severity.ERROR), about=about) for code in codes),)
    output = (Code.DISK_FULL, Code.OUTPUT_NOT_EMPTY, Code.OUTPUT_IS_DRIVE)
    return replace(check(request), findings=(*told, *(a_finding(code, Severity.ERROR) for code in output)))


@pytest.mark.slow
def test_findings_with_their_buttons(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, language: str) -> None:
    window = open_window(backend=engine.backend(check=in_trouble))
    fill_in(window)
    window.inputs.adapters.add()
    window.inputs.adapters.rows[1].set_folder("/models/runs/a-run-with-a-long-name/checkpoint-1500")
    window.inputs.output.set_folder("/models/elsewhere")
    wait_inspected(qtbot, window)
    assert window.results.preflight.findings.findChildren(QPushButton, "leave_outButton")
    wrong: list[str] = []
    for points in at_every_size(window, language):
        wrong += [f"{points} pt: {one}" for one in settled(window)]
    assert "\n".join(wrong) == ""


@pytest.mark.slow
def test_a_job_at_work_and_a_filled_queue(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, language: str
) -> None:
    window = open_window()
    get_ready(qtbot, window)
    engine.hold = True
    start_merge(qtbot, window)
    wrong: list[str] = []
    request = engine.requests[0]
    window.queue.add([replace(request, output=Path(f"/models/out-{number}")) for number in range(3)])
    for points in at_every_size(window, language):
        window.results.show_page(Page.RESULT)
        wrong += [f"{points} pt, at work: {one}" for one in settled(window)]
        window.results.show_page(Page.QUEUE)
        wrong += [f"{points} pt, queue: {one}" for one in settled(window)]
    window.queue.close()
    with qtbot.waitSignal(window.merging.ended):
        engine.hold = False
    assert "\n".join(wrong) == ""


@pytest.mark.slow
def test_what_stands_under_a_name_on_a_hub(window: MainWindow, language: str) -> None:
    wrong: list[str] = []
    for points in at_every_size(window, language):
        bar = HubBar()
        window.inputs.base.body.addWidget(bar)
        bar.show_model(Description("meta-llama/Llama-3.2-1B", "LlamaForCausalLM · 2.47 GB"), closed=False, goes_on=True)
        wrong += [f"{points} pt, a model: {one}" for one in settled(window)]
        bar.show_progress("1.2 of 2.5 GB · 80 MB/s", 0.5)
        wrong += [f"{points} pt, on its way: {one}" for one in settled(window)]
        bar.show_problem("It could not be reached.", wants_token=True)
        wrong += [f"{points} pt, in trouble: {one}" for one in settled(window)]
        bar.hide()
        bar.setParent(None)
    assert "\n".join(wrong) == ""


def test_what_is_cut_would_be_seen(qtbot: QtBot, window: MainWindow) -> None:
    assert settled(window) == []
    label = window.inputs.findChildren(QLabel)[1]
    label.setFixedWidth(8)
    assert any("8 wide" in one for one in settled(window))
    label.setFixedWidth(100)
    button = QPushButton("far away", window)
    button.move(window.width() - 10, 100)
    button.show()
    assert any("outside the window" in one for one in settled(window))
