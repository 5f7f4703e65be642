"""Tensors that are plainly right, or plainly the base's, are told by a fast path, in float32; all others in float64.

It sums up no more than a right tensor is told by, and in as few passes as can be. Formulas are written out here
once more, apart from the engines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy
import torch

from ...methods.reference import Change, Rows
from .drawn_rounding import RoundRows
from .statistics import TensorStatistics

# A float32 sum of products is off by a few roundings of its largest parts; half of what ``statistics`` allows.
_FLOAT32_ERROR = 8 * 2.0**-24
_SIXTEEN_BITS = (torch.bfloat16, torch.float16)
_NEARLY_ALL, _MANY = 0.999, 0.9
_SMALLEST_NORMAL = 2.0**-14


@dataclass(slots=True)
class Workspace:
    """One thread's memory, reused for every block: float32 values, and values in a merged dtype as raw bytes."""

    exact: torch.Tensor = field(default_factory=lambda: torch.empty(0, dtype=torch.float32))
    other: torch.Tensor = field(default_factory=lambda: torch.empty(0, dtype=torch.float32))
    rounded: torch.Tensor = field(default_factory=lambda: torch.empty(0, dtype=torch.uint8))
    flags: numpy.ndarray = field(default_factory=lambda: numpy.empty(0, dtype=bool))

    def make_room(self, elements: int) -> None:
        """Grow to hold a block of ``elements``; what was held is lost."""
        if elements > self.exact.numel():
            self.exact = torch.empty(elements, dtype=torch.float32)
            self.other = torch.empty(elements, dtype=torch.float32)
            self.rounded = torch.empty(elements * 4, dtype=torch.uint8)
            self.flags = numpy.empty(elements, dtype=bool)


@dataclass(frozen=True, slots=True)
class Sides:
    """Where rows come from, each (rows, width) in its own dtype and valid until the same side is read again.

    ``base`` is W. ``start`` is what ``changes`` are made to, None where it is W. ``draw``: how chance rounds, where a
    seed is stated.
    """

    base: Rows
    merged: Rows
    changes: Change
    start: Rows | None = None
    draw: RoundRows | None = None


def judge_fast(
    sides: Sides, blocks: Sequence[tuple[int, int]], workspace: Workspace, check: Callable[[], None]
) -> TensorStatistics | None:
    """The statistics of a tensor all of which is right, or all of which is the base's; None where that is not plain.

    What is the base's though it should not be counts as right only where rounding would have left it so. ``along``,
    ``moved``, ``due`` and ``rounding`` stay 0 there, and for dtypes of 16 bits, where equal bits tell enough.
    """
    total = TensorStatistics()
    for begin, end in blocks:
        check()
        seen = _sums_if_plain(sides, begin, end, workspace)
        if seen is None:
            return None
        total += seen
    return total


@dataclass(frozen=True, slots=True)
class _FastBlock:
    """W and M in their own dtypes, W + D in float32, all (rows, width); ``delta`` is ΣD².

    ``drawn``: what chance makes of W + D in M's dtype, where a seed is stated.
    """

    before: torch.Tensor
    merged: torch.Tensor
    exact: torch.Tensor
    base: float
    delta: float
    drawn: torch.Tensor | None = None


def _sums_if_plain(sides: Sides, begin: int, end: int, workspace: Workspace) -> TensorStatistics | None:
    before, merged = sides.base(begin, end), sides.merged(begin, end)
    workspace.make_room(merged.numel())
    exact = workspace.exact[: merged.numel()].view(merged.shape).copy_(before)
    base = _dot(exact, exact)
    if sides.start is not None:
        exact.copy_(sides.start(begin, end))
    known = sides.changes(exact, begin)
    if known is None or sides.start is not None:
        delta = workspace.other[: exact.numel()].view(exact.shape).copy_(before).sub_(exact)
        known = _dot(delta, delta)
    drawn = sides.draw(exact, [(begin, end)], merged.dtype) if sides.draw else None
    block = _FastBlock(before, merged, exact, base, known, drawn)
    if merged.dtype is torch.float32:
        return _in_float32(block, workspace)
    return _in_sixteen_bits(block, workspace) if merged.dtype in _SIXTEEN_BITS else None


