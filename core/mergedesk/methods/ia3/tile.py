"""IA3 on one tile: rows or columns times their trained factors. Source: Liu et al. 2022; ``peft.tuners.ia3``."""

from __future__ import annotations

import torch

from ..tile_context import TileContext, TileOp
from . import ScaleUpdate


def load(context: TileContext, update: ScaleUpdate) -> TileOp:
    """What the factors do to the rows of ``context``. Raises UserError(read_failed)."""
    by_rows = update.by_rows
    factors = context.load(update.factors, context.begin, context.end) if by_rows else context.load(update.factors)

    def scale(weights: torch.Tensor, begin: int, _scratch: torch.Tensor) -> None:
        weights.mul_(factors[begin : begin + weights.shape[0]] if by_rows else factors)

    return scale
