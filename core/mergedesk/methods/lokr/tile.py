"""LoKr on one tile: W += W1 ⊗ W2 · factor, the steps and roundings of ``peft.tuners.lokr``.

Source: Yeh et al. 2024 (LyCORIS). Row i of the product is row i // n of W1 times row i % n of W2, n being W2's rows.
"""

from __future__ import annotations

import torch

from ..tile_context import TileContext, TileOp
from . import KroneckerUpdate, Product


def load(context: TileContext, update: KroneckerUpdate) -> TileOp:
    """What the update does to the rows of ``context``. Raises UserError(read_failed)."""
    first, second = _matrix(context, update.first), _matrix(context, update.second)

    def add(weights: torch.Tensor, begin: int, scratch: torch.Tensor) -> None:
        rows, columns = weights.shape
        index = torch.arange(context.begin + begin, context.begin + begin + rows)
        left, right = first[index // second.shape[0]], second[index % second.shape[0]]
        delta = scratch[: rows * columns].view(rows, first.shape[1], second.shape[1])
        torch.mul(left[:, :, None], right[:, None, :], out=delta)
        weights.add_(delta.mul_(update.factor).view(rows, columns))

    return add


def _matrix(context: TileContext, product: Product) -> torch.Tensor:
    """The side as PEFT has it: stored, or made of its two factors."""
    stored = [context.load(view) for view in product]
    return stored[0] if len(stored) == 1 else stored[0] @ stored[1]
