"""What became of one targeted tensor, told from its statistics."""

from __future__ import annotations

import math
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
# Values that float32 sums may bring to the other side of a tie.
_FEW = 2.0


class TensorOutcome(StrEnum):
    """What a targeted tensor turned out to be."""

    RIGHT = "right"
    ROUNDED_TWICE = "rounded_twice"
    ROUNDED_IN_TURN = "rounded_in_turn"
    ROUNDED_BY_CHANCE = "rounded_by_chance"
    IMPRECISE = "imprecise"
    WITHIN_STEP = "within_step"
    UNCHANGED = "unchanged"
    PARTLY = "partly"
    SCALED = "scaled"
    NOT_FINITE = "not_finite"
    OTHER = "other"


AS_IT_SHOULD = frozenset(
    {
        TensorOutcome.RIGHT,
        TensorOutcome.ROUNDED_TWICE,
        TensorOutcome.ROUNDED_IN_TURN,
        TensorOutcome.ROUNDED_BY_CHANCE,
        TensorOutcome.IMPRECISE,
        TensorOutcome.WITHIN_STEP,
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """An outcome, and how many times the delta was added where that is known."""

    outcome: TensorOutcome
    factor: float = 1.0


def outcome_of(statistics: TensorStatistics) -> Told:
    """The outcome of one tensor, or of all tensors of one kind together."""
    enough = _NEARLY_ALL * statistics.elements
    if statistics.not_finite:
        return Told(TensorOutcome.NOT_FINITE)
    if statistics.exact >= enough and statistics.right == statistics.elements:
        return Told(TensorOutcome.RIGHT)
    if statistics.unchanged == statistics.elements:
        return Told(TensorOutcome.UNCHANGED, 0.0)
    if statistics.twice >= enough and not statistics.astray:
        return Told(TensorOutcome.ROUNDED_TWICE)
    if statistics.stepwise >= enough and not statistics.astray:
        return Told(TensorOutcome.ROUNDED_IN_TURN)
    if is_drawn(statistics) or (_is_by_chance(statistics) and not _may_be_twice(statistics)):
        return Told(TensorOutcome.ROUNDED_BY_CHANCE)
    return _by_size(statistics)


def is_drawn(statistics: TensorStatistics) -> bool:
    """Whether it is what the seed that was stated draws."""
    return statistics.drawn >= _NEARLY_ALL * statistics.elements and statistics.right == statistics.elements


def _is_by_chance(statistics: TensorStatistics) -> bool:
    """Whether values are rounded up or down as often as each is near, so that D is there on average."""
    if statistics.right < statistics.elements or not statistics.away_room:
        return False
    usual = abs(statistics.away - statistics.away_due) <= _SURE * math.sqrt(statistics.away_room) + _FEW
    return usual and abs(statistics.factor - 1.0) <= _SURE * statistics.lucky_error + _IMPRECISE_SHARE


def _may_be_twice(statistics: TensorStatistics) -> bool:
    """Whether W was perhaps rounded before D was added: what that takes off W spreads M just as chance would."""
    finer = 2 * statistics.finer > statistics.elements
    return finer and statistics.right == statistics.elements and _is_near_one(statistics)


def _by_size(statistics: TensorStatistics) -> Told:
    near = _is_near_one(statistics)
    if statistics.right == statistics.elements and near:
        return Told(TensorOutcome.RIGHT)
    explained = statistics.left_over <= _ROUNDING_ROOM * statistics.rounding
    sloppy = statistics.left_over <= _IMPRECISE_SHARE**2 * statistics.delta + _ROUNDING_ROOM * statistics.rounding
    if near and sloppy and not statistics.astray:
        return Told(TensorOutcome.IMPRECISE)
    if (explained or sloppy) and not near:
        return Told(TensorOutcome.SCALED, statistics.factor)
    partly = not statistics.neither and min(statistics.right, statistics.unchanged) > 0
    return Told(TensorOutcome.PARTLY if partly else TensorOutcome.OTHER, statistics.factor)


def _is_near_one(statistics: TensorStatistics) -> bool:
    """Whether D was added once, seen from a right result, which rounding may have brought nearer to W."""
    room = max(_SURE * statistics.factor_error, _IMPRECISE_SHARE)
    return min(abs(statistics.factor - 1.0), abs(statistics.factor - statistics.due_factor)) <= room
