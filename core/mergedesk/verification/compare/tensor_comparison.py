"""The tensors of a merged model against what base and adapters give: float64, block by block, in two threads."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

import torch
from msgspec import structs

from ...checkpoints.checkpoint import PackedTensor
from ...domain.dtypes import DTYPES
from ...domain.progress import CancelToken
from ...methods.reference import Change, Rows, reference, rows_after
from ...methods.update import Update
from ...planning.plan import Action, PlannedTensor
from ...runtime.threads import in_threads
from ...storage.open_files import OpenFiles, open_files
from ...storage.safetensors_header import TensorRecord
from ...storage.torch_dtypes import stored_dtype
from .drawn_rounding import draws_of
from .fast_path import Sides, Workspace, judge_fast
from .matching import Matching
from .outcome import AS_IT_SHOULD, TensorOutcome, Told, outcome_of
from .packed_cells import is_lost, packed_in_place_of, packed_outcome, packed_sums, rows_at_a_time
from .packed_weights import expected_of, packed_statistics, packed_weight_outcome
from .rows import rows_of, rows_of_parts, same_values
from .statistics import TensorStatistics, gather, narrowest

WORKERS = 2
# Enough to be quick, few enough for a dozen copies in float64.
BLOCK_ELEMENTS = 1 << 18
_SAMPLED_ELEMENTS = 1 << 14
_SAMPLED_BLOCKS = 4
# Where quantised blocks begin, and whole tiles.
_ALIGNMENT = 64

# Outcomes that the fast path tells; all others take another look.
_TOLD_FAST = frozenset({TensorOutcome.RIGHT, TensorOutcome.UNCHANGED, TensorOutcome.ROUNDED_BY_CHANCE})

Advance = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found on one planned tensor. ``shape``: the merged one's, where it is not the planned one.

    ``widened``: its values are of 16 bits, stored as float32.
    """

    tensor: PlannedTensor
    statistics: TensorStatistics
    told: Told
    shape: tuple[int, ...] | None = None
    widened: str | None = None

    @property
    def name(self) -> str:
        """The planned name."""
        return self.tensor.name


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, and how: ``quick`` looks at a few blocks of rows of every tensor.

    ``expected``: values that PEFT's own code made, by planned name, in place of the plan's updates. ``packed``: weights
    that the merged folder packs while the base's are plain, by the names under which ``matching`` has them.
    """

    matching: Matching
    quick: bool
    cancel: CancelToken
    expected: Mapping[str, torch.Tensor] = field(default_factory=dict)
    packed: Mapping[str, PackedTensor] = field(default_factory=dict)

    def packed_for(self, tensor: PlannedTensor) -> PackedTensor | None:
        """The packed weight that the merged folder has in place of a plain one."""
        stored = self.matching.whole.get(tensor.name) if self.packed else None
        return self.packed.get(stored.name) if stored is not None else None


def compare(planned: Iterable[PlannedTensor], comparison: Comparison, advance: Advance) -> list[Measured]:
    """Measure every planned tensor that was found. Raises Cancelled, UserError(read_failed)."""
    matching = comparison.matching
    stored = (tensor for tensor in planned if tensor.action is not Action.PART)  # which is looked at with its codes
    present = [tensor for tensor in stored if tensor.name in matching.whole or tensor.name in matching.parts]
    with open_files() as files:
        held = threading.local()

        def measure(tensor: PlannedTensor) -> Measured:
            comparison.cancel.check()
            workspace = held.workspace = getattr(held, "workspace", None) or Workspace()
            measured = _measure(tensor, files, comparison, workspace)
            advance(tensor.nbytes, tensor.name)
            return measured

        return in_threads(WORKERS, "proof", measure, sorted(present, key=lambda tensor: -tensor.nbytes))


def _measure(tensor: PlannedTensor, files: OpenFiles, comparison: Comparison, workspace: Workspace) -> Measured:
    """What became of it. What nobody targets is the base's to the bit, or rounded once to another dtype."""
    if tensor.action is Action.REPACK:
        return _measure_packed(tensor, files, comparison)
    if (packed := comparison.packed_for(tensor)) is not None:
        return _measure_packed_since(tensor, packed, files, comparison)
    if tensor.targeted or tensor.name in comparison.expected:
        return _measure_values(tensor, files, comparison, workspace)
    merged, source = comparison.matching.whole.get(tensor.name), tensor.source
    of_one_kind = merged is not None and (merged.dtype, merged.shape) == (source.dtype, source.shape)
    plain = of_one_kind and isinstance(source, TensorRecord)
    if merged is not None and plain and _has_same_bits(tensor, merged, files, comparison):
        return _right(tensor)
    values = _measure_values(tensor, files, comparison, workspace)
    rounded_once = values.statistics.exact == values.statistics.elements and not plain
    wrong = values.told.outcome in AS_IT_SHOULD and not rounded_once
    return replace(values, told=Told(TensorOutcome.OTHER)) if wrong else values


