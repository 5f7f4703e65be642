"""Every page and dialog can be read and reached at any size of type, in every language, in the smallest window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from any_size import SMALLEST, at_every_size, language, settled
from folders import make_model
from library_samples import FIRST, LIBRARY
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_finding, a_match, a_model, a_report, check
from window_helpers import PATIENCE_MS, fill_in, get_ready, run_merge, start_merge, wait_inspected

from mergedesk.deployment.codes import Tool
from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.domain.hub_reference import HubReference
from mergedesk.domain.merge_report import MergeReport
from mergedesk.domain.requests import MergeRequest
from mergedesk.domain.verdict import ModuleVerdict
from mergedesk.domain.weight_delta import KeptShare, ModuleDelta, WeightDelta
from mergedesk.hub.questions import HubModel
from mergedesk.planning.preflight import Preflight
from mergedesk_gui.hub import hub_field
from mergedesk_gui.hub.hub_bar import HubBar
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.mode import Mode
from mergedesk_gui.text.lines import Description
from mergedesk_gui.text.messages import finding_message
from mergedesk_gui.theme.tone import Tone

__all__ = ["language"]


def findings(request: MergeRequest) -> Preflight:
    codes = (Code.KEYS_UNMATCHED, Code.WRONG_BASE_NAME, Code.SIZE_GROWS, Code.STREAMS)
    return replace(check(request), findings=tuple(a_finding(code, Severity.WARNING) for code in codes))


def effect(request: MergeRequest) -> MergeReport:
    kinds = ("self_attn.q_proj", "self_attn.v_proj", "mlp.up_proj")
    names = [f"model.layers.{layer}.{kind}.weight" for layer in range(3) for kind in kinds]
    modules = [ModuleDelta(name, 10.0, 0.1, 0.0125, KeptShare(0.71, 0.71, 0.99, 1.0)) for name in names]
    return a_report(request, effect=WeightDelta(tuple(modules), "bfloat16"))


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
def test_what_the_status_line_says(window: MainWindow, language: str) -> None:
    name = "somebody-with-a-long-name/a-model-of-a-long-name-1.5b-instruct"
    wrong: list[str] = []
    for points in at_every_size(window, language):
        bar = window.merging.start_bar
        for width in (820, 1120, 1280, 1920):
            window.resize(width, SMALLEST[1])
            for code in (Code.HUB_NOT_FOUND, Code.HUB_GATED, Code.HUB_NO_ROOM, Code.HUB_NO_NETWORK):
                finding = a_finding(code, Severity.ERROR)
                bar.say(finding_message(replace(finding, data={**finding.data, "name": name})).whole, Tone.ERROR)
                wrong += [f"{points} pt, {width}, {code}: {one}" for one in settled(window)]
            bar.say(f"{bar.status.plain} " * 9, Tone.ERROR)
            wrong += [f"{points} pt, {width}, very long: {one}" for one in settled(window)]
            assert bar.status.toolTip() == bar.status.plain
            bar.say("Short.")
            assert not bar.status.toolTip()
    assert "\n".join(wrong) == ""


@pytest.mark.slow
def test_how_a_result_is_used(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, language: str, tmp_path: Path
) -> None:
    model = make_model(tmp_path / "merged")
    engine.outcome = lambda request: a_report(request, output=model)
    window = open_window()
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    wrong: list[str] = []
    for points in at_every_size(window, language):
        window.results.show_page(Page.DEPLOY)
        page = window.deploy.page
        qtbot.waitUntil(lambda page=page: len(page.cards) == len(Tool), timeout=PATIENCE_MS)  # type: ignore[misc]
        for tool in Tool:
            page.choose(tool)
            wrong += [f"{points} pt, {tool}: {one}" for one in settled(window)]
    assert "\n".join(wrong) == ""


@pytest.mark.slow
def test_a_verdict(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, language: str) -> None:
    modules = tuple(
        ModuleVerdict(f"model.layers.{n}.q_proj.weight", ("unchanged", "right")[n % 2], float(n % 2), 0.03, 0.0, 0.2)
        for n in range(12)
    )
    names = [one.name for one in modules if not one.is_right]
    reason = Finding(Code.MERGE_PARTIAL, Severity.ERROR, {"count": 6, "total": 12, "names": names})
    engine.found = lambda request: a_match(request, reason=reason, modules=modules)
    window = open_window()
    window.inputs.set_mode(Mode.VERIFY)
    fill_in(window)
    window.inputs.verify.merged.set_folder("/models/merged-by-some-tool")
    wait_inspected(qtbot, window)
    run_merge(qtbot, window)
    window.outcome.verdict.modules.right_ones.setChecked(True)
    wrong: list[str] = []
    for points in at_every_size(window, language):
        window.results.show_page(Page.RESULT)
        assert not window.outcome.verdict.isHidden()
        wrong += [f"{points} pt: {one}" for one in settled(window)]
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
