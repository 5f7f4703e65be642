"""The trained bias on one tile."""

from __future__ import annotations

import torch

from ..tile_context import TileContext, TileOp
from . import VectorUpdate


def load(context: TileContext, update: VectorUpdate) -> TileOp:
    """What the delta does to the rows of ``context``. Raises UserError(read_failed)."""
    delta = context.load(update.delta, context.begin, context.end) * update.factor

    def add(weights: torch.Tensor, begin: int, _scratch: torch.Tensor) -> None:
        weights.add_(delta[begin : begin + weights.shape[0]])

    return add
