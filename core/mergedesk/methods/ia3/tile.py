"""IA3 on one tile: rows or columns times their trained factors. Source: Liu et al. 2022; ``peft.tuners.ia3``."""

from __future__ import annotations

from functools import partial

import torch

from ..tile_context import TileContext, TileOp
from . import ScaleUpdate


def load(context: TileContext, update: ScaleUpdate) -> TileOp:
    """What the factors do to the rows of ``context``. Raises UserError(read_failed)."""
    if update.by_rows:
        return partial(_scale_rows, context.load(update.factors, context.begin, context.end))
    return partial(_scale_columns, context.load(update.factors))


def _scale_rows(factors: torch.Tensor, weights: torch.Tensor, begin: int, _scratch: torch.Tensor) -> None:
    weights.mul_(factors[begin : begin + weights.shape[0]])


def _scale_columns(factors: torch.Tensor, weights: torch.Tensor, _begin: int, _scratch: torch.Tensor) -> None:
    weights.mul_(factors)
