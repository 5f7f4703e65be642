"""A merged folder against base and adapters: what is expected, what is there, and the verdict."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ...checkpoints.checkpoint import Checkpoint, PackedTensor
from ...domain.findings import Check, CheckCode, CheckStatus, Finding, check_of
from ...domain.progress import CancelToken
from ...domain.requests import Precision, VerifyRequest
from ...domain.verdict import ModuleVerdict
from ...planning.engine_choice import why_not_streaming
from ...planning.plan import make_plan, with_rounding
from ...planning.preflight import Ready
from ...planning.provenance import stated_rounding
from ...planning.resolved_adapter import ResolvedAdapter
from ...planning.task_heads import add_head
from ...quantization.detect import packed_in
from ...storage.safetensors_header import TensorRecord
from .diagnose import Evidence, amiss, diagnose, with_outcome
from .hypotheses import SecondLook
from .matching import ignored_tensors, match, unwrapped
from .outcome import TensorOutcome
from .packed_weights import standing_in
from .peft_reference import PeftSide, loadable_base, precision_of
from .tensor_comparison import Advance, Comparison, Measured, compare, forgiving
from .tied_plan import TiedPlan, as_stored, under_base_name

# Told how many bytes of tensors there are, gives what counts them.
Start = Callable[[int], Advance]


@dataclass(frozen=True, slots=True)
class FolderProof:
    """The reason, the checks and what became of every targeted tensor."""

    reason: Finding
    checks: tuple[Check, ...]
    modules: tuple[ModuleVerdict, ...]


def prove(request: VerifyRequest, ready: Ready, merged: Checkpoint, start: Start, cancel: CancelToken) -> FolderProof:
    """Compare ``merged`` with what was asked for. Raises Cancelled and UserError."""
    merged = under_base_name(unwrapped(merged), ready.base)  # in which packed weights may be seen as one each
    by_peft = bool(why_not_streaming(ready.mapped))
    evidence, reason = (_through_peft if by_peft else _by_formula)(request, ready, merged, start, cancel)
    checks = (*_checks(evidence), *_packed_check(evidence, ready.base), *_nearest_check(evidence))
    return FolderProof(reason, checks, tuple(_modules(evidence)))


def _by_formula(
    request: VerifyRequest, ready: Ready, merged: Checkpoint, start: Start, cancel: CancelToken
) -> tuple[Evidence, Finding]:
    base = ready.base
    plan = make_plan(base, ready.mapped, Precision.AUTO, combination=request.combination)
    plan = with_rounding(add_head(plan, ready.head, Precision.AUTO), base, stated_rounding(request.merged))
    tied = as_stored(plan.tensors, base, merged)
    comparison = _comparison(tied, merged, request.quick, cancel)
    measured = forgiving(compare(tied.tensors, comparison, start(sum(tensor.nbytes for tensor in tied.tensors))))
    evidence = _evidence(base, tied, measured, comparison, ready.mapped)
    planned = replace(plan, tensors=tied.tensors)
    look = SecondLook(base, merged, ready.mapped, ready.head, request.combination, planned, comparison)
    # Other plans are tried on values alone, which say little of what is packed in a few bits.
    return evidence, diagnose(evidence, None if base.stored or comparison.packed else look)


def _comparison(tied: TiedPlan, merged: Checkpoint, quick: bool, cancel: CancelToken) -> Comparison:
    packed = {tensor.name: tensor for tensor in packed_in(merged)}
    seen = {name: standing_in(one) if isinstance(one, PackedTensor) else one for name, one in merged.tensors.items()}
    return Comparison(match(tied.tensors, replace(merged, tensors=seen)), quick, cancel, packed=packed)


def _through_peft(
    request: VerifyRequest, ready: Ready, merged: Checkpoint, start: Start, cancel: CancelToken
) -> tuple[Evidence, Finding]:
    [mapped] = ready.mapped
    plain = {name: record for name, record in merged.tensors.items() if isinstance(record, TensorRecord)}
    with loadable_base(ready.base, cancel) as base:
        side = PeftSide(base, mapped, precision_of(plain, base), cancel)
        try:
            tied = as_stored(side.plan.tensors, base, merged)
            side.plan = replace(side.plan, tensors=tied.tensors)
            comparison = _comparison(tied, merged, request.quick, cancel)
            measured = side.compare(comparison, start(sum(tensor.nbytes for tensor in tied.tensors)))
            evidence = _evidence(ready.base, tied, measured, comparison, (mapped,))
            return evidence, diagnose(evidence)
        finally:
            side.close()


def _evidence(
    base: Checkpoint,
    tied: TiedPlan,
    measured: Sequence[Measured],
    comparison: Comparison,
    mapped: Sequence[ResolvedAdapter],
) -> Evidence:
    left_alone = frozenset(tensor.name for tensor in tied.tensors if not tensor.targeted)
    matching = comparison.matching
    return Evidence(
        measured,
        matching,
        tied.differs,
        tied.in_place,
        tuple(resolved.weight for resolved in mapped),
        ignored_tensors((name for name in matching.missing if name in left_alone), base.config),
        left_alone,
        frozenset(tensor.name for tensor in tied.tensors if comparison.packed_for(tensor) is not None),
    )


def _checks(evidence: Evidence) -> Iterator[Check]:
    matching, measured = evidence.matching, evidence.measured
    missing = [name for name in matching.missing if name not in evidence.unread]
    names = [*missing, *matching.extra, *matching.adapter_left]
    total = len(measured) + len(missing)
    yield check_of(CheckCode.KEYS_AS_PLANNED, not names, count=len(measured), total=total, names=names)
    reshaped = [measurement.name for measurement in measured if measurement.shape is not None]
    yield check_of(CheckCode.SHAPES_AS_PLANNED, not reshaped, count=len(measured), names=reshaped)
    if merges := evidence.merges:
        wrong = amiss(merges)
        count = len(merges) - len(wrong)
        yield check_of(CheckCode.TARGETED_AS_EXPECTED, not wrong, count=count, total=len(merges), names=wrong)
    targeted = [measurement for measurement in measured if measurement.tensor.targeted]
    broken = with_outcome(targeted, TensorOutcome.NOT_FINITE)
    yield check_of(CheckCode.TARGETED_FINITE, not broken, count=len(targeted), names=broken)
    different = amiss(evidence.others)
    yield check_of(CheckCode.OTHERS_IDENTICAL, not different, count=len(evidence.others), names=different)
    if copies := evidence.copies:
        unlike = amiss(copies)
        yield check_of(CheckCode.REPLACED_EQUAL_ADAPTER, not unlike, count=len(copies), names=unlike)


def _packed_check(evidence: Evidence, base: Checkpoint) -> Iterator[Check]:
    """Whether what stays packed is the base's."""
    if base.stays_packed:
        kept = base.kept_packed
        different = [name for name in amiss(evidence.others) if name in kept]
        count = sum(measurement.name in kept for measurement in evidence.others)
        yield check_of(CheckCode.PACKED_UNTOUCHED, not different, count=count, names=different)


def _nearest_check(evidence: Evidence) -> Iterator[Check]:
    """Whether what was packed since is rounded to nearest; another rule may still keep within a step."""
    if packed := evidence.packed_since:
        other = [one.name for one in packed if one.told.outcome is not TensorOutcome.RIGHT]
        count = len(packed) - len(other)
        made = check_of(CheckCode.PACKED_AS_ROUNDED, not other, count=count, total=len(packed), names=other)
        yield replace(made, status=CheckStatus.WARN) if other and not amiss(packed) else made


def _modules(evidence: Evidence) -> Iterator[ModuleVerdict]:
    for measurement in sorted((*evidence.merges, *evidence.copies), key=lambda measurement: measurement.name):
        statistics, count = measurement.statistics, max(1, measurement.statistics.elements)
        share = math.sqrt(statistics.delta / statistics.base) if statistics.base else 0.0
        told = measurement.told
        drawn = told.outcome is TensorOutcome.ROUNDED_BY_CHANCE
        lost = (statistics.unchanged if drawn else statistics.lost) / count
        yield ModuleVerdict(measurement.name, told.outcome.value, told.factor, share, statistics.exact / count, lost)
