"""From updates as planned to functions that change a tile: what a stretch of rows needs is loaded once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import torch

from ..planning.plan import PlannedTensor
from ..planning.updates import CombinedUpdate, Update, VectorUpdate
from ..positional_io import PositionalFile
from ..torch_dtypes import TORCH_DTYPES
from .combined_update import CombinedPairs, load_combined
from .lora import Factors, Fusion, add_delta, load_factors
from .tensor_reading import read_rows

Files = Mapping[str, PositionalFile]
# Changes weights (rows, width), float32 or float64, in place. The number is the first row's place in the stretch,
# the flat float32 scratch has room for a tile.
Apply = Callable[[torch.Tensor, int, torch.Tensor], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a run keeps from one stretch to the next, for all workers."""

    fusion: Fusion = field(default_factory=Fusion)
    pairs: CombinedPairs = field(default_factory=CombinedPairs)


def load_updates(
    tensor: PlannedTensor, updates: Sequence[Update], begin: int, end: int, files: Files, kept: Kept
) -> tuple[Apply, ...]:
    """What ``updates`` do to rows ``begin`` to ``end`` of ``tensor``, in their order. Raises UserError(read_failed)."""
    return tuple(_load(tensor, update, begin, end, files, kept) for update in updates)


def follows_peft_rounding(tensor: PlannedTensor) -> bool:
    """Whether PEFT's own intermediate roundings are followed; a conversion rounds once, at the end."""
    return tensor.dtype == tensor.base.dtype


def _load(tensor: PlannedTensor, update: Update, begin: int, end: int, files: Files, kept: Kept) -> Apply:
    if isinstance(update, VectorUpdate):
        return partial(_add_vector, _load_vector(update, files, begin, end))
    rounding = TORCH_DTYPES[tensor.dtype] if follows_peft_rounding(tensor) else None
    if isinstance(update, CombinedUpdate):
        factors = load_combined(update, files, begin, end, rounding, kept.pairs)
    else:
        factors = load_factors(update, files, begin, end, rounding)
    return partial(_add_low_rank, factors, kept.fusion)


def _add_low_rank(factors: Factors, fusion: Fusion, weights: torch.Tensor, begin: int, scratch: torch.Tensor) -> None:
    add_delta(weights, factors, begin, scratch, fusion)


def _load_vector(update: VectorUpdate, files: Files, begin: int, end: int) -> torch.Tensor:
    delta = read_rows(files[str(update.delta.file)], update.delta, begin, end)
    return (delta.float() * update.factor).view(-1, 1)


def _add_vector(delta: torch.Tensor, weights: torch.Tensor, begin: int, _scratch: torch.Tensor) -> None:
    weights.add_(delta[begin : begin + weights.shape[0]])
