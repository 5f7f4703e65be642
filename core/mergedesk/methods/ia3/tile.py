"""IA3 on one tile: rows or columns times their trained factors. Source: Liu et al. 2022; ``peft.tuners.ia3``."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import torch

from ...storage.tensor_reading import read_rows
from ..tile_context import TileContext, TileOp
from ..updates import ScaleUpdate


def load_scales(part: TileContext, update: ScaleUpdate) -> TileOp:
    """What the factors do to the rows of ``part``. Raises UserError(read_failed)."""
    flat = replace(update.factors, shape=(update.factors.elements,))
    begin, end = (part.begin, part.end) if update.by_rows else (0, flat.elements)
    factors = read_rows(part.files[flat.file], flat, begin, end).float()
    return partial(_scale_rows if update.by_rows else _scale_columns, factors)


def _scale_rows(factors: torch.Tensor, weights: torch.Tensor, begin: int, _scratch: torch.Tensor) -> None:
    weights.mul_(factors[begin : begin + weights.shape[0], None])


def _scale_columns(factors: torch.Tensor, weights: torch.Tensor, _begin: int, _scratch: torch.Tensor) -> None:
    weights.mul_(factors)
