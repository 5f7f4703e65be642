"""Behaviour as both fronts see it: what base, base plus adapter, and merged model answer, and whether they agree.

Everything here may be called on any thread. Bad input never raises: it comes back as findings.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..domain.findings import Code, Finding, Severity, UserError, error, errors_of, info
from ..domain.progress import Cancelled, CancelToken
from ..inference.differences import differences
from ..inference.logits_comparison import LogitsComparison, judge
from ..inference.prompts import BUILT_IN
from ..inference.trial import (
    Answer,
    Ended,
    Forecast,
    OnPiece,
    Piece,
    Side,
    Speed,
    Trial,
    TrialProgress,
    TrialReport,
    TrialRequest,
    TrialStep,
)
from ..inference.trial_inputs import TrialInputs, findings_of, forecast_of, read_inputs, sides_to_scatter
from ..support.failures import logged
from .warm_up import warm_up

if TYPE_CHECKING:
    from ..inference.build_inputs import Question
    from ..inference.kept_model import KeptModel


_PAIRS = ((Side.MERGED, Side.UNMERGED), (Side.MERGED, Side.BASE), (Side.UNMERGED, Side.BASE))


def devices() -> tuple[tuple[str, str], ...]:
    """What torch can compute on, as (id, name), the processor first. Imports torch: not for the window's own thread."""
    warm_up()
    from ..inference.load_model import torch_devices

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
    findings = errors_of(forecast_of(inputs).findings)
    if findings:
        return Trial(inputs.task, findings=findings)
    try:
        warm_up()
        return _try(inputs, _Way(on_piece, report, cancel))
    except Exception as trouble:
        return Trial(inputs.task, findings=(logged(trouble, "trial", Code.TRIAL_FAILED),))


@dataclass(frozen=True, slots=True)
class _Way:
    """How a trial talks with whoever started it."""

    on_piece: OnPiece
    report: TrialReport
    cancel: CancelToken


def _try(inputs: TrialInputs, way: _Way, kept: KeptModel | None = None) -> Trial:
    from ..inference.build_inputs import ask, open_asker

    asked = ask(open_asker(inputs), inputs.request.prompt, inputs.request.use_template)
    answers: list[Answer] = []
    for side in inputs.request.sides:
        if way.cancel.cancelled:
            break
        answers.append(_answer(inputs, side, asked, way, kept))
    said = (asked.said,) if asked.said else ()
    return Trial(inputs.task, tuple(answers), differences(answers), said)


def _answer(inputs: TrialInputs, side: Side, asked: Question, way: _Way, kept: KeptModel | None) -> Answer:
    """One side's answer, or what stopped it: the others are asked all the same."""
    from ..inference.generate import answer
    from ..inference.load_model import loaded

    way.report(TrialProgress(TrialStep.LOADING, side))
    started = time.perf_counter()
    try:
        with nullcontext(kept.at(inputs)) if kept else loaded(inputs, side) as loaded_model:
            load_seconds = time.perf_counter() - started
            way.report(TrialProgress(TrialStep.ANSWERING, side))
            limit = inputs.request.max_new_tokens
            made = answer(loaded_model, asked, limit, lambda text: way.on_piece(Piece(side, text)), way.cancel)
            name, loaded_as = loaded_model.class_name, loaded_model.loaded_as
            return replace(made, load_seconds=load_seconds, class_name=name, loaded_as=loaded_as)
    except Exception as trouble:
        if kept:
            kept.let_go()
        return Answer(side, ended=Ended.FAILED, trouble=logged(trouble, "trial", Code.TRIAL_FAILED))


def try_strength(
    request: TrialRequest, on_piece: OnPiece, report: TrialReport, cancel: CancelToken, kept: KeptModel
) -> Trial:
    """Ask base plus adapters alone, at the request's strengths. The model stays in ``kept`` for the next question."""
    inputs = read_inputs(replace(request, sides=(Side.UNMERGED,)))
    findings = errors_of(findings_of(inputs) if kept.holds(inputs) else forecast_of(inputs).findings)
    if findings:
        return Trial(inputs.task, findings=findings)
    try:
        warm_up()
        return _try(inputs, _Way(on_piece, report, cancel), kept)
    except Exception as trouble:
        return Trial(inputs.task, findings=(logged(trouble, "trial", Code.TRIAL_FAILED),))


