"""The page “Use it”: what other tools need, to copy; a Modelfile, written once and never over another."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
from folders import make_lora, make_model
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file
from window_fakes import FakeEngine, OpenWindow, a_match, a_report
from window_helpers import assert_settles, find, get_ready, run_merge

from mergedesk.deployment.codes import Tool
from mergedesk.deployment.create_in_ollama import OllamaModel, OllamaRequest
from mergedesk.domain.findings import Code, Finding, Severity, UserError
from mergedesk.domain.merge_report import MergeReport
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, MergeRequest, VerifyRequest
from mergedesk_gui.deploy.deploy_page import DeployPage
from mergedesk_gui.jobs.engine_api import engine as real_engine
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.result_context import ResultContext


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder that looks like a Llama."""
    folder = tmp_path / "merged model's 合并"
    folder.mkdir()
    shapes = {"model.embed_tokens.weight": (8, 4), "lm_head.weight": (8, 4)}
    save_file({name: numpy.zeros(shape, numpy.float16) for name, shape in shapes.items()}, folder / "model.safetensors")
    config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 8, "eos_token_id": 2}
    tokenizer = {"added_tokens": [], "normalizer": None, "model": {"type": "WordLevel", "vocab": {"</s>": 2, "a": 7}}}
    for name, content in (
        ("config.json", config), ("tokenizer.json", tokenizer), ("tokenizer_config.json", {"eos_token": "</s>"}),
    ):  # fmt: skip
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


@pytest.fixture
def merged_window(qtbot: QtBot, engine: FakeEngine, model: Path, open_window: OpenWindow) -> MainWindow:
    """A window that has just merged into ``model``."""

    def into_model(request: MergeRequest) -> MergeReport:
        return a_report(request, output=model)

    engine.outcome = into_model
    window = open_window()
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    return window


def page_of(window: MainWindow) -> DeployPage:
    return window.deploy.page


def turn_to(qtbot: QtBot, window: MainWindow, tool: Tool) -> None:
    """Open the page and wait for its answer."""
    window.results.show_page(Page.DEPLOY)
    page_of(window).choose(tool)
    qtbot.waitUntil(lambda: bool(page_of(window).cards), timeout=10_000)


def press(window: MainWindow, name: str) -> None:
    find(window, QPushButton, name).click()


def wait_for(qtbot: QtBot, is_so: Callable[[], bool]) -> None:
    qtbot.waitUntil(is_so, timeout=10_000)


@pytest.mark.slow
def test_the_folder_is_looked_at_when_somebody_turns_to_the_page(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, model: Path
) -> None:
    seen: list[tuple[Path, bool]] = []

    def looked(folder: Path) -> object:
        seen.append((folder, threading.current_thread() is threading.main_thread()))
        return real_engine().usage(folder)

    engine.outcome = lambda request: a_report(request, output=model)
    window = open_window(backend=engine.backend(usage=looked))
    window.results.show_page(Page.DEPLOY)
    assert window.results.page is Page.PREFLIGHT
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert seen == []
    turn_to(qtbot, window, Tool.TRANSFORMERS)
    window.results.show_page(Page.RESULT)
    window.results.show_page(Page.DEPLOY)
    assert seen == [(model, False)]


def test_code_goes_to_the_clipboard(qtbot: QtBot, merged_window: MainWindow, model: Path) -> None:
    turn_to(qtbot, merged_window, Tool.TRANSFORMERS)
    press(merged_window, "copyTransformersButton")
    code = QGuiApplication.clipboard().text()
    assert "AutoModelForCausalLM" in code
    assert repr(str(model)) in code
    page_of(merged_window).choose(Tool.VLLM)
    press(merged_window, "copyVllmButton")
    assert QGuiApplication.clipboard().text().startswith("vllm serve ")


@pytest.mark.slow
def test_one_tool_is_shown_at_a_time(qtbot: QtBot, merged_window: MainWindow) -> None:
    turn_to(qtbot, merged_window, Tool.OLLAMA)
    cards = page_of(merged_window).cards
    assert set(cards) == set(Tool)
    assert [tool for tool, card in cards.items() if card.isVisible()] == [Tool.OLLAMA]
    find(merged_window, QPushButton, "vllmSegment").click()
    assert [tool for tool, card in cards.items() if card.isVisible()] == [Tool.VLLM]


