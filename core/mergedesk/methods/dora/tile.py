"""DoRA on one tile: W' = m · (W + scaling · B·A) / ‖W + scaling · B·A‖, the norm taken over each output's weights.

Source: Liu et al. 2024 (DoRA), equation 5; steps and roundings as in ``peft.tuners.lora.variants``, so that the result
is PEFT's to the bit. Of weights stored (outputs, inputs) a tile holds its norms' rows whole; stored the other way
round, a norm runs down a column, and the tensor is gone through once before its first tile.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch

from ...runtime.kept import Kept
from ..registry import module_of
from ..tile_context import CHUNK_BYTES, TILE_ELEMENTS, ReadRows, TileContext, TileOp, cut
from . import DoraUpdate

# What a low-rank update does to rows, first and one past the last.
LoadRows = Callable[[int, int], TileOp]


class ColumnScales(Kept[str, torch.Tensor]):
    """What each column is multiplied by, by tensor."""


def load(context: TileContext, update: DoraUpdate) -> TileOp:
    """What DoRA does to the rows of ``context``. Raises UserError(read_failed)."""
    load_adding: LoadRows = partial(module_of(update.low_rank, "tile").load_rows, context, update.low_rank)
    add = load_adding(context.begin, context.end)

    def scales() -> torch.Tensor:
        rows, width = update.shape
        return context.load(update.magnitude).flatten() / column_norms(rows, width, context.read, load_adding)

    if update.low_rank.transposed:
        by_column = context.cache.of(ColumnScales).get(context.name, scales)

        def scale_columns(weights: torch.Tensor, begin: int, scratch: torch.Tensor) -> None:
            add(weights, begin, scratch)
            weights.mul_(by_column)

        return scale_columns
    magnitude = context.load(update.magnitude, context.begin, context.end)

    def scale_rows(weights: torch.Tensor, begin: int, scratch: torch.Tensor) -> None:
        add(weights, begin, scratch)
        norms = torch.linalg.norm(weights, dim=1, keepdim=True)
        weights.mul_(magnitude[begin : begin + weights.shape[0]] / norms)

    return scale_rows


def column_norms(rows: int, width: int, read: ReadRows, load: LoadRows) -> torch.Tensor:
    """The norms of all columns of base and delta, (width,).

    Squares are added one row after the other and in the weights' own type, as torch does for a norm over the first
    dimension of a matrix, whose rounding this repeats.
    """
    scratch = torch.empty(0)
    total: torch.Tensor | None = None
    for first, last in cut(0, rows, CHUNK_BYTES // (4 * width)):
        add = load(first, last)
        for begin, end in cut(first, last, TILE_ELEMENTS // width):
            weights = read(begin, end)
            if scratch.numel() < weights.numel():
                scratch = torch.empty(weights.numel())
            add(weights, begin - first, scratch)
            total = torch.zeros(width, dtype=weights.dtype) if total is None else total
            for row in weights.mul_(weights).unbind():
                total.add_(row)
    if total is None:
        raise ValueError("a tensor without rows has no norms")
    # torch's square root over many values is not always the nearest; over double precision it is, once rounded.
    return total.double().sqrt().to(total.dtype)
