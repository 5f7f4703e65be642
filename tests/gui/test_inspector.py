"""Inspecting folders off the GUI thread."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, a_model, inspect_folder
from window_helpers import ADAPTER, BASE

from mergedesk.domain.folder_info import FolderInfo
from mergedesk.domain.requests import AdapterChoice
from mergedesk_gui.jobs.engine_api import EngineApi
from mergedesk_gui.merge.inspector import Inspector
from mergedesk_gui.state.form import Form
from mergedesk_gui.state.inspection import Inspection, inspect

BOTH = Form(base=BASE, adapters=(AdapterChoice(ADAPTER),))
PATIENCE_MS = 3000


def heard_by(inspector: Inspector) -> list[Inspection]:
    heard: list[Inspection] = []
    inspector.inspected.connect(heard.append)
    return heard


def wait_complete(qtbot: QtBot, heard: list[Inspection]) -> Inspection:
    qtbot.waitUntil(lambda: bool(heard) and heard[-1].complete, timeout=PATIENCE_MS)
    return heard[-1]


@pytest.mark.slow
def test_the_folders_come_first_and_the_rest_after(qtbot: QtBot, engine: FakeEngine) -> None:
    inspector = Inspector(engine.backend())
    heard = heard_by(inspector)
    inspector.ask(BOTH)
    complete = wait_complete(qtbot, heard)
    assert [one.complete for one in heard] == [False, True]
    assert heard[0].base is not None
    assert heard[0].preflight is None
    assert complete.preflight is not None
    assert complete.output == Path("/models/Llama-3.2-1B-Instruct-pirate-lora-merged")


@pytest.mark.slow
def test_typing_quickly_inspects_once(qtbot: QtBot) -> None:
    looked_at: list[Path] = []

    def recording(folder: Path) -> FolderInfo:
        looked_at.append(folder)
        return inspect_folder(folder)

    inspector = Inspector(FakeEngine().backend(inspect_folder=recording))
    heard = heard_by(inspector)
    for length in range(1, 8):
        inspector.ask(Form(base=Path("/models"[:length])))
        qtbot.wait(10)
    wait_complete(qtbot, heard)
    assert looked_at == [Path("/models")]


@pytest.mark.slow
def test_only_the_latest_choice_counts(qtbot: QtBot) -> None:
    go_on = threading.Event()

    def slow_drive(folder: Path) -> FolderInfo:
        if folder.name == "slow":
            go_on.wait(5)
        return a_model(folder)

    inspector = Inspector(FakeEngine().backend(inspect_folder=slow_drive))
    heard = heard_by(inspector)
    inspector.ask_at_once(Form(base=Path("/slow")))
    inspector.ask_at_once(Form(base=Path("/quick")))
    wait_complete(qtbot, heard)
    go_on.set()
    qtbot.wait(100)
    assert {one.choices.base for one in heard} == {Path("/quick")}, "a slow answer came after a newer one"


def test_a_stale_answer_about_the_same_folders_is_dropped(qtbot: QtBot) -> None:
    answers = [threading.Event(), threading.Event()]
    sizes = iter((1, 2))

    def changing(folder: Path) -> FolderInfo:
        size = next(sizes)
        answers[size - 1].wait(5)
        return a_model(folder, bytes=size)

    inspector = Inspector(FakeEngine().backend(inspect_folder=changing))
    heard = heard_by(inspector)
    inspector.ask_at_once(Form(base=BASE))
    qtbot.wait(50)
    inspector.ask_at_once(Form(base=BASE))
    answers[1].set()
    wait_complete(qtbot, heard)
    answers[0].set()
    qtbot.wait(100)
    assert {one.base.bytes for one in heard if one.base} == {2}


@pytest.mark.slow
@pytest.mark.alone
def test_a_hanging_drive_never_stops_the_event_loop(qtbot: QtBot) -> None:
    go_on = threading.Event()

    def hanging(folder: Path) -> FolderInfo:
        go_on.wait(5)
        return a_model(folder)

    inspector = Inspector(FakeEngine().backend(inspect_folder=hanging))
    inspector.ask_at_once(Form(base=BASE))
    before = time.monotonic()
    qtbot.wait(50)
    assert time.monotonic() - before < 0.5
    assert not inspector.wait(0.01)
    go_on.set()
    assert inspector.wait(2)


def test_an_unforeseen_error_is_delivered_and_not_lost(qtbot: QtBot) -> None:
    def broken(_folder: Path) -> FolderInfo:
        raise ZeroDivisionError("in the middle of it")

    inspector = Inspector(FakeEngine().backend(inspect_folder=broken))
    heard = heard_by(inspector)
    inspector.ask(Form(base=BASE))
    complete = wait_complete(qtbot, heard)
    assert complete.failure is not None
    assert "in the middle of it" in complete.failure.details


def test_an_inspector_may_be_destroyed_while_it_works(qtbot: QtBot) -> None:
    go_on = threading.Event()

    def hanging(folder: Path) -> FolderInfo:
        go_on.wait(5)
        return a_model(folder)

    inspector = Inspector(FakeEngine().backend(inspect_folder=hanging))
    heard = heard_by(inspector)
    inspector.ask_at_once(Form(base=BASE))
    inspector.deleteLater()
    del inspector
    qtbot.wait(20)
    go_on.set()
    qtbot.wait(50)
    assert heard == []


def inspected(backend: EngineApi, choices: Form) -> Inspection:
    delivered: list[Inspection] = []
    inspect(backend, choices, delivered.append)
    return delivered[-1]


def test_an_adapter_alone_looks_for_its_base() -> None:
    engine = FakeEngine(base_found=BASE)
    alone = Form(adapters=(AdapterChoice(ADAPTER),))
    assert inspected(engine.backend(), alone).found_base == BASE
    assert inspected(engine.backend(), BOTH).found_base is None


@pytest.mark.parametrize("chosen", [None, Path("/elsewhere/mine")])
def test_the_preflight_is_asked_about_the_output_that_will_be_used(chosen: Path | None) -> None:
    asked: list[Path | None] = []
    engine = FakeEngine()
    real = engine.backend()

    def check(request):  # type: ignore[no-untyped-def]
        asked.append(request.output)
        return real.check(request)

    choices = Form(BASE, (AdapterChoice(ADAPTER),), chosen)
    found = inspected(engine.backend(check=check), choices)
    assert asked == [found.output]
    assert found.output == (chosen or Path("/models/Llama-3.2-1B-Instruct-pirate-lora-merged"))