def _measure_packed(tensor: PlannedTensor, files: OpenFiles, comparison: Comparison) -> Measured:
    """A weight that was packed again, with all its parts."""
    assert isinstance(tensor.base, PackedTensor)
    merged = packed_in_place_of(tensor.base, comparison.matching.whole)
    if merged is None:
        nothing = TensorStatistics()
        return Measured(tensor, nothing, outcome_of(nothing), shape=comparison.matching.whole[tensor.name].shape)
    sums, total = packed_sums(tensor, merged, files), TensorStatistics()
    step = rows_at_a_time(tensor.base)
    for first, last in _blocks(tensor.name, tensor.base.rows, tensor.width, comparison.quick):
        for begin in range(first, last, step):
            comparison.cancel.check()
            total += sums(begin, min(last, begin + step))
    return Measured(tensor, total, packed_outcome(total))


def _measure_packed_since(
    tensor: PlannedTensor, packed: PackedTensor, files: OpenFiles, comparison: Comparison
) -> Measured:
    """A weight that is plain in the base and packed in the merged folder."""
    width = _width(tensor)
    if packed.shape != tensor.shape or width != packed.width:
        nothing = TensorStatistics()
        return Measured(tensor, nothing, outcome_of(nothing), shape=packed.shape)
    side, made = reference_side(tensor, files, width), comparison.expected.get(tensor.name)
    exact = side.exact if made is None else rows_after([], lambda begin, end: made.view(-1, width)[begin:end])
    blocks = _blocks(tensor.name, packed.rows, width, comparison.quick)
    sums = packed_statistics(packed, expected_of(tensor, side.base, exact), blocks, files, comparison.cancel.check)
    return Measured(tensor, sums, packed_weight_outcome(sums))


def is_lost_in(measured: Measured) -> bool:
    """Whether the adapter's change is less than half a step of what the weight is packed in, and so left no trace."""
    return measured.tensor.action is Action.REPACK and is_lost(measured.statistics)


def forgiving(measured: Sequence[Measured]) -> list[Measured]:
    """The same where a change that is lost counts as right, unless nothing of all that is packed again was changed."""
    changed = any(one.tensor.action is Action.REPACK and one.told.outcome in AS_IT_SHOULD for one in measured)
    right = Told(TensorOutcome.RIGHT)
    return [replace(one, told=right) if changed and is_lost_in(one) else one for one in measured]


