"""Checks on the values of a result, read back from the disk: changed where targeted, identical elsewhere.

Nothing here calls the engine's arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from msgspec import structs

from ...checkpoints.checkpoint import PackedTensor, StoredTensor
from ...checkpoints.files import CONFIG, read_json
from ...domain.findings import Check, CheckCode, CheckStatus, Data, SkipReason, check_of
from ...domain.progress import CancelToken
from ...methods.reference import Rows, rows_after
from ...planning.plan import Action, PlannedTensor
from ...quantization.packing_format import quantization_config
from ...runtime.threads import each_in_threads
from ...storage.open_files import OpenFiles, open_files
from ...storage.safetensors_header import TensorRecord
from ...storage.torch_dtypes import torch_dtype
from ..compare.diagnose import amiss
from ..compare.matching import Matching
from ..compare.packed_cells import is_lost, packed_in_place_of, packed_sums
from ..compare.rows import is_finite_in, rows_of, same_values
from ..compare.tensor_comparison import Comparison, compare, is_lost_in
from ..hot.last_pass import Standing, standing
from .staged_check import Needs, StagedCheck, StagedMerge

BLOCK_ELEMENTS = 1 << 20
WORKERS = 2
_MANY = 20_000


# A planned tensor, and what was written of it.
_Pair = tuple[PlannedTensor, TensorRecord | None]


@dataclass(frozen=True, slots=True)
class ValueVerdict:
    """What was found on one tensor; ``changed`` is against the base, ``equal`` against its unmerged source.

    A tensor of stacked experts counts as changed if every expert that should be is.

    ``explained``: unchanged because the delta is nothing, or smaller than the written dtype can show. ``standing``:
    what its tiles showed when they were written.
    """

    tensor: PlannedTensor
    changed: bool
    finite: bool
    equal: bool
    explained: bool = False
    standing: Standing = Standing.UNKNOWN


def _checks(merge: StagedMerge) -> Iterator[Check]:
    """Compare every written tensor with what it came from."""
    verdicts = _verdicts(merge, merge.side_by_side)
    others = sum(_is_other(tensor) for tensor in merge.planned)
    yield from _told(verdicts, others)
    if merge.stays_packed:
        yield _packed_check(merge, verdicts)
    yield _samples_check(merge, {verdict.tensor.name: verdict.standing for verdict in verdicts})


def others_identical(merge: StagedMerge) -> Iterator[Check]:
    """Compare what is only copied, where nothing is merged into."""
    pairs = [pair for pair in merge.side_by_side if pair[0].action is Action.COPY]
    yield _identical_check(_verdicts(merge, pairs), len(pairs))


def _verdicts(merge: StagedMerge, pairs: Iterable[_Pair]) -> list[ValueVerdict]:
    """Of every tensor but those that are copied and are what they should be, which are nearly all of a wide model."""
    kept = dict[int, ValueVerdict]()
    with open_files() as files:

        def judge(numbered: tuple[int, _Pair]) -> None:
            number, (tensor, record) = numbered
            merge.cancel.check()
            verdict = _judge(tensor, record, files, merge)
            if not (_is_other(tensor) and verdict.equal):
                kept[number] = verdict
            merge.advance(tensor.nbytes, tensor.name)

        # Those of a wide model are all alike, and files are better gone through one after the other.
        if len(merge.planned) <= _MANY:
            pairs = sorted(pairs, key=lambda pair: -pair[0].nbytes)
        each_in_threads(WORKERS, "verify", judge, enumerate(pairs))
    return [kept[number] for number in sorted(kept)]


def _is_other(tensor: PlannedTensor) -> bool:
    """Whether no adapter changes anything of it."""
    return not (tensor.targeted or tensor.action is Action.PART)


def _judge(tensor: PlannedTensor, written: TensorRecord | None, files: OpenFiles, merge: StagedMerge) -> ValueVerdict:
    """Proved when it was written, and still the same; else looked at anew as a whole, which tells what is wrong."""
    assert written is not None
    stands = standing(tensor, written, merge.proofs, files, merge.cancel)
    if stands is not Standing.PROVED:
        return replace(_judge_anew(tensor, written, files, merge), standing=stands)
    replaced = tensor.action is Action.REPLACE
    changed = not same_values(files, written, tensor.base, merge.cancel) if replaced else tensor.targeted
    return ValueVerdict(tensor, changed, finite=True, equal=True, standing=stands)


def _judge_anew(tensor: PlannedTensor, written: StoredTensor, files: OpenFiles, merge: StagedMerge) -> ValueVerdict:
    cancel = merge.cancel
    if tensor.action is Action.REPACK:
        return _judge_packed(tensor, files, merge)
    if tensor.action is Action.PART:  # judged with the codes that it belongs to
        return ValueVerdict(tensor, changed=True, finite=True, equal=True)
    if tensor.action is Action.MERGE:
        still = [part for part in _parts(tensor) if _same_part(written, tensor, part, files, cancel)]
        unmoved = tensor.name in merge.unmoved
        explained = bool(still) and (unmoved or all(delta_is_lost(tensor, cancel, part) for part in still))
        return ValueVerdict(tensor, not still, is_finite_in(files, written, cancel), True, explained)
    equal = same_values(files, written, tensor.source, cancel)
    targeted = tensor.action is Action.REPLACE
    changed = targeted and not same_values(files, written, tensor.base, cancel)
    return ValueVerdict(tensor, changed, not targeted or is_finite_in(files, written, cancel), equal)


def _judge_packed(tensor: PlannedTensor, files: OpenFiles, merge: StagedMerge) -> ValueVerdict:
    """Whether anything of a weight that was packed again is not the base's, and all that it is scaled by is finite."""
    assert isinstance(tensor.base, PackedTensor)
    ours = packed_in_place_of(tensor.base, merge.stored)
    if ours is None:
        return ValueVerdict(tensor, changed=False, finite=False, equal=False)
    pairs = [(ours.parts[role], part) for role, part in tensor.base.parts.items()]
    same = all(same_values(files, mine, theirs, merge.cancel) for mine, theirs in pairs)
    scales = [part for role, part in ours.parts.items() if role != "codes" and part.is_floating]
    finite = all(is_finite_in(files, part, merge.cancel) for part in scales)
    explained = same and _is_within(tensor, files, merge.cancel)
    return ValueVerdict(tensor, not same, finite, equal=True, explained=explained)