@pytest.mark.slow
def test_a_modelfile_is_written_once_and_replaced_only_on_a_yes(
    qtbot: QtBot, merged_window: MainWindow, model: Path
) -> None:
    target = model / "Modelfile"
    turn_to(qtbot, merged_window, Tool.OLLAMA)
    assert not target.exists()
    press(merged_window, "modelfileButton")
    wait_for(qtbot, target.exists)
    wait_for(qtbot, lambda: str(target) in page_of(merged_window).notice.plain)
    made = target.read_text(encoding="utf-8")
    assert "FROM .\n" in made
    target.write_text("mine", encoding="utf-8")
    for answer, expected in (("Keep it", "mine"), ("Replace it", made)):
        press(merged_window, "modelfileButton")
        wait_for(qtbot, lambda: question(merged_window) is not None)
        box = question(merged_window)
        assert box is not None
        next(one for one in box.buttons() if one.text() == answer).click()
        wait_for(qtbot, lambda: question(merged_window) is None)
        wait_for(qtbot, lambda expected=expected: target.read_text(encoding="utf-8") == expected)  # type: ignore[misc]


def question(window: MainWindow) -> QMessageBox | None:
    return next((box for box in window.findChildren(QMessageBox) if box.isVisible()), None)


def test_what_cannot_be_written_is_told(qtbot: QtBot, merged_window: MainWindow, model: Path) -> None:
    turn_to(qtbot, merged_window, Tool.OLLAMA)
    for file in model.iterdir():
        file.unlink()
    model.rmdir()
    press(merged_window, "modelfileButton")
    wait_for(qtbot, lambda: any(one.isVisible() for one in QApplication.topLevelWidgets() if one is not merged_window))
    next(one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not merged_window).close()


def test_a_folder_that_is_no_model_says_so(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)  # into a folder that is not there
    window.results.show_page(Page.DEPLOY)
    wait_for(qtbot, lambda: bool(page_of(window).findings))
    assert "There is no folder" in page_of(window).findings[0]
    assert page_of(window).cards == {}


def test_a_refuted_merge_is_named_first(qtbot: QtBot, window: MainWindow, model: Path) -> None:
    request = VerifyRequest(Path("/models/base"), (AdapterChoice(Path("/models/lora")),), model)
    wrong = a_match(request, reason=Finding(Code.MERGE_IS_THE_BASE, Severity.ERROR, {}))
    subject = ResultContext(request.base, request.adapters, model, verdict=wrong)
    window.result.turn_to(subject)
    window.deploy.look()
    wait_for(qtbot, lambda: bool(page_of(window).cards))
    assert not page_of(window).warning.isHidden()
    window.result.turn_to(replace(subject, verdict=a_match(request)))
    assert page_of(window).warning.isHidden()
    assert page_of(window).cards == {}
    window.result.turn_to(None)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(820, 520), (1280, 840)])
def test_nothing_is_cut_off(qtbot: QtBot, merged_window: MainWindow, size: tuple[int, int]) -> None:
    merged_window.resize(*size)
    for tool in Tool:
        turn_to(qtbot, merged_window, tool)
        assert_settles(qtbot, merged_window)


@pytest.fixture
def with_ollama(qtbot: QtBot, engine: FakeEngine, model: Path, open_window: OpenWindow) -> Callable[..., MainWindow]:
    """A window that has just merged into ``model``, where Ollama is on this computer and does what is said."""

    def usage(folder: Path) -> object:
        return replace(real_engine().usage(folder), has_ollama=True)

    def open_with(create: Callable[..., object]) -> MainWindow:
        engine.outcome = lambda request: a_report(request, output=model)
        window = open_window(backend=engine.backend(usage=usage, create_in_ollama=create))
        get_ready(qtbot, window)
        run_merge(qtbot, window)
        turn_to(qtbot, window, Tool.OLLAMA)
        return window

    return open_with


def output_of(window: MainWindow) -> str:
    return find(window, QPlainTextEdit, "ollamaOutput").toPlainText()


