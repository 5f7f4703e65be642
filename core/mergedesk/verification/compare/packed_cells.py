"""A weight that was packed again, against base and adapters: each code must be the nearest there is, in float64.

Nothing is asked of how scales came about, but that the whole is no coarser than the base was: any tool's will do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import torch
from msgspec import structs

from ...checkpoints.checkpoint import PackedTensor
from ...methods.reference import rows_after
from ...planning.plan import PlannedTensor
from ...quantization.packing_format import Cells
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

# The least and the most that is rounded to each code, float64.
Sides = tuple[torch.Tensor, torch.Tensor]


def packed_in_place_of(packed: PackedTensor, stored: Mapping[str, TensorRecord]) -> PackedTensor | None:
    """The weight as another folder stores it, under the same names; None where a part is missing, or is another."""
    parts = {role: stored.get(part.name) for role, part in packed.parts.items()}
    whole = {role: part for role, part in parts.items() if part is not None and _is_alike(part, packed.parts[role])}
    return structs.replace(packed, parts=whole) if len(whole) == len(parts) else None


def _is_alike(part: TensorRecord, other: TensorRecord) -> bool:
    return (part.dtype, part.shape) == (other.dtype, other.shape)


def cells_of(packed: PackedTensor) -> Cells:
    """What is rounded to each code that is stored. Raises UserError(read_failed)."""
    made = FORMATS[packed.packing].cells
    assert made is not None
    return made(packed)


def packed_sums(
    tensor: PlannedTensor, merged: PackedTensor, files: OpenFiles
) -> Callable[[int, int], TensorStatistics]:
    """From some rows to their statistics. Raises UserError(read_failed)."""
    assert isinstance(tensor.base, PackedTensor)
    base, values = rows_of(files, tensor.base, tensor.width), rows_of(files, merged, tensor.width)
    exact, cells, steps = rows_after(tensor.updates, base), cells_of(merged), _steps(tensor.base)

    def sums(begin: int, end: int) -> TensorStatistics:
        low, high = (torch.from_numpy(side) for side in cells(begin, end))
        before, written = base(begin, end).double(), values(begin, end).double()
        return gather_packed(before, exact(begin, end), written, (low, high), steps(begin, end, before))

    return sums


def _steps(packed: PackedTensor) -> Callable[[int, int, torch.Tensor], torch.Tensor]:
    """How wide the base's own cells are around its values; of the outermost, twice what lies to the inner side."""
    cells = cells_of(packed)

    def steps(begin: int, end: int, values: torch.Tensor) -> torch.Tensor:
        (low, high), middle = cells(begin, end), values.numpy()
        below, above = middle - low, high - middle
        inner = 2 * np.where(np.isfinite(below), below, above)
        return torch.from_numpy(np.where(np.isfinite(high - low), high - low, inner))

    return steps


def gather_packed(
    base: torch.Tensor, exact: torch.Tensor, written: torch.Tensor, cells: Sides, steps: torch.Tensor
) -> TensorStatistics:
    """The statistics of one block, all float64 of one shape: W, W + D, what codes are worth, and what they stand for.

    ``exact`` counts values that lie within their code's cell, ``right`` also those that do but for sixteen-bit
    arithmetic; ``rounding`` is a twelfth of the square of the base's own ``steps``, as wide as values have grown.
    """
    delta, shift, off = exact - base, written - base, written - exact
    steps = widened(steps, base, exact)
    slack = _FLOAT32_ERROR * (base.abs() + delta.abs().amax())
    within = _is_between(exact, cells, slack)
    near = _is_between(exact, cells, slack + _SIXTEEN_BIT_ERROR * exact.abs())
    stayed = written == base
    return TensorStatistics(
        elements=written.numel(),
        right=_count(near),
        exact=_count(within),
        unchanged=_count(stayed),
        neither=_count(~near & ~stayed),
        astray=_count(~near & (off.abs() > _STEPS_ASTRAY * steps)),
        not_finite=_count(~written.isfinite()),
        delta=_dot(delta, delta),
        due=_dot(torch.where(within, written, exact) - base, delta),
        along=_dot(shift, delta),
        moved=_dot(shift, shift),
        base=_dot(base, base),
        rounding=_dot(steps, steps) / 12,
    )


def widened(steps: torch.Tensor, base: torch.Tensor, exact: torch.Tensor) -> torch.Tensor:
    """The base's steps, wider where the largest value of a row, or of a group in it, has grown; all (rows, width).

    Where there was nothing but zeros, and so no step, as wide as the largest value.
    """
    length = _GROUP if base.shape[-1] % _GROUP == 0 else base.shape[-1]
    before, after = (side.abs().view(len(side), -1, length).amax(-1, keepdim=True) for side in (base, exact))
    of_rows = after.amax(1, keepdim=True) / before.amax(1, keepdim=True)
    growth = torch.maximum(after / before, of_rows).clamp_(min=1.0)
    wider = steps.view(len(steps), -1, length) * growth
    return torch.where(before > 0, wider, torch.maximum(after, wider.nan_to_num(posinf=0.0))).view(steps.shape)


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