def _has_same_bits(tensor: PlannedTensor, merged: TensorRecord, files: OpenFiles, comparison: Comparison) -> bool:
    """Whether all that is looked at of two tensors of one dtype is the same."""
    source, width = tensor.source, _width(tensor)
    size = width * DTYPES[merged.dtype].bits // 8
    if not comparison.quick or not size or not isinstance(source, TensorRecord):
        return same_values(files, merged, source, comparison.cancel)
    blocks = _blocks(tensor.name, merged.nbytes // size, width, quick=True)
    parts = ([_part(record, begin * size, end * size) for record in (merged, source)] for begin, end in blocks)
    return all(same_values(files, ours, theirs, comparison.cancel) for ours, theirs in parts)


def _part(record: TensorRecord, begin: int, end: int) -> TensorRecord:
    return structs.replace(record, dtype="U8", shape=(end - begin,), offset=record.offset + begin, nbytes=end - begin)


def _measure_values(tensor: PlannedTensor, files: OpenFiles, comparison: Comparison, workspace: Workspace) -> Measured:
    merged = comparison.matching.whole.get(tensor.name)
    if merged is not None and merged.shape != tensor.shape:
        return _other_shape(tensor, merged, files, comparison)
    if merged is not None and not (merged.is_floating and tensor.source.is_floating):
        return _as_bytes(tensor, merged, files, comparison.cancel)
    width = _width(tensor)
    count = tensor.source.elements // width if width else 0
    blocks = _blocks(tensor.name, count, width, comparison.quick)
    sides = _sides(tensor, files, comparison, width)
    seen = judge_fast(sides, blocks, workspace, comparison.cancel.check) if sides else None
    if seen is not None and outcome_of(seen).outcome in _TOLD_FAST:
        return Measured(tensor, seen, outcome_of(seen))
    rows = _merged_rows(tensor, files, comparison.matching, width)
    samples = _blocks(tensor.name, count, width, quick=True)
    sampled = _summed(tensor, files, comparison, rows, samples)
    # A tensor of which samples are wrong throughout is not right as a whole.
    refuted = sampled.told.outcome in (TensorOutcome.SCALED, TensorOutcome.OTHER) and not sampled.statistics.astray
    return sampled if samples == blocks or refuted else _summed(tensor, files, comparison, rows, blocks)


def _sides(tensor: PlannedTensor, files: OpenFiles, comparison: Comparison, width: int) -> Sides | None:
    """What the fast path needs, None where it would not do."""
    base, source = tensor.base, tensor.source
    if "F64" in (base.dtype, source.dtype) or base.elements != source.elements:
        return None
    made = comparison.expected.get(tensor.name)
    changes = _in_float32(tensor, files, width) if made is None else _made(made, width)
    if changes is None:
        return None
    merged = _merged_rows(tensor, files, comparison.matching, width, "merged")
    start = None if source is base else rows_of(files, source, width, "start")
    return Sides(rows_of(files, base, width, "base"), merged, changes, start, draws_of(tensor, width))


def _in_float32(tensor: PlannedTensor, files: OpenFiles, width: int) -> Change | None:
    """All updates one after the other; None where float32 is not to be trusted with them."""
    if not all(update.width == width and update.is_plain for update in tensor.updates):
        return None
    touched = sorted(update.rows for update in tensor.updates)
    apart = all(before[1] <= after[0] for before, after in pairwise(touched))
    changes = [reference(update, rows_of(files, tensor.source, width), torch.float32) for update in tensor.updates]

    def change(rows: torch.Tensor, begin: int) -> float | None:
        squares = [apply(rows, begin) for apply in changes]
        known = [square for square in squares if square is not None]
        return sum(known) if apart and len(known) == len(squares) else None

    return change


def _made(values: torch.Tensor, width: int) -> Change:
    """The change to values that PEFT made."""
    whole = values.view(-1, width)

    def change(rows: torch.Tensor, begin: int) -> None:
        rows.copy_(whole[begin : begin + rows.shape[0]])

    return change


def _summed(
    tensor: PlannedTensor, files: OpenFiles, comparison: Comparison, rows: Rows, blocks: Sequence[tuple[int, int]]
) -> Measured:
    width = _width(tensor)
    judge = sums_of(tensor, files, width, comparison.expected.get(tensor.name))
    total, widened = TensorStatistics(), None
    for begin, end in blocks:
        comparison.cancel.check()
        stored = rows(begin, end)
        merged = narrowest(stored)
        if merged.dtype != stored.dtype and tensor.base.dtype != stored_dtype(merged.dtype).name and tensor.targeted:
            widened = str(merged.dtype).removeprefix("torch.")
        total += judge(merged, begin, end)
    return Measured(tensor, total, outcome_of(total), widened=widened)


def sums_of(
    tensor: PlannedTensor, files: OpenFiles, width: int, made: torch.Tensor | None = None
) -> Callable[[torch.Tensor, int, int], TensorStatistics]:
    """From merged rows, and which they are, to their statistics. ``made``: values that PEFT's own code gave."""
    side = reference_side(tensor, files, width)
    exact = side.exact if made is None else rows_after([], lambda begin, end: made.view(-1, width)[begin:end])
    draw = draws_of(tensor, width)

    def judge(merged: torch.Tensor, begin: int, end: int) -> TensorStatistics:
        deltas, values = [part(begin, end) for part in side.parts], exact(begin, end)
        drawn = draw(values, [(begin, end)], merged.dtype) if draw else None
        return gather(side.base(begin, end), values, merged, deltas, drawn)

    return judge


@dataclass(frozen=True, slots=True)
class ReferenceSide:
    """Rows of the base, of base and adapters, and of the deltas that these are the sum of where there are several.

    All (rows, width) float64.
    """

    base: Rows
    exact: Rows
    parts: tuple[Rows, ...]


def reference_side(tensor: PlannedTensor, files: OpenFiles, width: int) -> ReferenceSide:
    """What rows of ``tensor`` are compared with. Raises UserError(read_failed)."""
    start = rows_of(files, tensor.source, width)
    plain = start if tensor.source is tensor.base else _base_rows(tensor, files, width)
    addends = tensor.updates[0].addends if len(tensor.updates) == 1 else ()
    parts = tuple(_delta_of(part, start) for part in addends)
    return ReferenceSide(lambda begin, end: plain(begin, end).double(), rows_after(tensor.updates, start), parts)


def _delta_of(part: Update, start: Rows) -> Rows:
    after = rows_after([part], start)
    return lambda begin, end: after(begin, end) - start(begin, end).double()


def _base_rows(tensor: PlannedTensor, files: OpenFiles, width: int) -> Rows:
    """The base's rows beside those of a full copy; a copy with more rows has the source's own there."""
    if tensor.base.elements == tensor.source.elements:
        return rows_of(files, tensor.base, width)
    base, source = rows_of(files, tensor.base, width), rows_of(files, tensor.source, width)
    count = tensor.base.shape[0] if tensor.base.shape else 1

    def read(begin: int, end: int) -> torch.Tensor:
        inside = base(begin, min(end, count)) if begin < count else source(0, 0)
        return torch.cat([inside.double(), source(max(begin, count), max(end, count)).double()])[: end - begin]

    return read


def _other_shape(tensor: PlannedTensor, merged: TensorRecord, files: OpenFiles, comparison: Comparison) -> Measured:
    """A tensor of which only the first rows can be compared, if any."""
    common = min(merged.shape[0], tensor.shape[0]) if merged.shape and tensor.shape else 0
    if merged.shape[1:] != tensor.shape[1:] or not merged.is_floating:
        return Measured(tensor, TensorStatistics(), outcome_of(TensorStatistics()), shape=merged.shape)
    width = _width(tensor)
    common = common * (tensor.source.elements // tensor.shape[0]) // width
    blocks = _blocks(tensor.name, common, width, comparison.quick)
    return replace(_summed(tensor, files, comparison, rows_of(files, merged, width), blocks), shape=merged.shape)


def _as_bytes(tensor: PlannedTensor, merged: TensorRecord, files: OpenFiles, cancel: CancelToken) -> Measured:
    """A tensor that no precision applies to: the same bytes, or not."""
    if merged.dtype == tensor.source.dtype and same_values(files, merged, tensor.source, cancel):
        return _right(tensor)
    statistics = TensorStatistics(elements=merged.elements)
    return Measured(tensor, statistics, outcome_of(statistics))


def _right(tensor: PlannedTensor) -> Measured:
    """A tensor whose bytes are those it came from."""
    return Measured(tensor, *_all_right(tensor.source.elements))


@lru_cache(maxsize=1024)
def _all_right(count: int) -> tuple[TensorStatistics, Told]:
    """Of as many elements: the same for all of the thousands of tensors that are as large."""
    statistics = TensorStatistics(count, count, count, unchanged=count)
    return statistics, outcome_of(statistics)


def _merged_rows(tensor: PlannedTensor, files: OpenFiles, matching: Matching, width: int, side: str = "") -> Rows:
    whole = matching.whole.get(tensor.name)
    if whole is not None:
        return rows_of(files, whole, width, side)
    height = tensor.shape[-2] if len(tensor.shape) > 1 else 1
    return rows_of_parts(files, list(matching.parts[tensor.name]), height, tensor.shape[-1])


def _width(tensor: PlannedTensor) -> int:
    if tensor.width > 1:
        return tensor.width
    return tensor.shape[-1] if len(tensor.shape) > 1 else 1


def _blocks(name: str, count: int, width: int, quick: bool) -> list[tuple[int, int]]:
    """All rows in blocks; quick: the first and last block of a few spread ones, the same each time."""
    if not quick or count * width <= _SAMPLED_BLOCKS * _SAMPLED_ELEMENTS:
        step = max(1, BLOCK_ELEMENTS // max(1, width))
        return [(begin, min(count, begin + step)) for begin in range(0, count, step)]
    step = max(1, _SAMPLED_ELEMENTS // width)
    step += -step % (_ALIGNMENT if width % _ALIGNMENT else 1)
    return list(dict.fromkeys(_spread(name, count, step)))


def _spread(name: str, count: int, step: int) -> Iterator[tuple[int, int]]:
    room = max(0, count - step)
    yield 0, min(step, count)
    for number in range(1, _SAMPLED_BLOCKS - 1):
        begin = room * number // (_SAMPLED_BLOCKS - 1) + zlib.crc32(name.encode()) % max(1, step)
        begin = min(begin - begin % _ALIGNMENT, room)
        yield begin, min(begin + step, count)
    yield room - room % _ALIGNMENT, count