def test_ollama_creates_it_and_is_told_how_to_be_asked(
    qtbot: QtBot, with_ollama: Callable[..., MainWindow], model: Path
) -> None:
    asked: list[OllamaRequest] = []

    def create(request: OllamaRequest, say: Callable[[str], None], _cancel: CancelToken) -> OllamaModel:
        asked.append(request)
        say("copying file sha256:1a 100%")
        return OllamaModel("mine", "FROM .", ("success",), "ollama run mine")

    window = with_ollama(create)
    press(window, "createInOllamaButton")
    wait_for(qtbot, lambda: bool(window.findChildren(QPushButton, "copyOllamaRunButton")))
    assert asked == [OllamaRequest(model)]
    assert output_of(window) == "copying file sha256:1a 100%"
    press(window, "copyOllamaRunButton")
    assert QGuiApplication.clipboard().text() == "ollama run mine"
    page_of(window).choose(Tool.VLLM)
    assert not page_of(window).ollama.isVisible()
    page_of(window).choose(Tool.OLLAMA)
    assert page_of(window).ollama.isVisible()
    assert_settles(qtbot, window)


def test_what_ollama_refuses_is_shown_and_can_be_tried_again(
    qtbot: QtBot, with_ollama: Callable[..., MainWindow]
) -> None:
    def create(*_: object) -> object:
        raise UserError(Code.OLLAMA_FAILED, reason="could not connect")

    window = with_ollama(create)
    press(window, "createInOllamaButton")
    said = page_of(window).ollama
    wait_for(qtbot, lambda: any("could not connect" in text.text() for text in said.findChildren(QLabel)))
    assert find(window, QPushButton, "createInOllamaButton").isEnabled()


def test_ollama_can_be_stopped(qtbot: QtBot, with_ollama: Callable[..., MainWindow]) -> None:
    def create(_request: object, _say: object, cancel: CancelToken) -> object:
        while True:
            cancel.check()
            threading.Event().wait(0.01)

    window = with_ollama(create)
    press(window, "createInOllamaButton")
    stop = find(window, QPushButton, "stopOllamaButton")
    wait_for(qtbot, stop.isVisible)
    assert not find(window, QPushButton, "createInOllamaButton").isEnabled()
    stop.click()
    wait_for(qtbot, lambda: not window.deploy.runner.running)
    assert not stop.isVisible()


@pytest.mark.slow
def test_without_ollama_there_is_no_button(qtbot: QtBot, merged_window: MainWindow) -> None:
    turn_to(qtbot, merged_window, Tool.OLLAMA)
    assert not page_of(merged_window).ollama.isVisible()


def test_the_adapter_is_shown_unmerged_too(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, model: Path, tmp_path: Path
) -> None:
    base, adapter = make_model(tmp_path / "one-base"), make_lora(tmp_path / "one-lora")
    asked: list[tuple[Path, Path]] = []

    def unmerged(folder: Path, of: Path) -> object:
        asked.append((folder, of))
        return real_engine().unmerged_usage(adapter, base)

    engine.outcome = lambda request: a_report(request, output=model)
    window = open_window(backend=engine.backend(unmerged_usage=unmerged, usage=real_engine().usage))
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    window.deploy.show_context(ResultContext(base, (AdapterChoice(adapter),), model))
    turn_to(qtbot, window, Tool.VLLM)
    press(window, "useAdapterSegment")
    qtbot.waitUntil(lambda: bool(asked) and bool(page_of(window).cards), timeout=10_000)
    assert asked == [(adapter, base)]
    press(window, "copyVllmButton")
    assert f"--lora-modules one-lora={adapter}" in QGuiApplication.clipboard().text()
    assert not page_of(window).gguf.isVisible()
    press(window, "useMergedSegment")
    qtbot.waitUntil(lambda: bool(page_of(window).cards), timeout=10_000)
    assert page_of(window).gguf.isVisible()


def test_of_several_adapters_none_is_shown_unmerged(merged_window: MainWindow, model: Path) -> None:
    merged_window.results.show_page(Page.DEPLOY)
    both = (AdapterChoice(model / "a"), AdapterChoice(model / "b"))
    merged_window.deploy.show_context(ResultContext(model, both, model))
    assert not find(merged_window, QPushButton, "useAdapterSegment").isVisible()
