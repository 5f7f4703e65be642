"""Token rows that were trained by themselves take the place of the base's, as in ``peft.tuners.trainable_tokens``."""

from __future__ import annotations

import torch

from ..tile_context import TileContext, TileOp
from . import RowsUpdate


def load(context: TileContext, update: RowsUpdate) -> TileOp:
    """Those of the trained rows that lie in ``context``. Raises UserError(read_failed)."""
    rows = {
        index - context.begin: context.load(update.values, number, number + 1)[0]
        for number, index in enumerate(update.indices)
        if context.begin <= index < context.end
    }

    def put(weights: torch.Tensor, begin: int, _scratch: torch.Tensor) -> None:
        for index, row in rows.items():
            if begin <= index < begin + weights.shape[0]:
                weights[index - begin] = row

    return put
