"""LoHa on one tile: W += (A1·B1) ∘ (A2·B2) · factor, the steps and roundings of ``peft.tuners.loha``.

Source: Hyeon-Woo et al. 2022 (FedPara), Yeh et al. 2024 (LyCORIS).
"""

from __future__ import annotations

import torch

from ..tile_context import TileContext, TileOp
from . import HadamardUpdate


def load(context: TileContext, update: HadamardUpdate) -> TileOp:
    """What the update does to the rows of ``context``. Raises UserError(read_failed)."""
    (a1, b1), (a2, b2) = (
        (context.load(a, context.begin, context.end), context.load(b)) for a, b in (update.first, update.second)
    )

    def add(weights: torch.Tensor, begin: int, scratch: torch.Tensor) -> None:
        rows, columns = weights.shape
        delta = scratch[: rows * columns].view(rows, columns)
        torch.mm(a1[begin : begin + rows], b1, out=delta)
        delta.mul_(a2[begin : begin + rows] @ b2).mul_(update.factor)
        weights.add_(delta)

    return add
