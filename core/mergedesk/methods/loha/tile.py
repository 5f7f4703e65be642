"""LoHa on one tile: W += (A1·B1) ∘ (A2·B2) · factor, the steps and roundings of ``peft.tuners.loha``.

Source: Hyeon-Woo et al. 2022 (FedPara), Yeh et al. 2024 (LyCORIS).
"""

from __future__ import annotations

from functools import partial

import torch

from ...storage.factor_view import FactorView
from ..tile_context import TileContext, TileOp
from . import HadamardUpdate

Pair = tuple[torch.Tensor, torch.Tensor]


def load(context: TileContext, update: HadamardUpdate) -> TileOp:
    """What the update does to the rows of ``context``. Raises UserError(read_failed)."""
    return partial(_add, _rows_of(context, *update.first), _rows_of(context, *update.second), update.factor)


def _rows_of(context: TileContext, left: FactorView, right: FactorView) -> Pair:
    return context.load(left, context.begin, context.end), context.load(right)


def _add(first: Pair, second: Pair, factor: float, weights: torch.Tensor, begin: int, scratch: torch.Tensor) -> None:
    rows, columns = weights.shape
    delta = scratch[: rows * columns].view(rows, columns)
    torch.mm(first[0][begin : begin + rows], first[1], out=delta)
    delta.mul_(second[0][begin : begin + rows] @ second[1]).mul_(factor)
    weights.add_(delta)
