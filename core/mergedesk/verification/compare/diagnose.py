"""From what was found on every tensor to one verdict and one reason."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...domain.findings import Code, Finding, error, info, warning
from ...planning.plan import Action
from .hypotheses import SecondLook, find_hypothesis, quantized, rank_of_change
from .matching import Matching
from .outcome import AS_IT_SHOULD, TensorOutcome, is_drawn
from .tensor_comparison import Measured

# Factors of one merge agree within this; a doubled one is within it of 2.
_SAME_FACTOR = 0.05
_MANY = 0.5
_LONE = 0.01
# What another adapter's delta, which lies across this one's, may shift a factor by.
_ABOUT_ONE = 0.2


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was measured. ``tied_differs``: a head that the config ties to other embeddings than it is.

    ``in_place``: the plan was followed as PEFT does it on tied embeddings, where both sides get the delta.
    ``weights``: the strengths that the adapters were to be merged with. ``unread``: missing tensors that the class does
    not load. ``left_alone``: names of all tensors that should be the base's; ``packed``: of those that are plain
    in the base and packed in the merged folder.
    """

    measured: Sequence[Measured]
    matching: Matching
    tied_differs: tuple[str, ...] = ()
    in_place: bool = False
    weights: tuple[float, ...] = ()
    unread: tuple[str, ...] = ()
    left_alone: frozenset[str] = frozenset()
    packed: frozenset[str] = frozenset()

    @property
    def packed_since(self) -> list[Measured]:
        """Tensors that the base has plain and the merged folder packed."""
        return [measurement for measurement in self.measured if measurement.name in self.packed]

    @property
    def merges(self) -> list[Measured]:
        """Tensors that a delta goes into."""
        return [measurement for measurement in self.measured if measurement.tensor.merges]

    @property
    def copies(self) -> list[Measured]:
        """Tensors that the adapter brings whole."""
        return [measurement for measurement in self.measured if measurement.tensor.action is Action.REPLACE]

    @property
    def others(self) -> list[Measured]:
        """Tensors that should be the base's."""
        return [measurement for measurement in self.measured if not measurement.tensor.targeted]


def with_outcome(measured: Iterable[Measured], *outcomes: TensorOutcome) -> list[str]:
    """The names of those with one of these outcomes."""
    return [measurement.name for measurement in measured if measurement.told.outcome in outcomes]


def amiss(measured: Iterable[Measured]) -> list[str]:
    """The names of those that are not as they should be."""
    return [measurement.name for measurement in measured if measurement.told.outcome not in AS_IT_SHOULD]


def diagnose(evidence: Evidence, look: SecondLook | None = None) -> Finding:
    """The verdict: an error refutes the merge. Without a second look there are no other plans to try."""
    refuted = _structure(evidence)
    if refuted is not None:
        return refuted
    if not amiss(evidence.measured):
        # The errors of eight bits are as small as those of arithmetic in sixteen.
        imprecise = bool(with_outcome(evidence.merges, TensorOutcome.IMPRECISE))
        return (quantized(look) if look and imprecise else None) or _within_step(evidence) or _right(evidence)
    return _plainly_wrong(evidence) or (look and find_hypothesis(look)) or _by_elimination(evidence, look)


def _structure(evidence: Evidence) -> Finding | None:
    """What names, shapes and single values tell."""
    matching = evidence.matching
    if matching.adapter_left:
        return error(
            Code.MERGE_KEEPS_ADAPTER_TENSORS, names=list(matching.adapter_left), count=len(matching.adapter_left)
        )
    theirs = with_outcome(evidence.measured, *AS_IT_SHOULD, TensorOutcome.UNCHANGED)
    if len(matching.missing) > len(evidence.measured) and not theirs:  # names alone tell that this is another model
        count, total = len(evidence.left_alone.intersection(matching.missing)), len(evidence.left_alone)
        names = list(matching.missing)
        return error(Code.MERGE_INTO_ANOTHER_BASE, count=count + len(amiss(evidence.others)), total=total, names=names)
    if matching.missing and matching.missing != evidence.unread:
        return error(Code.MERGE_LACKS_TENSORS, names=list(matching.missing), count=len(matching.missing))
    if matching.extra:
        return error(Code.MERGE_HAS_MORE_TENSORS, names=list(matching.extra), count=len(matching.extra))
    if broken := with_outcome(evidence.measured, TensorOutcome.NOT_FINITE):
        return error(Code.MERGE_NOT_FINITE, names=broken, count=len(broken))
    if reshaped := [measurement for measurement in evidence.measured if measurement.shape is not None]:
        return _base_resized(evidence, reshaped) or _reshaped(reshaped)
    if evidence.tied_differs:
        return error(Code.MERGE_TIED_BUT_DIFFERENT, names=list(evidence.tied_differs))
    return None


def _base_resized(evidence: Evidence, reshaped: Sequence[Measured]) -> Finding | None:
    """Nothing was merged, which matters more than that tensors the adapter leaves alone have other shapes."""
    unchanged = with_outcome(evidence.merges, TensorOutcome.UNCHANGED)
    touched = evidence.copies or any(measurement.tensor.targeted for measurement in reshaped)
    if touched or len(unchanged) < max(1, len(evidence.merges)):
        return None
    return error(Code.MERGE_IS_THE_BASE, total=len(unchanged))


