"""From updates as planned to functions that change a tile: what a stretch of rows needs is loaded once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby

import torch

from ..planning.plan import PlannedTensor
from ..planning.updates import LowRankUpdate, Update, VectorUpdate
from ..positional_io import PositionalFile
from ..torch_dtypes import TORCH_DTYPES
from .lora import Factors, Fusion, add_delta, load_factors
from .tensor_reading import read_rows

Files = Mapping[str, PositionalFile]
# Changes weights (rows, width), float32 or float64, in place. The number is the first row's place in the stretch,
# the flat float32 scratch has room for a tile.
Apply = Callable[[torch.Tensor, int, torch.Tensor], None]


def load_updates(
    tensor: PlannedTensor, updates: Sequence[Update], begin: int, end: int, files: Files, fusion: Fusion
) -> tuple[Apply, ...]:
    """What ``updates`` do to rows ``begin`` to ``end`` of ``tensor``, in their order.

    Neighbouring low-rank updates become one, of their summed rank. Raises UserError(read_failed).
    """
    return tuple(_load(tensor, updates, begin, end, files, fusion))


def follows_peft_rounding(tensor: PlannedTensor) -> bool:
    """Whether PEFT's own intermediate roundings are followed; a conversion rounds once, at the end."""
    return tensor.dtype == tensor.base.dtype


def _load(
    tensor: PlannedTensor, updates: Sequence[Update], begin: int, end: int, files: Files, fusion: Fusion
) -> Iterator[Apply]:
    for kind, group in groupby(updates, type):
        if kind is LowRankUpdate:
            pairs = [one for one in group if isinstance(one, LowRankUpdate)]
            rounding = TORCH_DTYPES[tensor.dtype] if follows_peft_rounding(tensor) else None
            yield partial(_add_low_rank, load_factors(pairs, files, begin, end, rounding), fusion)
        else:
            vectors = (one for one in group if isinstance(one, VectorUpdate))
            yield from (partial(_add_vector, _load_vector(one, files, begin, end)) for one in vectors)


def _add_low_rank(factors: Factors, fusion: Fusion, weights: torch.Tensor, begin: int, scratch: torch.Tensor) -> None:
    add_delta(weights, factors, begin, scratch, fusion)


def _load_vector(update: VectorUpdate, files: Files, begin: int, end: int) -> torch.Tensor:
    delta = read_rows(files[str(update.delta.file)], update.delta, begin, end)
    return (delta.float() * update.factor).view(-1, 1)


def _add_vector(delta: torch.Tensor, weights: torch.Tensor, begin: int, _scratch: torch.Tensor) -> None:
    weights.add_(delta[begin : begin + weights.shape[0]])