def _is_within(tensor: PlannedTensor, files: OpenFiles, cancel: CancelToken) -> bool:
    """Whether base and adapter are rounded to the base's own codes everywhere, in float64."""
    assert isinstance(tensor.base, PackedTensor)
    sums, step = packed_sums(tensor, tensor.base, files), max(1, BLOCK_ELEMENTS // tensor.width // 8)
    for begin in range(0, tensor.base.rows, step):
        cancel.check()
        if not is_lost(sums(begin, min(tensor.base.rows, begin + step))):
            return False
    return True


def _parts(tensor: PlannedTensor) -> list[tuple[int, int] | None]:
    """The rows of each expert that is changed by itself; None, for all rows, where there is but one part."""
    parts = {(*update.rows, update.width) for update in tensor.updates}
    alike = isinstance(tensor.base, TensorRecord) and {width for *_, width in parts} == {tensor.width}
    return [(begin, end) for begin, end, _ in sorted(parts)] if alike and len(parts) > 1 else [None]


def _same_part(
    written: StoredTensor, tensor: PlannedTensor, part: tuple[int, int] | None, files: OpenFiles, cancel: CancelToken
) -> bool:
    sides = (written, tensor.base)
    ours, theirs = sides if part is None else (_cut(side, part, tensor.width) for side in sides)
    return same_values(files, ours, theirs, cancel)


def _cut(record: StoredTensor, rows: tuple[int, int], width: int) -> TensorRecord:
    """Some rows of a stored tensor, as a tensor of one dimension."""
    assert isinstance(record, TensorRecord)
    size = record.nbytes // record.elements
    begin, count = rows[0] * width, (rows[1] - rows[0]) * width
    return structs.replace(record, shape=(count,), offset=record.offset + begin * size, nbytes=count * size)


def delta_is_lost(tensor: PlannedTensor, cancel: CancelToken, part: tuple[int, int] | None = None) -> bool:
    """Whether the updates, applied in float64 and rounded to the written dtype, give the base everywhere.

    ``part``: only these rows of the tensor's width are looked at.
    """
    if not tensor.updates:
        return False
    with open_files() as files:
        base = rows_of(files, tensor.base, tensor.width)
        start = base if tensor.source is tensor.base else rows_of(files, tensor.source, tensor.width)
        return _is_lost(tensor, base, start, cancel, part)


def _is_lost(tensor: PlannedTensor, base: Rows, start: Rows, cancel: CancelToken, part: tuple[int, int] | None) -> bool:
    step, count = max(1, BLOCK_ELEMENTS // tensor.width), math.prod(tensor.base.shape) // tensor.width
    exact = rows_after(tensor.updates, start)
    first, last = part or (0, count)
    for begin in range(first, last, step):
        cancel.check()
        end = min(last, begin + step)
        rounded = exact(begin, end).to(torch_dtype(tensor.dtype))
        if not torch.equal(rounded, base(begin, end).to(rounded.dtype)):
            return False
    return True


def _told(verdicts: Sequence[ValueVerdict], others: int) -> Iterator[Check]:
    """``others``: how many tensors no adapter changes; ``verdicts`` has those of them that are not the base's."""
    merged = [verdict for verdict in verdicts if verdict.tensor.merges]
    replaced = [verdict for verdict in verdicts if verdict.tensor.action is Action.REPLACE]
    yield _changed_check(merged, replaced)
    broken = sorted(verdict.tensor.name for verdict in (*merged, *replaced) if not verdict.finite)
    yield check_of(CheckCode.TARGETED_FINITE, not broken, count=len(merged) + len(replaced), names=list(broken))
    yield _identical_check(verdicts, others)
    if replaced:
        unlike = sorted(verdict.tensor.name for verdict in replaced if not verdict.equal)
        yield check_of(CheckCode.REPLACED_EQUAL_ADAPTER, not unlike, count=len(replaced), names=list(unlike))


def _identical_check(verdicts: Sequence[ValueVerdict], others: int) -> Check:
    different = sorted(verdict.tensor.name for verdict in verdicts if _is_other(verdict.tensor) and not verdict.equal)
    return check_of(CheckCode.OTHERS_IDENTICAL, not different, count=others, names=list(different))


def _changed_check(merged: Sequence[ValueVerdict], replaced: Sequence[ValueVerdict]) -> Check:
    """Fails where a delta should have left its mark and did not, and where nothing changed at all.

    A full copy may well be the base's own, so copies are looked at only where there is nothing else.
    """
    targeted = merged or replaced
    unchanged = [verdict for verdict in targeted if not verdict.changed]
    names = sorted(verdict.tensor.name for verdict in unchanged)
    data: dict[str, Data] = {"count": len(targeted) - len(unchanged), "total": len(targeted), "names": names}
    if targeted and not unchanged:
        return Check(CheckCode.TARGETED_CHANGED, CheckStatus.PASS, data)
    harmless = len(unchanged) < len(targeted) and (not merged or all(verdict.explained for verdict in unchanged))
    return Check(CheckCode.TARGETED_CHANGED, CheckStatus.WARN if harmless else CheckStatus.FAIL, data)


def _packed_check(merge: StagedMerge, verdicts: Sequence[ValueVerdict]) -> Check:
    """What stays packed is the base's to the byte, and so is what the config says of it."""
    kept = [verdict for verdict in verdicts if verdict.tensor.name in merge.kept_packed]
    different = sorted(verdict.tensor.name for verdict in kept if not verdict.equal or verdict.tensor.targeted)
    stated = [quantization_config(config) for config in (read_json(merge.base / CONFIG), merge.readable.config)]
    names = [*different, *([CONFIG] if stated[0] != stated[1] else [])]
    count = sum(tensor.name in merge.kept_packed for tensor in merge.planned)
    return check_of(CheckCode.PACKED_UNTOUCHED, not names, count=count, names=names)


def _samples_check(merge: StagedMerge, standings: Mapping[str, Standing]) -> Check:
    """The quick proof: samples of every merged tensor are W + D, worked out anew, whichever engine wrote it.

    What was proved of every tile as it was written needs no other; what was refuted there stays so.

    Where PEFT's own code is the only measure of a method, proving it would be to do the same again: that is skipped.
    """
    merges = [tensor for tensor in merge.planned if tensor.merges]
    known = [tensor for tensor in merges if tensor.updates]
    if not merges or len(known) < len(merges):
        reason = SkipReason.ONLY_PEFT_KNOWS if merges else SkipReason.NOTHING_ADDED
        return Check(CheckCode.SAMPLES_AS_EXPECTED, CheckStatus.SKIPPED, {"reason": reason})
    comparison = Comparison(Matching(merge.stored, {}, (), (), ()), quick=True, cancel=merge.cancel)
    left = [tensor for tensor in known if standings[tensor.name] is not Standing.PROVED]
    parts = () if merge.packs else (tensor for tensor in merge.planned if tensor.action is Action.PART)
    judged = (*left, *parts)
    refuted = {tensor.name for tensor in judged if standings[tensor.name] is Standing.REFUTED}
    measured = compare(left, comparison, lambda _count, _name: None)
    # Samples of what is packed again may well be the base's; whether all of it is, another check tells.
    wrong = sorted(refuted.union(amiss(one for one in measured if not is_lost_in(one))))
    count, total = max(0, len(merges) - len(wrong)), len(merges)
    return check_of(CheckCode.SAMPLES_AS_EXPECTED, not wrong, count=count, total=total, names=wrong)


CHECK = StagedCheck(_checks, Needs.TENSORS)
