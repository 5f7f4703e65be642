"""What precisions keep of the adapter stands beside them, and rounding is a choice with a seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine
from window_helpers import get_ready

from mergedesk.domain.precision_advice import PrecisionAdvice
from mergedesk.domain.requests import NEAREST, CheckRequest, RoundingChoice, RoundingMode
from mergedesk.domain.weight_delta import KeptShare
from mergedesk_gui.main_window import MainWindow

OpenWindow = Callable[..., MainWindow]
ADVICE = PrecisionAdvice("bfloat16", KeptShare(0.41, 0.41, 0.99, 1.0), 1.0, 3, 3, 100)


def test_the_advice_stands_there_until_the_form_changes(qtbot: QtBot, open_window: Any) -> None:
    asked: list[CheckRequest] = []

    def advise(request: CheckRequest, _cancel: object) -> PrecisionAdvice:
        asked.append(request)
        return ADVICE

    window = open_window(backend=FakeEngine().backend(advise=advise))
    get_ready(qtbot, window)
    part = window.inputs.rounding
    qtbot.waitUntil(lambda: bool(part.advice.plain))
    assert part.advice.plain.startswith("By a sample, bfloat16 keeps 41 % of this adapter; float16 99 %")
    assert part.advice.property("tone") == "warning"
    assert not part.advice.isHidden()
    window.inputs.precision.choose("float32")
    assert part.advice.isHidden()
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert asked[1].precision == "float32"
    qtbot.waitUntil(lambda: bool(part.advice.plain))


def test_nothing_stands_there_where_nothing_is_known(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    assert window.merging.inspector.wait(5)
    assert window.inputs.rounding.advice.isHidden()


def test_rounding_and_its_seed(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    part = window.inputs.rounding
    assert window.inputs.choices.rounding == NEAREST
    assert part.seed.isHidden() or not part.seed.isVisible()
    part.mode.choose(RoundingMode.STOCHASTIC)
    part.seed.setValue(12)
    assert part.seed.isVisible()
    assert window.inputs.choices.rounding == RoundingChoice(RoundingMode.STOCHASTIC, 12)
    part.mode.choose(RoundingMode.NEAREST)
    assert window.inputs.choices.rounding == NEAREST
