"""An adapter that was trained on another one: that one is a click away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, check
from window_helpers import find, get_ready, wait_inspected

from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.domain.requests import AdapterChoice, CheckRequest
from mergedesk.planning.preflight import Preflight
from mergedesk_gui.state.chain import EarlierAdapter, with_earlier

EARLIER = Path("/models/sft-lora")


def trained_on_another(request: CheckRequest) -> Preflight:
    """That is said as long as the earlier one is not given."""
    known, given = check(request), [choice.folder for choice in request.adapters]
    data = {"adapter": given[-1].name, "path": str(EARLIER)}
    said = () if EARLIER in given else (Finding(Code.ADAPTER_ON_ADAPTER, Severity.WARNING, data),)
    return replace(known, findings=(*known.findings, *said))


def test_the_earlier_adapter_is_added_before_the_later(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    window = open_window(backend=engine.backend(check=trained_on_another))
    get_ready(qtbot, window)
    [later] = window.inputs.adapters.choices
    button = find(window, QPushButton, "addEarlierButton")
    assert button.accessibleDescription() == str(EARLIER)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_inspected(qtbot, window)
    assert window.inputs.adapters.choices == (AdapterChoice(EARLIER), later)
    assert window.results.preflight.findings.findChildren(QPushButton, "addEarlierButton") == []


def test_its_place_among_several() -> None:
    first, later = AdapterChoice(Path("/models/style")), AdapterChoice(Path("/models/dpo"), 0.5)
    added = with_earlier((first, later), EarlierAdapter(EARLIER, "dpo"))
    assert added == (first, AdapterChoice(EARLIER), later)
