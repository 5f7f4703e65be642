"""Numbers stand in the window as its language writes them: in German with a comma, wherever they come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from library_samples import LIBRARY
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLabel, QTableView, QWidget
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_report
from window_helpers import PATIENCE_MS, get_ready, run_merge, wait_inspected

from mergedesk.domain.merge_report import MergeReport
from mergedesk.domain.requests import MergeRequest
from mergedesk.domain.weight_delta import KeptShare, ModuleDelta, WeightDelta
from mergedesk.inference.trial import Score
from mergedesk_gui import renewal
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.preferences import Preferences
from mergedesk_gui.state.settings import Settings
from mergedesk_gui.text.numbers import human_bytes
from mergedesk_gui.text.trial_text import score_text
from mergedesk_gui.widgets.strength_field import StrengthSpin

_WITH_POINT = re.compile(r"(?<![\w.,-])\d+\.\d+(?![\w.-])")
_WITH_COMMA = re.compile(r"(?<![\w.,-])\d+,\d+(?![\w.-])")


@pytest.fixture
def german(dressed: QApplication) -> Iterator[None]:
    renewal.wear(Preferences(language="de"))
    yield
    renewal.wear(replace(Preferences(), language="en"))
    dressed.setProperty("mergedesk-language", "")


def texts(root: QWidget) -> Iterator[str]:
    """All that can be read in ``root``."""
    for label in root.findChildren(QLabel):
        yield from (label.text(), label.toolTip())
    for spin in root.findChildren(QAbstractSpinBox):
        yield spin.text()
    for combo in root.findChildren(QComboBox):
        yield from (combo.itemText(number) for number in range(combo.count()))
    for table in root.findChildren(QTableView):
        model = table.model()
        for row in range(model.rowCount()):
            for column in range(model.columnCount()):
                yield str(model.index(row, column).data(Qt.ItemDataRole.DisplayRole) or "")


def effect(request: MergeRequest) -> MergeReport:
    modules = [
        ModuleDelta(f"model.layers.{n}.mlp.up_proj.weight", 10.0, 0.1, 0.0125, KeptShare(0.71, 0.71, 0.99, 1.0))
        for n in (0, 1)
    ]
    return a_report(request, effect=WeightDelta(tuple(modules), "bfloat16"))


@pytest.mark.slow
@pytest.mark.usefixtures("german")
def test_every_page_in_german(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, settings: Settings) -> None:
    engine.outcome, engine.library = effect, LIBRARY
    settings.preferences = Preferences(language="de")
    window = open_window()
    get_ready(qtbot, window)
    window.inputs.adapters.add()
    window.inputs.adapters.rows[1].set_folder("/models/second-lora")
    window.inputs.adapters.rows[0].strength.setValue(0.7)
    wait_inspected(qtbot, window)
    run_merge(qtbot, window)
    window.queue.hold()
    window.queue.add([replace(engine.requests[0], output=Path("/models/later"))])
    for page in Page:
        window.results.show_page(page)
        if page is Page.LIBRARY:
            qtbot.waitUntil(lambda: not window.library.looking, timeout=PATIENCE_MS)
    said = list(texts(window))
    assert [one for one in said if _WITH_POINT.search(one)] == []
    assert sum(bool(_WITH_COMMA.search(one)) for one in said) > 12
    assert any("0,7 × pirate-lora" in one for one in said)


@pytest.mark.usefixtures("german")
def test_numbers_of_trials_and_small_files() -> None:
    assert score_text(Score("gut", 0.4567, "Mira")) == "Mira: gut 45,7 %"
    assert human_bytes(877) == "877 Bytes"


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("typed", ["0,75", "0.75"])
def test_a_strength_is_shown_with_a_comma_and_typed_with_either(qtbot: QtBot, typed: str) -> None:
    spin = StrengthSpin(10.0)
    qtbot.addWidget(spin)
    assert spin.text() == "1,00"
    spin.lineEdit().setText(typed)
    spin.interpretText()
    assert spin.strength == 0.75
    assert spin.text() == "0,75"
    spin.stepUp()
    assert spin.text() == "0,80"