def why_one_strength(request: TrialRequest) -> Finding | None:
    """Why the adapters of a request can only be had as they were trained; None where their strengths can be others."""
    asked = replace(request, merged=None, sides=(Side.UNMERGED,))
    trained, halved = (
        replace(asked, adapters=tuple(replace(adapter, weight=weight) for adapter in asked.adapters))
        for weight in (1.0, 0.5)
    )
    if findings_of(read_inputs(trained)):
        return None  # they do not fit at all, which is another matter
    inputs = read_inputs(halved)
    errors = findings_of(inputs)
    if any(finding.code is Code.SEVERAL_NEED_STREAMING for finding in errors) and len(request.adapters) == 1:
        kinds = sorted({resolved.adapter.peft_type for resolved in inputs.prepared.mapped})
        return info(Code.TRIAL_ONE_STRENGTH, methods=kinds)
    return errors[0] if errors else None


def compare_logits(
    request: TrialRequest, prompts: Sequence[str], report: TrialReport, cancel: CancelToken
) -> LogitsComparison:
    """Compare the sides' outputs on built-in questions and ``prompts``, and say whether a difference is rounding.

    Raises Cancelled.
    """
    started = time.perf_counter()
    inputs = read_inputs(request)
    findings = errors_of(forecast_of(inputs).findings)
    if findings:
        return LogitsComparison(inputs.task, findings=findings)
    try:
        warm_up()
        made = _compare(inputs, prompts, report, cancel)
    except Cancelled:
        raise
    except Exception as trouble:
        made = LogitsComparison(inputs.task, findings=(logged(trouble, "trial", Code.TRIAL_FAILED),))
    return replace(made, seconds=time.perf_counter() - started)


def _compare(inputs: TrialInputs, prompts: Sequence[str], report: TrialReport, cancel: CancelToken) -> LogitsComparison:
    from ..inference.build_inputs import ask, noise_questions, open_asker
    from ..inference.rounding_probe import Comparer

    asker, use_template = open_asker(inputs), inputs.request.use_template
    asked = [*BUILT_IN, *((prompt, "") for prompt in prompts)]
    questions = noise_questions(asker) or [ask(asker, prompt, use_template, reply) for prompt, reply in asked]
    comparer, findings = Comparer(inputs, questions, report, cancel), list[Finding]()
    scattered = sides_to_scatter(inputs)
    for side in (Side.UNMERGED, Side.BASE, Side.MERGED):
        if side in inputs.request.sides:
            try:
                comparer.take(side, perturbed=side in scattered)
            except UserError as trouble:
                if side is not Side.BASE:
                    raise
                findings.append(replace(trouble.finding(), severity=Severity.WARNING))
    gaps = tuple(sorted(comparer.gaps, key=lambda gap: _PAIRS.index((gap.one, gap.other))))
    rounding = comparer.rounding
    reason = judge(gaps, rounding)
    return LogitsComparison(inputs.task, gaps, rounding, reason, tuple(findings), len(questions))


def measure_speed(
    request: TrialRequest, report: TrialReport, cancel: CancelToken, rounds: int = 3, tokens: int = 32
) -> Speed:
    """Tokens a second and the time to the first one, of unmerged and merged model in turn. Raises Cancelled."""
    inputs = read_inputs(replace(request, sides=(Side.UNMERGED, Side.MERGED)))
    forecast = forecast_of(inputs)
    findings = errors_of(forecast.findings)
    if not findings and not inputs.task.makes_tokens:
        findings = (error(Code.TRIAL_NO_TEXT_TO_TIME),)
    if findings:
        return Speed(findings=findings)
    try:
        warm_up()
        return _measure(inputs, forecast.at_once, (tokens, rounds), report, cancel)
    except Cancelled:
        raise
    except Exception as trouble:
        return Speed(findings=(logged(trouble, "trial", Code.TRIAL_FAILED),))


def _measure(
    inputs: TrialInputs, at_once: bool, how_much: tuple[int, int], report: TrialReport, cancel: CancelToken
) -> Speed:
    from ..inference.build_inputs import ask, open_asker
    from ..inference.speed import measure_rounds

    prompt = inputs.request.prompt or BUILT_IN[0][0]
    question = ask(open_asker(inputs), prompt, inputs.request.use_template)
    return measure_rounds(inputs, question, *how_much, at_once, report, cancel)
