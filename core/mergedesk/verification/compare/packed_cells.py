"""A weight that was packed again, against base and adapters: each code must be the nearest there is, in float64.

Nothing is asked of how scales came about, but that the whole is no coarser than the base was: any tool's will do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import torch
from msgspec import structs

from ...checkpoints.checkpoint import PackedTensor
from ...methods.reference import changes_to
from ...planning.plan import PlannedTensor
from ...quantization.exact import Array
from ...quantization.packing_format import Cells
from ...quantization.reference import as_library_rounds
from ...quantization.registry import FORMATS
from ...storage.open_files import OpenFiles
from ...storage.safetensors_header import TensorRecord
from .outcome import AS_IT_SHOULD, TensorOutcome, Told, outcome_of
from .rows import rows_of
from .statistics import TensorStatistics

# A float32 sum of products is off by a few roundings of its largest parts.
_FLOAT32_ERROR = 16 * 2.0**-24
# What is worked out in sixteen bits may be a code further on.
_SIXTEEN_BIT_ERROR = 2.0**-7
_NEARLY_ALL = 0.999
# How many times what rounding to the base's own steps leaves; beyond it scales are too coarse.
_ROUNDING_ROOM = 6.0
_STEPS_ASTRAY = 3.0
# Values that mostly share a scale, if not with more.
_GROUP = 16
# A dozen copies in float64 of so many are looked at together; of rows that only go together, so many.
BLOCK_ELEMENTS = 1 << 16
_UNIT_ELEMENTS = 1 << 20

# The least and the most that is rounded to each code, float64.
Sides = tuple[torch.Tensor, torch.Tensor]


def packed_in_place_of(packed: PackedTensor, stored: Mapping[str, TensorRecord]) -> PackedTensor | None:
    """The weight as another folder stores it, under the same names; None where a part is missing, or is another."""
    parts = {role: stored.get(part.name) for role, part in packed.parts.items()}
    whole = {role: part for role, part in parts.items() if part is not None and _is_alike(part, packed.parts[role])}
    return structs.replace(packed, parts=whole) if len(whole) == len(parts) else None


def _is_alike(part: TensorRecord, other: TensorRecord) -> bool:
    return (part.dtype, part.shape) == (other.dtype, other.shape)


def cells_of(packed: PackedTensor, files: OpenFiles) -> Cells:
    """What is rounded to each code that is stored. Raises UserError(read_failed)."""
    made = FORMATS[packed.packing].cells
    assert made is not None
    return made(packed, files)


def rows_at_a_time(packed: PackedTensor) -> int:
    """How many are looked at together: few, so that what is worked out stays in the processor's caches.

    Where rows only go together, as those of an expert may, each look reads all of them.
    """
    made = FORMATS[packed.packing].repacks(packed)
    unit = made.unit if made else 1
    elements = BLOCK_ELEMENTS if unit * packed.width <= BLOCK_ELEMENTS else _UNIT_ELEMENTS
    return max(1, elements // packed.width)


def packed_sums(
    tensor: PlannedTensor, merged: PackedTensor, files: OpenFiles
) -> Callable[[int, int], TensorStatistics]:
    """From some rows to their statistics. Raises UserError(read_failed)."""
    assert isinstance(tensor.base, PackedTensor)
    packed, ours, theirs = tensor.base, cells_of(merged, files), cells_of(tensor.base, files)
    changed = changes_to(tensor.updates, rows_of(files, packed, tensor.width))

    def sums(begin: int, end: int) -> TensorStatistics:
        worth, *sides = theirs(begin, end)
        before = as_library_rounds(packed, worth).double()
        steps = torch.from_numpy(cell_widths(before.numpy(), *sides))
        worth, low, high = ours(begin, end)
        written = as_library_rounds(merged, worth).double()
        cells = torch.from_numpy(low), torch.from_numpy(high)
        return gather_packed(before, changed(before, begin), written, cells, steps)

    return sums


def cell_widths(values: Array, low: Array, high: Array) -> Array:
    """How wide cells are around values; of the outermost, twice what lies to the inner side."""
    wide = high - low
    outer = np.flatnonzero(~np.isfinite(wide))
    middle, least, most = (np.take(side, outer) for side in (values, low, high))
    below, above = middle - least, most - middle
    np.put(wide, outer, 2 * np.where(np.isfinite(below), below, above))
    return wide


def gather_packed(
    base: torch.Tensor, exact: torch.Tensor, written: torch.Tensor, cells: Sides, steps: torch.Tensor
) -> TensorStatistics:
    """The statistics of one block, all float64 of one shape: W, W + D, what codes are worth, and what they stand for.

    ``exact`` counts values that lie within their code's cell, ``right`` also those that do but for sixteen-bit
    arithmetic; ``rounding`` is a twelfth of the square of the base's own ``steps``, as wide as values have grown.
    """
    delta, shift, count = exact - base, written - base, written.numel()
    steps = widened(steps, base, exact)
    within, near = _inside(base, exact, delta, cells)
    stayed, inside = written == base, bool(within.all())
    moved = _dot(shift, shift)
    along = _dot(shift, delta)
    return TensorStatistics(
        elements=count,
        right=count if inside else _count(near),
        exact=count if inside else _count(within),
        unchanged=_count(stayed),
        neither=0 if inside else _count(~near & ~stayed),
        astray=0 if inside else _count(~near & ((written - exact).abs() > _STEPS_ASTRAY * steps)),
        not_finite=0 if math.isfinite(moved) else _count(~written.isfinite()),
        delta=_dot(delta, delta),
        due=along if inside else _dot(torch.where(within, written, exact) - base, delta),
        along=along,
        moved=moved,
        base=_dot(base, base),
        rounding=_dot(steps, steps) / 12,
    )


def _inside(
    base: torch.Tensor, exact: torch.Tensor, delta: torch.Tensor, cells: Sides
) -> tuple[torch.Tensor, torch.Tensor]:
    """Where values lie within their cells but for float32 sums, and where they do but for sixteen bits."""
    within = (cells[0] <= exact) & (exact <= cells[1])
    if bool(within.all()):
        return within, within
    near, places = within.clone(), torch.nonzero(~within, as_tuple=True)
    slack = _FLOAT32_ERROR * (base[places].abs() + delta.abs().amax())
    values, sides = exact[places], (cells[0][places], cells[1][places])
    within[places] = _is_between(values, sides, slack)
    near[places] = _is_between(values, sides, slack + _SIXTEEN_BIT_ERROR * values.abs())
    return within, near


def widened(steps: torch.Tensor, base: torch.Tensor, exact: torch.Tensor) -> torch.Tensor:
    """The base's steps, wider where the largest value of a row, or of a group in it, has grown; all (rows, width).

    Where there was nothing but zeros, and so no step, as wide as the largest value.
    """
    length = _GROUP if base.shape[-1] % _GROUP == 0 else base.shape[-1]
    before, after = (side.abs().view(len(side), -1, length).amax(-1, keepdim=True) for side in (base, exact))
    of_rows = after.amax(1, keepdim=True) / before.amax(1, keepdim=True)
    growth = torch.maximum(after / before, of_rows).clamp_(min=1.0)
    wider = steps.view(len(steps), -1, length) * growth
    if not bool((before > 0).all()):
        wider = torch.where(before > 0, wider, torch.maximum(after, wider.nan_to_num(posinf=0.0)))
    return wider.view(steps.shape)


def packed_outcome(sums: TensorStatistics) -> Told:
    """What became of it. The base's own values are no merge, though a change may be less than half a step."""
    if sums.not_finite:
        return Told(TensorOutcome.NOT_FINITE)
    if sums.unchanged == sums.elements:
        return Told(TensorOutcome.UNCHANGED, 0.0) if sums.delta else Told(TensorOutcome.RIGHT)
    fine = sums.moved - 2 * sums.along + sums.delta <= _ROUNDING_ROOM * sums.rounding
    if fine and sums.right == sums.elements and sums.exact >= _NEARLY_ALL * sums.elements:
        return Told(TensorOutcome.RIGHT, sums.factor)
    told = outcome_of(replace(sums, exact=0, right=min(sums.right, sums.elements - 1)))
    off = told.outcome in AS_IT_SHOULD and sums.right < _NEARLY_ALL * sums.elements
    return Told(TensorOutcome.OTHER, told.factor) if off or not fine else told


def is_lost(sums: TensorStatistics) -> bool:
    """Whether all is the base's, and W + D nearer to that than to any other code."""
    return sums.unchanged == sums.elements and sums.exact >= _NEARLY_ALL * sums.elements


def _is_between(values: torch.Tensor, cells: Sides, slack: torch.Tensor) -> torch.Tensor:
    return (cells[0] - slack <= values) & (values <= cells[1] + slack)


def _count(flags: torch.Tensor) -> int:
    return int(flags.sum())


def _dot(first: torch.Tensor, second: torch.Tensor) -> float:
    return float(torch.dot(first.flatten(), second.flatten()))
