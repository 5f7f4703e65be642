"""DoRA on one tile: W' = m · (W + scaling · B·A) / ‖W + scaling · B·A‖, the norm taken over each output's weights.

Source: Liu et al. 2024 (DoRA), equation 5; steps and roundings as in ``peft.tuners.lora.variants``, so that the result
is PEFT's to the bit. Of weights stored (outputs, inputs) a tile holds its norms' rows whole; stored the other way
round, a norm runs down a column, and the tensor is gone through once before its first tile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

import torch

from ..lora.tile import Factors, Fusion, add_delta, load_factors
from ..row_cuts import CHUNK_BYTES, TILE_ELEMENTS, cut
from ..tile_context import ReadRows, TileContext, TileOp
from . import DoraUpdate

LoadFactors = Callable[[int, int], Factors]


@dataclass(slots=True)
class ColumnScales:
    """What each column is multiplied by, by tensor: worked out once, by the worker that first needs it."""

    guard: Lock = field(default_factory=Lock)
    locks: dict[str, Lock] = field(default_factory=dict)
    held: dict[str, torch.Tensor] = field(default_factory=dict)

    def of(self, name: str, work_out: Callable[[], torch.Tensor]) -> torch.Tensor:
        """The scales of tensor ``name``; others that ask meanwhile wait."""
        with self.guard:
            lock = self.locks.setdefault(name, Lock())
        with lock:
            if name not in self.held:
                self.held[name] = work_out()
            return self.held[name]


def load(context: TileContext, update: DoraUpdate) -> TileOp:
    """What DoRA does to the rows of ``context``. Raises UserError(read_failed)."""
    load_rows = partial(load_factors, context, update.low_rank)
    factors, fusion = load_rows(context.begin, context.end), context.cache.of(Fusion)

    def scales() -> torch.Tensor:
        rows, width = update.shape
        return context.load(update.magnitude).flatten() / column_norms(rows, width, context.read, load_rows, fusion)

    if update.low_rank.transposed:
        return partial(scale_columns, context.cache.of(ColumnScales).of(context.name, scales), factors, fusion)
    return partial(scale_rows, context.load(update.magnitude, context.begin, context.end), factors, fusion)


def scale_rows(
    magnitude: torch.Tensor,
    factors: Factors,
    fusion: Fusion,
    weights: torch.Tensor,
    begin: int,
    scratch: torch.Tensor,
) -> None:
    """Merge a tile of weights stored (outputs, inputs), in place. magnitude: (rows of the chunk, 1) float32."""
    add_delta(weights, factors, begin, scratch, fusion)
    norms = torch.linalg.norm(weights, dim=1, keepdim=True)
    weights.mul_(magnitude[begin : begin + weights.shape[0]] / norms)


def scale_columns(
    scales: torch.Tensor,
    factors: Factors,
    fusion: Fusion,
    weights: torch.Tensor,
    begin: int,
    scratch: torch.Tensor,
) -> None:
    """Merge a tile of weights stored (inputs, outputs), in place. scales: (outputs,)."""
    add_delta(weights, factors, begin, scratch, fusion)
    weights.mul_(scales)


def column_norms(rows: int, width: int, read: ReadRows, load: LoadFactors, fusion: Fusion) -> torch.Tensor:
    """The norms of all columns of base and delta, (width,).

    Squares are added one row after the other and in the weights' own type, as torch does for a norm over the first
    dimension of a matrix, whose rounding this repeats.
    """
    scratch = torch.empty(0)
    total: torch.Tensor | None = None
    for first, last in cut(0, rows, CHUNK_BYTES // (4 * width)):
        factors = load(first, last)
        for begin, end in cut(first, last, TILE_ELEMENTS // width):
            weights = read(begin, end)
            if scratch.numel() < weights.numel():
                scratch = torch.empty(weights.numel())
            add_delta(weights, factors, begin - first, scratch, fusion)
            total = torch.zeros(width, dtype=weights.dtype) if total is None else total
            for row in weights.mul_(weights).unbind():
                total.add_(row)
    if total is None:
        raise ValueError("a tensor without rows has no norms")
    # torch's square root over many values is not always the nearest; over double precision it is, once rounded.
    return total.double().sqrt().to(total.dtype)
