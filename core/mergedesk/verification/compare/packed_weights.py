"""A weight that a merged folder stores packed while the base's is plain: each code must be the nearest to W + D.

Nothing that packs is used. Cells come from the format's description, what scales should be from the largest values
that share one; all in float64. W + D is rounded to 16 bits before it is packed, perhaps twice, which leaves it room.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from msgspec import structs

from ...checkpoints.checkpoint import PackedTensor
from ...methods.reference import Rows
from ...planning.plan import PlannedTensor
from ...quantization.exact import Array, of_columns, scale_values, spread, whole
from ...quantization.exact import grid as in_grid
from ...quantization.registry import FORMATS
from ...storage.open_files import OpenFiles
from ...storage.safetensors_header import TensorRecord
from .outcome import AS_IT_SHOULD, TensorOutcome, Told, outcome_of
from .packed_cells import BLOCK_ELEMENTS, cell_widths, cells_of
from .statistics import TensorStatistics
from .stored_scales import count_misscaled, tells_scales

# A float32 quotient is off by a few roundings, and a scale is rounded before anything is divided by it.
_FLOAT32_ERROR = 16 * 2.0**-24
# Half a step of each dtype, as a share of a value.
_HALF_STEP = {"BF16": 2.0**-8, "F16": 2.0**-11, "F32": 2.0**-24}
_NEARLY_ALL, _LONE = 0.999, 0.01
_ROUNDING_ROOM = 6.0
_SURE, _ABOUT_ONE = 4.0, 0.02
# How much larger than it need be a scale is, once it has been rounded to the few bits it is stored in.
_SCALE_ROOM = 1 + 2.0**-5
_POWERS = ("U8", "F8_E8M0")


def standing_in(packed: PackedTensor) -> TensorRecord:
    """What says its name and shape where stored tensors are looked for; nothing is to be read by it."""
    codes = packed.parts["codes"]
    return structs.replace(codes, name=packed.name, dtype=packed.dtype, shape=packed.shape, nbytes=packed.nbytes)


@dataclass(frozen=True, slots=True)
class HeldAgainst:
    """Rows of the base, and of base and adapters, each (rows, width) float64; ``room``: half steps of its dtype."""

    base: Rows
    exact: Rows
    room: float


def expected_of(tensor: PlannedTensor, base: Rows, exact: Rows) -> HeldAgainst:
    """What a packed weight is held against. A value that was rounded by chance may be a whole step off."""
    half = _HALF_STEP.get(tensor.dtype, 0.0)
    return HeldAgainst(base, exact, 2 * half if tensor.drawing else half)


@dataclass(frozen=True, slots=True)
class _SharedScales:
    """Rows and columns that share a scale; ``scales`` of rows ``begin`` to ``end``, (rows, width)."""

    rows: int
    columns: int
    scales: Callable[[int, int], Array]


def packed_statistics(
    packed: PackedTensor,
    expected: HeldAgainst,
    blocks: Sequence[tuple[int, int]],
    files: OpenFiles,
    check: Callable[[], None],
) -> TensorStatistics:
    """The statistics of some rows, and of those that share scales with them.

    ``right`` counts values that lie in their code's cell but for sixteen-bit roundings, by a scale no larger than it
    need be; ``exact`` those that do to the last bit; ``unchanged`` those where the base's does; ``astray`` those more
    than a step off. Raises UserError(read_failed), and what ``check`` raises.
    """
    cells, grid, total = cells_of(packed, files), _grid(packed), TensorStatistics()
    step = max(1, BLOCK_ELEMENTS // packed.width)
    for first, last in _whole_units(blocks, grid.rows if grid else 1, packed.rows):
        pieces = [(begin, min(last, begin + step)) for begin in range(first, last, step)]
        tops = _tops_of_unit(expected, pieces, grid) if grid is not None and grid.rows > 1 else None
        for begin, end in pieces:
            check()
            exact, coarse = expected.exact(begin, end), None
            if grid is not None:
                needed = _needed(packed, _tops(exact, grid) if tops is None else tops, grid)
                coarse = _ratio(torch.from_numpy(grid.scales(begin, end)), needed)
            sides = _Sides(expected.base(begin, end).double(), exact, coarse, _finest(packed))
            seen = cells(begin, end)
            total += replace(_gather(seen, sides, expected.room), misscaled=_misscaled(packed, seen, exact, grid))
    return total


@dataclass(frozen=True, slots=True)
class _Sides:
    """Rows of the base, and of base and adapters, float64.

    ``coarse``: how many times larger scales are than the largest values need; ``finest``: how small that may be by the
    format's own rule.
    """

    base: torch.Tensor
    exact: torch.Tensor
    coarse: torch.Tensor | None
    finest: float


def _misscaled(
    packed: PackedTensor, cells: tuple[Array, Array, Array], exact: torch.Tensor, grid: _SharedScales | None
) -> int:
    if not tells_scales(packed) or "groups" in packed.parts:
        return 0
    written, low, high = (torch.from_numpy(side) for side in cells)
    columns, together = (grid.columns, grid.rows > 1) if grid is not None else (packed.width, True)
    return count_misscaled((written, low, high), exact, columns=columns, together=together)


def _whole_units(blocks: Sequence[tuple[int, int]], unit: int, rows: int) -> Iterator[tuple[int, int]]:
    """The same rows and all of those that share scales with them, none twice; each unit by itself, if it is many."""
    done = 0
    for begin, end in sorted(blocks):
        first, last = max(done, begin // unit * unit), min(rows, -(-end // unit) * unit)
        step = unit if unit > 1 else max(1, last - first)
        yield from ((start, min(last, start + step)) for start in range(first, last, step))
        done = max(done, last)


def _grid(packed: PackedTensor) -> _SharedScales | None:
    """None where the whole weight shares a scale, or columns do that do not lie together."""
    scales = packed.parts["scales"]
    if scales.elements == 1 or "groups" in packed.parts:
        return None
    if "scale_rows" in packed.settings:
        return _grid_of_groups(packed) if packed.whole("scale_rows") == packed.rows else None
    stored = in_grid(packed, scale_values(scales))
    if "overall" in packed.parts:
        stored = stored / float(whole(packed.parts["overall"]).reshape(-1)[0])
    size = packed.whole("block_rows"), packed.whole("block_columns")
    return _SharedScales(*size, lambda begin, end: np.ascontiguousarray(spread(packed, stored, begin, end)))


def _grid_of_groups(packed: PackedTensor) -> _SharedScales:
    stored = whole(packed.parts["scales"]).astype(np.float64).reshape(packed.rows, -1)
    length = packed.width // packed.whole("groups")
    return _SharedScales(
        1, length, lambda begin, end: np.ascontiguousarray(of_columns(stored[begin:end], packed.width, length))
    )


def _tops_of_unit(expected: HeldAgainst, pieces: Sequence[tuple[int, int]], grid: _SharedScales) -> torch.Tensor:
    return torch.stack([_tops(expected.exact(*piece), grid).amax(0, keepdim=True) for piece in pieces]).amax(0)


def _tops(values: torch.Tensor, grid: _SharedScales) -> torch.Tensor:
    """(rows, width) → the largest size in each row's groups, (rows, groups)."""
    padded = torch.nn.functional.pad(values.abs(), (0, -values.shape[-1] % grid.columns))
    return padded.view(len(values), -1, grid.columns).amax(-1)


