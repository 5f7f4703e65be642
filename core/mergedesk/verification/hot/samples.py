"""Some rows of every merged tile against base and adapter, in float64; those of several tiles at once, for speed.

Where float32 arithmetic can be told within bounds, as with plain low-rank updates written in 16 bits, each value must
be one that some order of operations gives. Of all other updates sums are kept, and told by once the tensor is whole.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from msgspec import structs

from ...checkpoints.checkpoint import PackedTensor
from ...methods.combined import CombinedUpdate
from ...methods.combined import reference as combined
from ...methods.lora import LowRankUpdate
from ...methods.lora import reference as lora
from ...methods.update import Update
from ...planning.plan import PlannedTensor
from ...storage.open_files import OpenFiles
from ...storage.torch_dtypes import torch_dtype
from ..compare.drawn_rounding import draws_of
from ..compare.rows import Ranges, limits_of, rows_in
from ..compare.statistics import TensorStatistics, gather
from ..compare.tensor_comparison import reference_side

ELEMENTS = 2048
# A dozen copies of as many in float64 are small beside tiles.
_TOGETHER = 1 << 15
_SINGLE_ROWS = 4
_SIXTEEN_BITS = ("BF16", "F16")
_HELD_BY_FLOAT32 = (*_SIXTEEN_BITS, "F32")
# Where blocks of packed weights begin, whatever the format.
_ALIGNMENT = 64


@dataclass(frozen=True, slots=True)
class Seen:
    """What some rows showed: nothing is wrong, something is not the base's, and sums where those are what tells."""

    right: bool = True
    changed: bool = False
    statistics: TensorStatistics = field(default_factory=TensorStatistics)

    def __add__(self, other: Seen) -> Seen:
        """What both showed."""
        sums = self.statistics + other.statistics if other.statistics.elements else self.statistics
        return Seen(self.right and other.right, self.changed or other.changed, sums)


# Written rows, (rows, width) in their own dtype, and which they are.
Look = Callable[[torch.Tensor, Ranges], Seen]


@dataclass(slots=True)
class Samples:
    """The rows of one chunk that are waiting to be looked at, and what others showed."""

    look: Look
    rows: list[torch.Tensor] = field(default_factory=list)
    ranges: list[tuple[int, int]] = field(default_factory=list)
    elements: int = 0
    seen: Seen = field(default_factory=Seen)

    def add(self, rows: torch.Tensor, begin: int) -> None:
        """Written rows (rows, width), which are copied, and the number of the first."""
        self.rows.append(rows.clone())
        self.ranges.append((begin, begin + len(rows)))
        self.elements += rows.numel()
        if self.elements >= _TOGETHER:
            self.compare()

    def compare(self) -> Seen:
        """Look at what is waiting; what all showed so far."""
        if self.rows:
            self.seen += self.look(torch.cat(self.rows), self.ranges)
            self.rows, self.ranges, self.elements = [], [], 0
        return self.seen


def look_at(tensor: PlannedTensor, updates: Sequence[Update], files: OpenFiles) -> Look:
    """What tells whether rows of ``tensor`` that ``updates`` touch are right. Raises UserError(read_failed)."""
    if (bounded := _bounded(tensor, updates, files)) is not None:
        return bounded
    side = reference_side(structs.replace(tensor, updates=tuple(updates)), files, tensor.width)
    draw = draws_of(tensor, tensor.width)

    def look(rows: torch.Tensor, ranges: Ranges) -> Seen:
        deltas, exact = [rows_in(part, ranges) for part in side.parts], rows_in(side.exact, ranges)
        drawn = draw(exact, ranges, rows.dtype) if draw else None
        sums = gather(rows_in(side.base, ranges), exact, rows, deltas, drawn)
        return Seen(True, sums.unchanged < sums.elements, sums)

    return look


def _bounded(tensor: PlannedTensor, updates: Sequence[Update], files: OpenFiles) -> Look | None:
    """Each value lies between roundings of the least and most that float32 may give; None where nothing bounds it.

    Rounding by chance bounds it as well, as what is drawn for a value is the same for its least and its most.
    """
    bounds = _bounds_of(tensor, updates)
    if bounds is None:
        return None
    base, dtype = limits_of(files, tensor.base, tensor.width), torch_dtype(tensor.dtype)
    to_dtype = draws_of(tensor, tensor.width) or _nearest

    def look(rows: torch.Tensor, ranges: Ranges) -> Seen:
        low, high = base(ranges)
        numbers = torch.cat([torch.arange(begin, end) for begin, end in ranges])
        least, most = bounds(low.double(), numbers)
        if high is not low:
            most = bounds(high.double(), numbers)[1]
        limits = to_dtype(least, ranges, dtype), to_dtype(most, ranges, dtype)
        unchanged = _lies_between(rows, low.to(dtype), high.to(dtype))
        return Seen(_lies_between(rows, *limits), not unchanged)

    return look


def _nearest(values: torch.Tensor, _ranges: Ranges, dtype: torch.dtype) -> torch.Tensor:
    return values.to(dtype)


def _lies_between(rows: torch.Tensor, least: torch.Tensor, most: torch.Tensor) -> bool:
    return bool((least <= rows).logical_and_(rows <= most).all())


def _bounds_of(tensor: PlannedTensor, updates: Sequence[Update]) -> lora.Bounds | None:
    """Of the one low-rank update, where nothing is rounded on the way but float32 sums."""
    dtypes_fit = tensor.dtype in _SIXTEEN_BITS and tensor.base.dtype in _HELD_BY_FLOAT32
    if tensor.source is not tensor.base or not dtypes_fit or len(updates) != 1:
        return None
    [update] = updates
    if update.width != tensor.width or not update.is_plain:
        return None
    if isinstance(update, LowRankUpdate):
        return lora.bounds(*lora.stored_pair(update, torch.float64), update.transposed, update.rows[0])
    if isinstance(update, CombinedUpdate):
        pair = combined.stored_pair(update, torch.float64)
        return lora.bounds(*pair, update.parts[0].transposed, update.rows[0])
    return None


@dataclass(frozen=True, slots=True)
class Places:
    """Which rows of ``width`` elements are looked at: ``count`` at a time, and some of the ``singles``.

    ``step``: they begin at multiples of it.
    """

    name: str
    width: int
    count: int
    step: int
    singles: tuple[int, ...]

    def of(self, begin: int, end: int) -> Ranges:
        """Those of a tile: rows at a place that is another in each, and some of those that are trained singly."""
        count = min(self.count, end - begin)
        place = zlib.crc32(f"{self.name} {begin}".encode()) % (end - begin - count + 1)
        first = max(begin, (begin + place) // self.step * self.step)
        singles = [row for row in self.singles if begin <= row < end][:_SINGLE_ROWS]
        return [(first, min(end, first + count)), *((row, row + 1) for row in singles)]


def places_in(tensor: PlannedTensor, updates: Sequence[Update]) -> Places:
    """Which rows are looked at of ``tensor``, where ``updates`` change it."""
    width = tensor.width
    count, step = max(1, ELEMENTS // width), 1
    if isinstance(tensor.source, PackedTensor) and width % _ALIGNMENT:
        count, step = count + -count % _ALIGNMENT, _ALIGNMENT
    singles = sorted({row for update in updates for row in update.single_rows or ()})
    return Places(tensor.name, width, count, step, tuple(singles))