def _reshaped(reshaped: Sequence[Measured]) -> Finding:
    first, names = reshaped[0], [measurement.name for measurement in reshaped]
    shape = first.shape or ()
    if shape[1:] == first.tensor.shape[1:] and len(shape) > 1:
        rows = {"expected_rows": first.tensor.shape[0], "merged_rows": shape[0]}
        return error(Code.MERGE_RESIZED, names=names, **rows)
    return error(
        Code.MERGE_SHAPES_DIFFER, names=names, expected_shape=list(first.tensor.shape), merged_shape=list(shape)
    )


def _within_step(evidence: Evidence) -> Finding | None:
    """Right, but that what was packed is not rounded to nearest."""
    packed = evidence.packed_since
    names = with_outcome(packed, TensorOutcome.WITHIN_STEP)
    if not names:
        return None
    return warning(Code.MERGE_PACKED_WITHIN_STEP, count=len(names), total=len(packed), names=names)


def _right(evidence: Evidence) -> Finding:
    """Right, with what is to be said about how it was rounded."""
    merges = evidence.merges
    widened = [measurement for measurement in evidence.measured if measurement.widened]
    imprecise = [merge for merge in merges if merge.told.outcome is TensorOutcome.IMPRECISE]
    if evidence.in_place:
        return warning(Code.MERGE_CHANGED_BOTH_TIED)
    if imprecise or widened:
        percent = _percent_off([*imprecise, *(merge for merge in merges if merge.widened)])
        count = len({measurement.name for measurement in [*imprecise, *widened]})
        return warning(Code.MERGE_IN_SIXTEEN_BIT, count=count, percent=percent)
    # PEFT's default merge rounds some deltas before it adds them: of those there is nothing to remark.
    updates = ((merge.name, update) for merge in merges for update in merge.tensor.updates)
    first = {name for name, update in updates if getattr(update, "rounds_first", False)}
    if twice := [name for name in with_outcome(merges, TensorOutcome.ROUNDED_TWICE) if name not in first]:
        return info(Code.MERGE_ROUNDED_TWICE, count=len(twice), total=len(merges))
    if in_turn := with_outcome(merges, TensorOutcome.ROUNDED_IN_TURN):
        return info(Code.MERGE_ROUNDED_IN_TURN, count=len(in_turn), total=len(merges))
    if by_chance := [merge for merge in merges if merge.told.outcome is TensorOutcome.ROUNDED_BY_CHANCE]:
        return _by_chance(by_chance, len(merges))
    if lost := [merge.name for merge in merges if 0 < merge.statistics.elements == merge.statistics.unchanged]:
        return warning(Code.MERGE_TOO_SMALL_TO_SHOW, names=lost, count=len(lost), total=len(merges))
    if evidence.unread:
        return warning(Code.MERGE_LEFT_OUT_UNREAD, names=list(evidence.unread), count=len(evidence.unread))
    return _proved(evidence)


def _proved(evidence: Evidence) -> Finding:
    if packed := evidence.packed_since:
        return info(Code.MERGE_PACKED_PROVED, count=len(packed), total=len(evidence.measured))
    targeted = len(evidence.merges) + len(evidence.copies)
    return info(Code.MERGE_PROVED, count=len(evidence.measured), targeted=targeted)


def _by_chance(measured: Sequence[Measured], total: int) -> Finding:
    """Rounded up or down by chance: as a stated seed draws, or as often as it should be."""
    seeds = {merge.tensor.drawing.seed for merge in measured if merge.tensor.drawing and is_drawn(merge.statistics)}
    if len(seeds) == 1 and all(is_drawn(merge.statistics) for merge in measured):
        return info(Code.MERGE_ROUNDED_WITH_SEED, count=len(measured), total=total, seed=seeds.pop())
    return info(Code.MERGE_ROUNDED_BY_CHANCE, count=len(measured), total=total)


def _percent_off(measured: Sequence[Measured]) -> float:
    """How far M is from W + D, as a share of D."""
    statistics = [measurement.statistics for measurement in measured]
    delta = sum(sums.delta for sums in statistics)
    off = sum(sums.moved - 2 * sums.along + sums.delta for sums in statistics)
    return float(f"{100 * math.sqrt(max(0.0, off) / delta):.2g}") if delta else 0.0


