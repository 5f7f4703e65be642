"""How fast merged and unmerged model answer, measured in turn so that both meet the same machine."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median

from ..domain.progress import CancelToken
from .build_inputs import Question
from .generate import generate
from .load_model import LoadedModel, loaded
from .trial import Answer, Side, SideSpeed, Speed, TrialProgress, TrialReport, TrialStep
from .trial_inputs import TrialInputs

_SIDES = (Side.UNMERGED, Side.MERGED)
_WARM_UP_TOKENS = 2


def measure_rounds(
    inputs: TrialInputs,
    question: Question,
    tokens: int,
    rounds: int,
    at_once: bool,
    report: TrialReport,
    cancel: CancelToken,
) -> Speed:
    """``rounds`` times ``tokens`` tokens of each side, unmerged and merged by turns, after a short one to warm up.

    With ``at_once`` both models stay loaded; otherwise each is loaded for its turn. Raises Cancelled, UserError.
    """
    taken: dict[Side, list[Answer]] = {side: [] for side in _SIDES}
    with ExitStack() as kept:
        held = {side: kept.enter_context(loaded(inputs, side)) for side in _SIDES} if at_once else {}
        for number in range(rounds):
            for side in _SIDES:
                report(TrialProgress(TrialStep.MEASURING, side, number, rounds))
                with ExitStack() as turn:
                    model = held.get(side) or turn.enter_context(loaded(inputs, side))
                    taken[side].append(_timed(model, question, tokens, number == 0 or not at_once, cancel))
    unmerged, merged = (_speed(side, taken[side]) for side in _SIDES)
    return Speed(unmerged, merged, rounds, question.length, one_at_a_time=not at_once)


def _timed(loaded_model: LoadedModel, question: Question, tokens: int, warm_up: bool, cancel: CancelToken) -> Answer:
    cancel.check()
    if warm_up:
        generate(loaded_model, question, _WARM_UP_TOKENS, lambda _: None, cancel, exactly=True)
    answer = generate(loaded_model, question, tokens, lambda _: None, cancel, exactly=True)
    cancel.check()
    return answer


def _speed(side: Side, answers: Sequence[Answer]) -> SideSpeed:
    return SideSpeed(
        side,
        tokens_per_second=median(answer.tokens_per_second or 0.0 for answer in answers),
        first_token_seconds=median(answer.first_token_seconds or 0.0 for answer in answers),
        tokens=answers[0].tokens,
    )
