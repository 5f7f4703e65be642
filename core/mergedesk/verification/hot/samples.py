"""Some rows of every merged tile against base and adapter, in float64.

Where float32 arithmetic can be told within bounds, as with plain low-rank updates written in 16 bits, each value must
be one that some order of operations gives. Of all other updates sums are kept, and told by once the tensor is whole.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...methods.combined import CombinedUpdate
from ...methods.combined import reference as combined
from ...methods.lora import LowRankUpdate
from ...methods.lora import reference as lora
from ...methods.update import Update
from ...planning.plan import PlannedTensor
from ...storage.open_files import OpenFiles
from ...storage.torch_dtypes import torch_dtype
from ..compare.rows import rows_of
from ..compare.statistics import TensorStatistics
from ..compare.tensor_comparison import sums_of

ELEMENTS = 4096
_SINGLE_ROWS = 4
_SIXTEEN_BITS = ("BF16", "F16")
_HELD_BY_FLOAT32 = (*_SIXTEEN_BITS, "F32")
# Where blocks of packed weights begin, whatever the format.
_ALIGNMENT = 64


@dataclass(frozen=True, slots=True)
class Seen:
    """What some rows showed: nothing is wrong, something is not the base's, and sums where those are what tells."""

    right: bool
    changed: bool
    statistics: TensorStatistics = field(default_factory=TensorStatistics)


# Written rows, (rows, width) in their own dtype, and the number of the first.
Look = Callable[[torch.Tensor, int], Seen]


def look_at(tensor: PlannedTensor, updates: Sequence[Update], files: OpenFiles) -> Look:
    """What tells whether rows of ``tensor`` that ``updates`` touch are right. Raises UserError(read_failed)."""
    if (bounded := _bounded(tensor, updates, files)) is not None:
        return bounded
    sums = sums_of(replace(tensor, updates=tuple(updates)), files, tensor.width)

    def look(rows: torch.Tensor, begin: int) -> Seen:
        statistics = sums(rows, begin, begin + len(rows))
        return Seen(True, statistics.unchanged < statistics.elements, statistics)

    return look


def _bounded(tensor: PlannedTensor, updates: Sequence[Update], files: OpenFiles) -> Look | None:
    """Each value lies between roundings of the least and most that float32 may give; None where nothing bounds it."""
    pair = _pair_of(tensor, updates)
    if pair is None:
        return None
    a, b, transposed, touched = pair
    delta, error = lora.added(a, b, transposed, touched), lora.roundings(a, b, transposed, touched[0])
    base, dtype = rows_of(files, tensor.base, tensor.width), torch_dtype(tensor.dtype)

    def look(rows: torch.Tensor, begin: int) -> Seen:
        before = base(begin, begin + len(rows))
        exact = before.double()
        delta(exact, begin)
        room = error(begin, begin + len(rows)).add_(exact.abs() + before.abs(), alpha=2 * lora.FLOAT32_UNIT)
        least, most = (exact - room).to(dtype), (exact + room).to(dtype)
        right = bool(((least <= rows) & (rows <= most)).all())
        return Seen(right, not torch.equal(before.to(dtype), rows))

    return look


# A, B, whether the weight is stored turned around, and the rows that are touched.
Pair = tuple[torch.Tensor, torch.Tensor, bool, tuple[int, int]]


def _pair_of(tensor: PlannedTensor, updates: Sequence[Update]) -> Pair | None:
    """The float64 factors of the one low-rank update, where nothing is rounded on the way but float32 sums."""
    plain = tensor.source is tensor.base and not isinstance(tensor.base, PackedTensor)
    if not plain or tensor.dtype not in _SIXTEEN_BITS or tensor.base.dtype not in _HELD_BY_FLOAT32 or len(updates) != 1:
        return None
    [update] = updates
    if update.width != tensor.width or not update.is_plain:
        return None
    if isinstance(update, LowRankUpdate):
        return *lora.stored_pair(update, torch.float64), update.transposed, update.rows
    if isinstance(update, CombinedUpdate):
        return *combined.stored_pair(update, torch.float64), update.parts[0].transposed, update.rows
    return None


def sampled_rows(tensor: PlannedTensor, updates: Sequence[Update], begin: int, end: int) -> list[tuple[int, int]]:
    """Which rows are looked at of a tile: some at a place that is another in each, and some that are trained singly."""
    singles = sorted({row for update in updates for row in update.single_rows or () if begin <= row < end})
    count, step = max(1, ELEMENTS // tensor.width), 1
    if isinstance(tensor.source, PackedTensor) and tensor.width % _ALIGNMENT:
        count, step = count + -count % _ALIGNMENT, _ALIGNMENT
    count = min(count, end - begin)
    place = zlib.crc32(f"{tensor.name} {begin}".encode()) % (end - begin - count + 1)
    first = max(begin, (begin + place) // step * step)
    return [(first, min(end, first + count)), *((row, row + 1) for row in singles[:_SINGLE_ROWS])]