def _plainly_wrong(evidence: Evidence) -> Finding | None:
    """What the tensors' own outcomes tell, where they agree."""
    if amiss(evidence.others):
        return None
    merges, copies = evidence.merges, evidence.copies
    wrong = [copy for copy in copies if copy.told.outcome not in AS_IT_SHOULD]
    stayed = [copy for copy in wrong if copy.statistics.unchanged == copy.statistics.elements]
    unchanged = with_outcome(merges, TensorOutcome.UNCHANGED)
    if len(unchanged) == len(merges) and len(stayed) == len(wrong) and (merges or stayed):
        total = len(merges) + len(copies)
        if len(stayed) == len(copies):
            return error(Code.MERGE_IS_THE_BASE, total=total)
        names = [measurement.name for measurement in (*merges, *stayed)]
        return error(Code.MERGE_PARTIAL, count=len(copies) - len(stayed), total=total, names=names)
    if not amiss(merges):
        code = Code.MERGE_DROPPED_COPIES if len(stayed) == len(wrong) else Code.MERGE_COPIES_DIFFER
        return error(code, names=[copy.name for copy in wrong], count=len(wrong))
    if len(amiss(merges)) == len(with_outcome(merges, TensorOutcome.UNCHANGED, TensorOutcome.PARTLY)):
        bare = amiss(merges)
        return error(Code.MERGE_PARTIAL, count=len(merges) - len(bare), total=len(merges), names=bare)
    return _scaled(merges, evidence.weights)


def _scaled(merges: Sequence[Measured], weights: tuple[float, ...], about: bool = False) -> Finding | None:
    """Every tensor got its delta a number of times: the same number, or not. ``about``: an estimate will do."""
    scaled = [merge for merge in merges if merge.told.outcome is TensorOutcome.SCALED]
    right = [merge for merge in merges if merge.told.outcome in AS_IT_SHOULD]
    if not scaled or len(scaled) + len(right) < len(merges):
        return None
    if not about and any(abs(merge.statistics.due_factor - 1) > _SAME_FACTOR for merge in scaled):
        return None  # some of the change is rounded away, and with it the factor: other means must tell
    factors = [merge.told.factor for merge in scaled] + [1.0 for _ in right]
    low, high = min(factors), max(factors)
    if high - low > _SAME_FACTOR * max(abs(low), abs(high), 0.2):
        data = {"lowest": _short(low), "highest": _short(high)}
        return error(Code.MERGE_SCALED_UNEVENLY, names=[merge.name for merge in scaled], count=len(scaled), **data)
    factor = _mean_factor(scaled)
    if len(weights) == 1 and weights[0] != 1 and abs(factor * weights[0] - 1) <= _SAME_FACTOR:
        return error(Code.MERGE_IGNORES_WEIGHTS, weights=list(weights))
    if abs(factor - 2) <= _SAME_FACTOR * 2:
        return error(Code.MERGE_APPLIED_TWICE, names=[merge.name for merge in scaled])
    return error(Code.MERGE_SCALED, factor=_short(factor))


def _mean_factor(scaled: Sequence[Measured]) -> float:
    return sum(merge.statistics.along for merge in scaled) / sum(merge.statistics.delta for merge in scaled)


def _short(value: float) -> float:
    return float(f"{value:.3g}")


def _by_elimination(evidence: Evidence, look: SecondLook | None) -> Finding:
    """Other adapters where what differs is of low rank; another base where most of the rest differs."""
    merges, others, wrong = evidence.merges, amiss(evidence.others), amiss(evidence.measured)
    if not others and (scaled := _scaled(merges, evidence.weights, about=True)):
        return scaled
    differing = [measurement for measurement in evidence.measured if measurement.name in wrong]
    if few := _single_values(differing):
        return error(Code.MERGE_VALUES_DIFFER, values=few, count=len(wrong), names=wrong)
    changed_others = error(Code.MERGE_CHANGED_OTHERS, count=len(others), names=others)
    only_others = not amiss(merges) and not amiss(evidence.copies)
    if only_others and all(map(_is_all_but_exact, differing)):
        return changed_others
    # Whether the delta was added once, whatever else was: another adapter's delta lies across it.
    is_in_it = any(merge.statistics.delta for merge in merges) and abs(_mean_factor(merges) - 1) <= _ABOUT_ONE
    # Another adapter need not reach all that this one targets.
    unchanged = set(with_outcome(evidence.measured, TensorOutcome.UNCHANGED))
    changed = [measurement.tensor for measurement in differing if measurement.name not in unchanged]
    if changed and look and (rank := rank_of_change(changed, is_in_it, look.comparison)):
        code = Code.MERGE_OF_MORE_ADAPTERS if is_in_it else Code.MERGE_OF_ANOTHER_ADAPTER
        return error(code, rank=rank, count=len(changed), names=[tensor.name for tensor in changed])
    if len(others) >= max(1, _MANY * len(evidence.others)):
        return error(Code.MERGE_INTO_ANOTHER_BASE, count=len(others), total=len(evidence.others), names=others)
    if only_others:
        return changed_others
    return error(Code.MERGE_UNEXPLAINED, count=len(wrong), names=wrong)


def _is_all_but_exact(measurement: Measured) -> bool:
    """Whether few values differ, of which the rank that another adapter's change would have tells nothing."""
    return measurement.statistics.exact >= (1 - _LONE) * measurement.statistics.elements


def _single_values(wrong: Sequence[Measured]) -> int:
    """How many values are wrong, where they lie far off and all about them is right; else 0."""
    few = [measurement.statistics.elements - measurement.statistics.right for measurement in wrong]
    lone = (
        measurement.statistics.astray and count <= _LONE * measurement.statistics.elements
        for measurement, count in zip(wrong, few, strict=True)
    )
    return sum(few) if all(lone) else 0
