"""From updates as planned to functions that change a tile: what a stretch of rows needs is loaded once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch

from ..storage.tensor_reading import read_rows
from .combined.tile import load_combined
from .dora.tile import load_dora
from .ia3.tile import load_scales
from .loha.tile import load_hadamard
from .lokr.tile import load_kronecker
from .lora.tile import AddLowRank, Factors, load_factors
from .tile_context import TileContext, TileOp
from .tokens.tile import load_rows
from .updates import (
    CombinedUpdate,
    DoraUpdate,
    HadamardUpdate,
    KroneckerUpdate,
    LowRankUpdate,
    RowsUpdate,
    ScaleUpdate,
    Update,
    VectorUpdate,
)


def load_updates(part: TileContext, updates: Sequence[Update]) -> tuple[TileOp, ...]:
    """What ``updates`` do to the rows of ``part``, in their order. Raises UserError(read_failed)."""
    return tuple(_load(part, update) for update in updates)


def _load(part: TileContext, update: Update) -> TileOp:
    match update:
        case VectorUpdate():
            return partial(_add_vector, _load_vector(part, update))
        case DoraUpdate():
            return load_dora(part, update)
        case ScaleUpdate():
            return load_scales(part, update)
        case RowsUpdate():
            return load_rows(part, update)
        case HadamardUpdate():
            return load_hadamard(part, update)
        case KroneckerUpdate():
            return load_kronecker(part, update)
        case _:
            return AddLowRank(_factors(part, update), part.kept.fusion)


def _factors(part: TileContext, update: CombinedUpdate | LowRankUpdate) -> Factors:
    if isinstance(update, CombinedUpdate):
        return load_combined(
            update, part.files, part.begin, part.end, part.rounding, part.kept.pairs, part.kept.experts
        )
    return load_factors(update, part.files, part.begin, part.end, part.rounding, part.kept.experts)


def _load_vector(part: TileContext, update: VectorUpdate) -> torch.Tensor:
    delta = read_rows(part.files[update.delta.file], update.delta, part.begin, part.end)
    return (delta.float() * update.factor).view(-1, 1)


def _add_vector(delta: torch.Tensor, weights: torch.Tensor, begin: int, _scratch: torch.Tensor) -> None:
    weights.add_(delta[begin : begin + weights.shape[0]])
