"""MiSS on one tile: the sum is made in float32 and rounded once, as in ``peft.tuners.miss``."""

from __future__ import annotations

import torch

from ..tile_context import TileContext, TileOp
from . import ShardUpdate


def load(context: TileContext, update: ShardUpdate) -> TileOp:
    """What the block does to the rows of ``context``. Raises UserError(read_failed)."""
    block = context.load(update.block).t()
    chunk = block[torch.arange(context.begin, context.end) % len(block)]  # (rows of the chunk, r)
    rank = block.shape[1]

    def add(weights: torch.Tensor, begin: int, _scratch: torch.Tensor) -> None:
        own = chunk[begin : begin + weights.shape[0]]
        even = weights.shape[1] // rank * rank
        weights[:, :even].view(len(own), -1, rank).add_(own[:, None])
        weights[:, even:].add_(own[:, : weights.shape[1] - even])

    return add
