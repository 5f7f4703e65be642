"""Behaviour as both fronts see it: what base, base plus adapter, and merged model answer, and whether they agree.

Everything here may be called on any thread. Bad input never raises: it comes back as findings.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .behaviour.differences import differences
from .behaviour.inputs import Inputs, forecast_of, read_inputs
from .behaviour.trial import (
    Answer,
    Ended,
    Forecast,
    OnPiece,
    Piece,
    Side,
    Step,
    Trial,
    TrialProgress,
    TrialReport,
    TrialRequest,
)
from .errors import UserError
from .findings import Finding, any_error
from .job import unexpected, warm_up
from .progress import CancelToken

if TYPE_CHECKING:
    from .behaviour.asking import Question

__all__ = ["devices", "forecast", "try_it"]

logger = logging.getLogger("mergedesk")


def devices() -> tuple[tuple[str, str], ...]:
    """What torch can compute on, as (id, name), the processor first. Imports torch: not for the window's own thread."""
    warm_up()
    from .behaviour.sides import torch_devices

    return tuple(torch_devices())


def forecast(request: TrialRequest) -> Forecast:
    """What a trial will take in memory, from headers; torch stays unimported."""
    return forecast_of(read_inputs(request))


def try_it(request: TrialRequest, on_piece: OnPiece, report: TrialReport, cancel: CancelToken) -> Trial:
    """Ask every side in turn, each model loaded, asked and freed before the next.

    ``on_piece`` gets each piece of text as it comes, on this thread. A cancelled trial comes back with the answers so
    far, the last of them cut short.
    """
    inputs = read_inputs(request)
    findings = tuple(one for one in forecast_of(inputs).findings if any_error([one]))
    if findings:
        return Trial(inputs.task, findings=findings)
    try:
        warm_up()
        return _try(inputs, _Way(on_piece, report, cancel))
    except Exception as trouble:
        return Trial(inputs.task, findings=(as_finding(trouble),))


@dataclass(frozen=True, slots=True)
class _Way:
    """How a trial talks with whoever started it."""

    on_piece: OnPiece
    report: TrialReport
    cancel: CancelToken


def _try(inputs: Inputs, way: _Way) -> Trial:
    from .behaviour.asking import ask, open_tokenizer

    asked = ask(open_tokenizer(inputs), inputs.request.prompt, inputs.task, inputs.request.use_template)
    answers: list[Answer] = []
    for side in inputs.request.sides:
        if way.cancel.cancelled:
            break
        answers.append(_answer(inputs, side, asked, way))
    said = (asked.said,) if asked.said else ()
    return Trial(inputs.task, tuple(answers), differences(answers), said)


def _answer(inputs: Inputs, side: Side, asked: Question, way: _Way) -> Answer:
    """One side's answer, or what stopped it: the others are asked all the same."""
    from .behaviour.answering import generate
    from .behaviour.sides import loaded

    way.report(TrialProgress(Step.LOADING, side))
    started = time.perf_counter()
    try:
        with loaded(inputs, side) as one:
            load_seconds = time.perf_counter() - started
            way.report(TrialProgress(Step.ANSWERING, side))
            limit = inputs.request.max_new_tokens
            answer = generate(one, asked, limit, lambda text: way.on_piece(Piece(side, text)), way.cancel)
            return replace(answer, load_seconds=load_seconds, class_name=one.class_name, loaded_as=one.loaded_as)
    except Exception as trouble:
        return Answer(side, ended=Ended.FAILED, trouble=as_finding(trouble))


def as_finding(trouble: Exception) -> Finding:
    """Whatever stopped a trial, in a form that has a sentence."""
    if isinstance(trouble, UserError):
        return trouble.finding()
    logger.exception("The trial stopped unexpectedly.")
    return unexpected(trouble)
