"""Models' outputs compared number by number, and what that tells: a real difference, or rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..domain.findings import Code, Data, Finding, error, info, warning
from ..domain.json_objects import as_json, json_object, six_digits
from .trial import AnswerKind, Side

# What rounding leaves was measured at 1.1 to 1.7 times the rounding that is tried out, for right merges in float32,
# bfloat16 and float16; an adapter at half strength at 200 times, in bfloat16.
ROUNDING_FACTOR = 4.0


class Measure(StrEnum):
    """``kl``: the Kullback-Leibler divergence of two places' distributions, in nats. ``relative``: ‖a−b‖²/‖a‖²."""

    KL = "kl"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class Gap:
    """How far ``one``'s outputs are from ``other``'s over all places of all prompts.

    ``largest`` is the largest difference of two outputs (of a logit, where there are any); ``mean`` and ``worst`` are
    the measure over places; ``agreement`` is the share of places with the same likeliest class, None without classes.
    """

    one: Side
    other: Side
    measure: Measure
    places: int
    largest: float
    mean: float
    worst: float
    agreement: float | None


@dataclass(frozen=True, slots=True)
class LogitsComparison:
    """A finished comparison. ``reason`` is an error exactly where the merged model behaves otherwise than it should.

    ``gaps``: merged against unmerged, merged against base, unmerged against base, as far as they could be asked.
    ``rounding``: the merged model against itself with every twelfth weight moved to its neighbour in the stored
    precision, which scatters weights as much as rounding them does (uniform rounding has a variance of 1/12 of a step
    squared), and lets everything after it round anew; None where memory was too short for it.
    """

    task: AnswerKind
    gaps: tuple[Gap, ...] = ()
    rounding: Gap | None = None
    reason: Finding | None = None
    findings: tuple[Finding, ...] = ()
    prompts: int = 0
    seconds: float = 0.0

    def gap(self, side: Side, other: Side) -> Gap | None:
        """The gap between two sides."""
        return next((gap for gap in self.gaps if (gap.one, gap.other) == (side, other)), None)


def judge(gaps: Sequence[Gap], rounding: Gap | None) -> Finding | None:
    """What the gaps tell; None where merged and unmerged model were not both asked."""
    of = {(gap.one, gap.other): gap for gap in gaps}
    apart = of.get((Side.MERGED, Side.UNMERGED))
    if apart is None:
        return None
    effect, from_base = of.get((Side.UNMERGED, Side.BASE)), of.get((Side.MERGED, Side.BASE))
    data = _data(apart, effect, rounding)
    if rounding is None:
        return warning(Code.LOGITS_UNJUDGED, **data)
    limit = ROUNDING_FACTOR * rounding.mean
    if effect and effect.mean <= limit:
        # The adapter changes nothing that could be told from rounding; a merged model may still be another one.
        return warning(Code.LOGITS_ADAPTER_SILENT, **data) if apart.mean <= limit else error(Code.LOGITS_DIFFER, **data)
    if apart.mean <= limit:
        return info(Code.LOGITS_WITHIN_ROUNDING, **data)
    if from_base and from_base.mean <= limit:
        return error(Code.LOGITS_MERGED_IS_BASE, **data)
    return error(Code.LOGITS_DIFFER, **data)


def _data(apart: Gap, effect: Gap | None, rounding: Gap | None) -> dict[str, Data]:
    return {
        "places": apart.places,
        "largest": short(apart.largest),
        "mean": short(apart.mean),
        "worst": short(apart.worst),
        "agreement": share(apart.agreement),
        "effect": short(effect.mean) if effect else None,
        "rounding": short(rounding.mean) if rounding else None,
        "measure": apart.measure.value,
    }


def short(value: float) -> float:
    """Three digits of it."""
    return float(f"{value:.3g}")


def share(value: float | None) -> str:
    """A share as people read it."""
    return "—" if value is None else f"{value:.1%}"


def comparison_json(made: LogitsComparison) -> dict[str, Data]:
    """What ``verify --logits --json`` prints under ``logits``."""
    gaps = [_gap_json(gap) for gap in made.gaps]
    rounding = _gap_json(made.rounding) if made.rounding else None
    keys = ("task", "gaps", "rounding", "prompts", "seconds")
    return json_object(made, *keys, gaps=gaps, rounding=rounding, seconds=round(made.seconds, 3))


def _gap_json(gap: Gap) -> dict[str, Data]:
    agreement = None if gap.agreement is None else round(gap.agreement, 6)
    return {**six_digits(as_json(gap)), "agreement": agreement}
