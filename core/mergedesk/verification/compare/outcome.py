"""What became of one targeted tensor, told from its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .statistics import TensorStatistics

# Rounding leaves about 1; adding D in several rounded steps, a few times that.
_ROUNDING_ROOM = 6.0
# What 16-bit arithmetic loses of a delta, relative to it: 2^-8 for each of a few steps.
_IMPRECISE_SHARE = 0.02
# A share of elements that may miss by rounding ties and float32 sums.
_NEARLY_ALL = 0.999
_SURE = 4.0


class TensorOutcome(StrEnum):
    """What a targeted tensor turned out to be."""

    RIGHT = "right"
    ROUNDED_TWICE = "rounded_twice"
    ROUNDED_IN_TURN = "rounded_in_turn"
    IMPRECISE = "imprecise"
    UNCHANGED = "unchanged"
    PARTLY = "partly"
    SCALED = "scaled"
    NOT_FINITE = "not_finite"
    OTHER = "other"


AS_IT_SHOULD = frozenset(
    {TensorOutcome.RIGHT, TensorOutcome.ROUNDED_TWICE, TensorOutcome.ROUNDED_IN_TURN, TensorOutcome.IMPRECISE}
)


@dataclass(frozen=True, slots=True)
class Told:
    """A story, and how many times the delta was added where that is known."""

    story: TensorOutcome
    factor: float = 1.0


def outcome_of(evidence: TensorStatistics) -> Told:
    """The story of one tensor, or of all tensors of one kind together."""
    enough = _NEARLY_ALL * evidence.elements
    if evidence.not_finite:
        return Told(TensorOutcome.NOT_FINITE)
    if evidence.exact >= enough and evidence.right == evidence.elements:
        return Told(TensorOutcome.RIGHT)
    if evidence.unchanged == evidence.elements:
        return Told(TensorOutcome.UNCHANGED, 0.0)
    if evidence.twice >= enough and not evidence.astray:
        return Told(TensorOutcome.ROUNDED_TWICE)
    if evidence.stepwise >= enough and not evidence.astray:
        return Told(TensorOutcome.ROUNDED_IN_TURN)
    return _by_size(evidence)


def _by_size(evidence: TensorStatistics) -> Told:
    near = _is_near_one(evidence)
    if evidence.right == evidence.elements and near:
        return Told(TensorOutcome.RIGHT)
    explained = evidence.left_over <= _ROUNDING_ROOM * evidence.rounding
    sloppy = evidence.left_over <= _IMPRECISE_SHARE**2 * evidence.delta + _ROUNDING_ROOM * evidence.rounding
    if near and sloppy and not evidence.astray:
        return Told(TensorOutcome.IMPRECISE)
    if (explained or sloppy) and not near:
        return Told(TensorOutcome.SCALED, evidence.factor)
    partly = not evidence.neither and min(evidence.right, evidence.unchanged) > 0
    return Told(TensorOutcome.PARTLY if partly else TensorOutcome.OTHER, evidence.factor)


def _is_near_one(evidence: TensorStatistics) -> bool:
    """Whether D was added once, seen from a right result, which rounding may have brought nearer to W."""
    room = max(_SURE * evidence.factor_error, _IMPRECISE_SHARE)
    return min(abs(evidence.factor - 1.0), abs(evidence.factor - evidence.due_factor)) <= room