def _needed(packed: PackedTensor, tops: torch.Tensor, grid: _SharedScales) -> torch.Tensor:
    """The scales with which the largest values have the largest codes, (rows, width); no format's are larger."""
    codes = FORMATS[packed.packing].codes
    largest = codes.by_power if packed.parts["scales"].dtype in _POWERS else codes.largest
    if largest is None:
        largest = (2.0 ** (packed.whole("bits") if "bits" in packed.settings else 8) - 1) / 2
    return tops.repeat_interleave(grid.columns, 1)[:, : packed.width] / largest


def _ratio(scales: torch.Tensor, needed: torch.Tensor) -> torch.Tensor:
    """How many times larger than need be; 1 where there is nothing but zeros."""
    return torch.where(needed > 0, scales / needed, torch.ones_like(needed))


def _finest(packed: PackedTensor) -> float:
    """Powers of two are rounded, ranges that do not lie about zero may be half as wide."""
    if packed.parts["scales"].dtype in _POWERS or "zeros" in packed.parts:
        return 0.43
    return FORMATS[packed.packing].codes.finest or 1 / _SCALE_ROOM


def _gather(cells: tuple[Array, Array, Array], sides: _Sides, room: float) -> TensorStatistics:
    steps, base, exact = torch.from_numpy(cell_widths(*cells)), sides.base, sides.exact
    written, low, high = (torch.from_numpy(side) for side in cells)
    delta, shift = exact - base, written - base
    slack = _FLOAT32_ERROR * (base.abs() + delta.abs().amax())
    wide = slack + room * (exact.abs() + delta.abs())
    nominal, is_usual, ends = steps, None, (low, high)
    if sides.coarse is None:  # of scales that nothing is known of, none may cut values off
        ends = torch.maximum(low, written - steps), torch.minimum(high, written + steps)
    else:
        nominal = steps / sides.coarse.clamp(min=1.0)
        is_usual = (sides.finest <= sides.coarse) & (sides.coarse <= _SCALE_ROOM)
    right, strictly = _is_between(exact, *ends, wide), _is_between(exact, *ends, slack)
    right = right if is_usual is None else right & is_usual
    stayed = _is_between(base, *ends, slack)
    moved = _dot(shift, shift)
    return TensorStatistics(
        elements=written.numel(),
        right=_count(right),
        exact=_count(right & strictly),
        unchanged=_count(stayed),
        lost=_count(strictly & stayed),
        neither=_count(~right & ~stayed),
        astray=_count(~_is_between(exact, low, high, wide + nominal / 2)),
        not_finite=0 if math.isfinite(moved) else _count(~written.isfinite()),
        delta=_dot(delta, delta),
        due=_dot(torch.where(right, written, exact) - base, delta),
        along=_dot(shift, delta),
        moved=moved,
        base=_dot(base, base),
        rounding=_dot(nominal, nominal) / 12,
    )