def _in_sixteen_bits(block: _FastBlock, workspace: Workspace) -> TensorStatistics | None:
    merged, count = block.merged, block.merged.numel()
    once = workspace.rounded[: count * 2].view(merged.dtype).view(merged.shape).copy_(block.exact)
    same = _equal_bits(once, merged, workspace)
    if not _finite(block, once):
        return None
    if block.drawn is not None and (seen := _as_drawn(block, block.drawn, workspace)) is not None:
        return replace(seen, exact=same)
    right = same >= _NEARLY_ALL * count and (same == count or _others_are_near(block, workspace))
    unmoved = block.before if block.before.dtype is merged.dtype else once.copy_(block.before)
    unchanged = _equal_values(unmoved, merged, workspace)
    if not right:
        return _stayed(block, same) if unchanged == count else None
    return TensorStatistics(count, count, same, unchanged=unchanged, lost=unchanged, delta=block.delta, base=block.base)


def _as_drawn(block: _FastBlock, drawn: torch.Tensor, workspace: Workspace) -> TensorStatistics | None:
    """A block that is what the seed draws; None where it is not."""
    count = block.merged.numel()
    same = _equal_bits(drawn, block.merged, workspace)
    if same < _NEARLY_ALL * count or (same < count and not _others_are_near(block, workspace, steps=1.0)):
        return None
    unchanged = _equal_values(block.before.to(block.merged.dtype), block.merged, workspace)
    return TensorStatistics(count, count, 0, unchanged=unchanged, delta=block.delta, base=block.base, drawn=same)


def _stayed(block: _FastBlock, same: int) -> TensorStatistics:
    """A block of the base's values, ``same`` of which W + D rounds to as well."""
    count = block.merged.numel()
    return TensorStatistics(count, same, same, unchanged=count, lost=same, delta=block.delta, base=block.base)


def _finite(block: _FastBlock, once: torch.Tensor) -> bool:
    """Whether no value is infinite or NaN: bits may be equal and broken on both sides."""
    return bool(torch.dot(block.exact.view(-1), block.exact.view(-1)).isfinite()) and (
        once.dtype is torch.bfloat16 or bool(once.isfinite().all())
    )


def _equal_bits(first: torch.Tensor, second: torch.Tensor, workspace: Workspace) -> int:
    """How many are the same; ``workspace.flags`` says which."""
    flags = workspace.flags[: first.numel()]
    numpy.equal(_integers(first), _integers(second), out=flags)
    return int(numpy.count_nonzero(flags))


def _integers(values: torch.Tensor) -> numpy.ndarray:
    flat = values.reshape(-1)
    integers: numpy.ndarray = flat.view(torch.int16 if flat.element_size() == 2 else torch.int32).numpy()
    return integers


def _equal_values(first: torch.Tensor, second: torch.Tensor, workspace: Workspace) -> int:
    """The same, where a zero equals one of the other sign; as only matters where all may be the same."""
    same = _equal_bits(first, second, workspace)
    return same if same < _MANY * first.numel() else int((first == second).sum())


def _others_are_near(block: _FastBlock, workspace: Workspace, steps: float = 0.5) -> bool:
    """Whether the few values that are not the same are no further off than float32 sums and rounding explain."""
    flags = workspace.flags[: block.merged.numel()].reshape(block.merged.shape)
    rows, columns = (torch.from_numpy(places) for places in numpy.nonzero(~flags))
    before, exact = block.before[rows, columns].float(), block.exact[rows, columns]
    touched = torch.unique(rows)
    largest = (block.exact[touched] - block.before[touched].float()).abs().amax()
    room = (before.abs() + largest) * _FLOAT32_ERROR
    room += exact.abs().clamp(min=_SMALLEST_NORMAL) * (torch.finfo(block.merged.dtype).eps * steps)
    off = block.merged[rows, columns].float() - exact
    return bool((off.abs() <= room).all())


def _in_float32(block: _FastBlock, workspace: Workspace) -> TensorStatistics | None:
    merged, exact, count = block.merged, block.exact, block.merged.numel()
    before = block.before.float()
    delta, moved, off = exact - before, merged - before, merged - exact
    room = (before.abs() + delta.abs().amax()) * _FLOAT32_ERROR
    unchanged = _equal_values(before, merged, workspace)
    if not bool((off.abs() <= room).all()):
        stays = unchanged == count and bool(torch.dot(exact.view(-1), exact.view(-1)).isfinite())
        return _stayed(block, _equal_values(exact, merged, workspace)) if stays else None
    return TensorStatistics(
        elements=count,
        right=count,
        exact=_equal_bits(exact, merged, workspace),
        unchanged=unchanged,
        lost=_equal_values(before, exact, workspace),
        delta=block.delta,
        due=_dot(delta, delta),
        along=_dot(moved, delta),
        moved=_dot(moved, moved),
        base=block.base,
        rounding=_dot(off, off),
    )


def _dot(first: torch.Tensor, second: torch.Tensor) -> float:
    return float(torch.dot(first.view(-1), second.view(-1)))
