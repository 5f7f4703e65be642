"""Looks at each packed tile right after it was written, read back through the file.

What packed it is not used: codes are read by what reads packed bases, and in samples each code must be the nearest
there is to its value, worked out in float64 from the format's description.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...methods.reference import rows_after
from ...planning.plan import PlannedTensor
from ...quantization.dequantize import loader
from ...storage.open_files import OpenFiles
from ...verification.compare.packed_cells import cells_of
from ...verification.compare.rows import rows_of

SAMPLE_ROWS = 2
# A float32 quotient is off by a few roundings, and a scale is rounded before anything is divided by it.
_SLACK = 16 * 2.0**-24
# How much of a tile's size its rounding may take: far more than any form does, far less than another tensor would.
_MOST_OFF = 0.5
# What a merge rounds away as it stores a weight: once, and on the way as PEFT does.
_STEP = {"BF16": 2.0**-7, "F16": 2.0**-10, "F32": 2.0**-22}

Look = Callable[[int, int, torch.Tensor | None, torch.Tensor], "TileSums"]


@dataclass(frozen=True, slots=True)
class TileSums:
    """What was seen of some tiles: squared sizes of values and of what rounding took, and whether all was right.

    ``delta``: squared size of what adapters changed; ``along``: what of that is left, times it. ``nearest`` of
    ``sampled`` values have the code that is nearest to them.
    """

    values: float = 0.0
    off: float = 0.0
    delta: float = 0.0
    along: float = 0.0
    sampled: int = 0
    nearest: int = 0
    right: bool = True

    def __add__(self, other: TileSums) -> TileSums:
        return TileSums(
            self.values + other.values,
            self.off + other.off,
            self.delta + other.delta,
            self.along + other.along,
            self.sampled + other.sampled,
            self.nearest + other.nearest,
            self.right and other.right,
        )

    @property
    def loss(self) -> float:
        """The share of the weight's size that rounding took: ‖packed − plain‖ ÷ ‖plain‖."""
        return math.sqrt(self.off / self.values) if self.values else 0.0

    @property
    def kept(self) -> float | None:
        """The share of the adapters' change that is left; None where nothing was changed."""
        return self.along / self.delta if self.delta else None

    @property
    def proved(self) -> bool:
        """Whether every tile is what it should be."""
        return self.right and self.nearest == self.sampled


def tile_look(packed: PackedTensor, files: OpenFiles) -> Look:
    """What looks at rows of a weight, read anew from ``files``.

    It is given those rows before an adapter was merged into them, if one was, and as they were packed.
    """
    load = loader(packed.packing)

    def look(begin: int, end: int, before: torch.Tensor | None, plain: torch.Tensor) -> TileSums:
        stored = load(packed, begin, end, files).values(begin, end)
        error = stored - plain
        off, size = _dot(error, error), _dot(plain, plain)
        right = math.isfinite(off) and off <= _MOST_OFF * size
        if before is None:
            return TileSums(size, off, right=right)
        delta = plain - before
        return TileSums(size, off, _dot(delta, delta), _dot(stored - before, delta), right=right)

    return look


def nearest_in(
    packed: PackedTensor,
    tensor: PlannedTensor,
    samples: Sequence[tuple[int, int]],
    files: OpenFiles,
    written: OpenFiles,
) -> TileSums:
    """How many values of sampled rows, (first, end), lie within their code's cell; all rows must be written.

    ``written`` are the result's files. The values are worked out anew from base and adapter in float64, and may be off
    by what sixteen bits round away.
    """
    cells, total = cells_of(packed, written), TileSums()
    start = rows_of(files, tensor.source, packed.width)
    exact = rows_after(tensor.updates, start)
    for begin, end in samples:
        _, low, high = (torch.from_numpy(side) for side in cells(begin, end))
        values = exact(begin, end).double()
        slack = _SLACK * values.abs()
        if tensor.updates:  # the delta is rounded before it is added, and the sum once more
            slack += _STEP[tensor.dtype] * (values.abs() + (values - start(begin, end).double()).abs())
        inside = (low - slack <= values) & (values <= high + slack)
        total += TileSums(sampled=values.numel(), nearest=int(inside.sum()))
    return total


def _dot(first: torch.Tensor, second: torch.Tensor) -> float:
    return float(torch.dot(first.reshape(-1), second.reshape(-1)))
