"""The engine's functions for trying a merge out, gathered so that tests can put others in their place."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .quiet_imports import importing_quietly

if TYPE_CHECKING:
    from mergedesk.domain.progress import CancelToken
    from mergedesk.inference.logits_comparison import LogitsComparison
    from mergedesk.inference.trial import Forecast, OnPiece, Speed, Trial, TrialReport, TrialRequest


def _forecast(request: TrialRequest) -> Forecast:
    from mergedesk.pipelines.trial import forecast

    return forecast(request)


def _devices() -> Sequence[tuple[str, str]]:
    _import_models()
    from mergedesk.pipelines.trial import devices

    return devices()


def _try_it(request: TrialRequest, on_piece: OnPiece, report: TrialReport, cancel: CancelToken) -> Trial:
    _import_models()
    from mergedesk.pipelines.trial import try_it

    return try_it(request, on_piece, report, cancel)


def _compare_logits(
    request: TrialRequest, prompts: Sequence[str], report: TrialReport, cancel: CancelToken
) -> LogitsComparison:
    _import_models()
    from mergedesk.pipelines.trial import compare_logits

    return compare_logits(request, prompts, report, cancel)


def _measure_speed(request: TrialRequest, report: TrialReport, cancel: CancelToken) -> Speed:
    _import_models()
    from mergedesk.pipelines.trial import measure_speed

    return measure_speed(request, report, cancel)


def _import_models() -> None:
    if "peft" in sys.modules:
        return
    from mergedesk.pipelines.merge import warm_up

    with importing_quietly():
        warm_up()


@dataclass(frozen=True, slots=True)
class TrialBackend:
    """What the page asks of the engine. All of it is called off the GUI thread; each part is imported at its call."""

    forecast: Callable[[TrialRequest], Forecast] = _forecast
    devices: Callable[[], Sequence[tuple[str, str]]] = _devices
    try_it: Callable[[TrialRequest, OnPiece, TrialReport, CancelToken], Trial] = _try_it
    compare_logits: Callable[[TrialRequest, Sequence[str], TrialReport, CancelToken], LogitsComparison] = (
        _compare_logits
    )
    measure_speed: Callable[[TrialRequest, TrialReport, CancelToken], Speed] = _measure_speed