def packed_weight_outcome(sums: TensorStatistics) -> Told:
    """What became of it. The base, packed, is no merge, unless the adapter's change is nothing."""
    if sums.not_finite:
        return Told(TensorOutcome.NOT_FINITE)
    enough, factor = _NEARLY_ALL * sums.elements, sums.factor if sums.delta else 1.0
    is_whole = abs(factor - 1.0) <= max(_SURE * sums.factor_error, _ABOUT_ONE) or sums.exact >= enough
    if sums.right == sums.elements and is_whole:
        return Told(TensorOutcome.RIGHT, factor)
    if sums.unchanged >= enough and sums.delta:
        return Told(TensorOutcome.UNCHANGED, 0.0)
    is_fine = sums.moved - 2 * sums.along + sums.delta <= _ROUNDING_ROOM * sums.rounding
    scattered = sums.right < (1 - _LONE) * sums.elements and sums.astray <= _LONE * sums.elements
    if is_whole and is_fine and (scattered or not sums.astray) and not sums.misscaled:
        return Told(TensorOutcome.WITHIN_STEP, factor)
    told = outcome_of(replace(sums, exact=0, right=min(sums.right, sums.elements - 1)))
    return Told(TensorOutcome.OTHER, told.factor) if told.outcome in AS_IT_SHOULD else told


def _is_between(values: torch.Tensor, low: torch.Tensor, high: torch.Tensor, slack: torch.Tensor) -> torch.Tensor:
    return (low - slack <= values) & (values <= high + slack)


def _count(flags: torch.Tensor) -> int:
    return int(flags.sum())


def _dot(first: torch.Tensor, second: torch.Tensor) -> float:
    return float(torch.dot(first.flatten(), second.flatten()))
