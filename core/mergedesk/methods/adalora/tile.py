"""AdaLoRA on one tile: W += B·(A ∘ E) · scaling / (rank + 1e-5), the steps and roundings of ``peft.tuners.adalora``.

Source: Zhang et al. 2023.
"""

from __future__ import annotations

import torch

from ...storage.factor_view import FactorView
from ...storage.tensor_reading import columns_of
from ..lora.tile import product
from ..tile_context import TileContext, TileOp
from . import BESIDE_RANK, SingularUpdate


def load(context: TileContext, update: SingularUpdate) -> TileOp:
    """What the update does to the rows of ``context``. Raises UserError(read_failed)."""

    def held(view: FactorView, begin: int = 0, end: int | None = None) -> torch.Tensor:
        factor = context.load(view, begin, end)
        rounds = update.rounds_factors and context.rounding is not None
        return factor.to(context.rounding).float() if rounds else factor

    rank = torch.tensor([float(update.initial_rank)]) + BESIDE_RANK
    if update.transposed:
        left, right = held(update.b), held(columns_of(update.a, context.begin, context.end)) * held(update.e)
    else:
        left, right = held(update.b, context.begin, context.end), held(update.a) * held(update.e)

    def add(weights: torch.Tensor, begin: int, scratch: torch.Tensor) -> None:
        delta = product((left, right), update.transposed, weights.shape, begin, scratch)
        weights.add_(delta.mul_(update.scaling).div_(rank))

    return add
