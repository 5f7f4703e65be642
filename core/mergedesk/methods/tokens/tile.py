"""Token rows that were trained by themselves take the place of the base's, as in ``peft.tuners.trainable_tokens``."""

from __future__ import annotations

from functools import partial

import torch

from ...storage.tensor_reading import read_rows
from ..tile_context import TileContext, TileOp
from ..updates import RowsUpdate


def load_rows(part: TileContext, update: RowsUpdate) -> TileOp:
    """Those of the trained rows that lie in ``part``. Raises UserError(read_failed)."""
    file = part.files[update.values.file]
    rows = {
        index - part.begin: read_rows(file, update.values, number, number + 1)[0].float()
        for number, index in enumerate(update.indices)
        if part.begin <= index < part.end
    }
    return partial(_put, rows)


def _put(rows: dict[int, torch.Tensor], weights: torch.Tensor, begin: int, _scratch: torch.Tensor) -> None:
    for index, row in rows.items():
        if begin <= index < begin + weights.shape[0]:
            weights[index - begin] = row
