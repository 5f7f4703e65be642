"""MiSS on one tile: the sum is made in float32 and rounded once, as in ``peft.tuners.miss``."""

from __future__ import annotations

from functools import partial

import torch

from ..tile_context import TileContext, TileOp
from . import ShardUpdate


def load(context: TileContext, update: ShardUpdate) -> TileOp:
    """What the block does to the rows of ``context``. Raises UserError(read_failed)."""
    block = context.load(update.block).t()
    rows = torch.arange(context.begin, context.end) % len(block)
    return partial(_add, block[rows])


def _add(block: torch.Tensor, weights: torch.Tensor, begin: int, _scratch: torch.Tensor) -> None:
    """block: (rows of the chunk, r)."""
    own = block[begin : begin + weights.shape[0]]
    rank = own.shape[1]
    even = weights.shape[1] // rank * rank
    weights[:, :even].view(len(own), -1, rank).add_(own[:, None])
    weights[:, even:].add_(own[:, : weights.shape[1] - even])
