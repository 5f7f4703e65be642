"""The arithmetic of a merge on one tile: rows of a weight, in float32, rounded once.

The order of operations is PEFT's (``peft.tuners.lora.layer``): B·A, times scaling, plus W; so that the result is
PEFT's to the bit. Hu et al. 2021, equation 3.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch

from ..planning.updates import LowRankUpdate
from ..positional_io import PositionalFile
from .tensor_reading import columns_of, read_block


@dataclass(frozen=True, slots=True)
class Factors:
    """The part of a delta that some rows need: ``left`` @ ``right`` times ``scaling``.

    Stored (outputs, inputs): left is B's rows, right is A. ``transposed`` storage (inputs, outputs): left is B,
    right is A's columns, and the product is turned around. ``scaled`` is left times scaling, where that is exact.
    """

    left: torch.Tensor
    right: torch.Tensor
    scaling: float
    transposed: bool
    rounding: torch.dtype | None
    scaled: torch.Tensor | None = None


@dataclass(slots=True)
class Fusion:
    """Tile shapes (rows, columns, rank) whose product and sum may be one call, as tried once for each.

    Matrix libraries mostly add a finished product to what is there, which is the sum PEFT makes; but for some shapes
    (MKL: of high rank) they fold the sum into the product, which rounds otherwise.
    """

    proven: dict[tuple[int, int, int], bool] = field(default_factory=dict)

    def allowed(self, rows: int, columns: int, rank: int) -> bool:
        """Whether one call gives the bits of two. Tried on noise: a real tile may hold zeros, which prove nothing."""
        shape = (rows, columns, rank)
        if shape not in self.proven:
            source = torch.Generator().manual_seed(0)
            weights = torch.randn(rows, columns, generator=source)
            left, right = torch.randn(rows, rank, generator=source), torch.randn(rank, columns, generator=source)
            self.proven[shape] = torch.equal(torch.addmm(weights, left, right), weights + left @ right)
        return self.proven[shape]


def load_factors(
    updates: Sequence[LowRankUpdate],
    file_of: Mapping[str, PositionalFile],
    begin: int,
    end: int,
    base_dtype: torch.dtype | None,
) -> Factors:
    """Read what rows ``begin`` to ``end`` of the stored tensor need. Several adapters become one of their summed rank.

    The strengths go into A, as in PEFT's ``add_weighted_adapter(combination_type="cat")``. ``base_dtype`` is given
    where PEFT would round an embedding's delta before adding it.
    """
    pairs = [_load_pair(update, file_of, begin, end) for update in updates]
    first = updates[0]
    rounding = base_dtype if first.rounds_first else None
    if len(updates) == 1 and first.weight == 1.0:
        left, right = pairs[0]
        # A power of two changes exponents only, so it may go into one factor without another rounding.
        exact = math.frexp(abs(first.scaling))[0] == 0.5 and not first.transposed and rounding is None
        scaled = left * first.scaling if exact else None
        return Factors(left, right, first.scaling, first.transposed, rounding, scaled)
    rights = [right * update.weight * update.scaling for update, (_, right) in zip(updates, pairs, strict=True)]
    lefts = [left for left, _ in pairs]
    return Factors(torch.cat(lefts, dim=1), torch.cat(rights, dim=0), 1.0, first.transposed, rounding)


def _load_pair(
    update: LowRankUpdate, file_of: Mapping[str, PositionalFile], begin: int, end: int
) -> tuple[torch.Tensor, torch.Tensor]:
    a_file, b_file = file_of[str(update.a.record.file)], file_of[str(update.b.record.file)]
    first, last = begin - update.first_row, end - update.first_row
    if update.transposed:
        left, right = read_block(b_file, update.b), read_block(a_file, columns_of(update.a, first, last))
    else:
        left, right = read_block(b_file, update.b, first, last), read_block(a_file, update.a)
    return left.float(), right.float()


def add_delta(weights: torch.Tensor, factors: Factors, begin: int, scratch: torch.Tensor, fusion: Fusion) -> None:
    """Add the delta to ``weights``, rows ``begin`` … of what ``factors`` was loaded for, in place.

    weights: (rows, columns) float32 or float64. scratch: flat float32, at least as many elements.
    """
    rows, columns = weights.shape
    scaled = factors.scaled
    if scaled is None or weights.dtype is not torch.float32 or not fusion.allowed(rows, columns, scaled.shape[1]):
        _add_in_steps(weights, factors, begin, scratch)
    else:
        weights.addmm_(scaled[begin : begin + rows], factors.right)


def _add_in_steps(weights: torch.Tensor, factors: Factors, begin: int, scratch: torch.Tensor) -> None:
    """PEFT's own steps: the product, times scaling, rounded where PEFT rounds, added."""
    rows, columns = weights.shape
    if factors.transposed:
        product = scratch[: rows * columns].view(columns, rows)
        torch.mm(factors.left, factors.right[:, begin : begin + rows], out=product)
        delta = product.mul_(factors.scaling).t()
    else:
        product = scratch[: rows * columns].view(rows, columns)
        torch.mm(factors.left[begin : begin + rows], factors.right, out=product)
        delta = product.mul_(factors.scaling)
    if factors.rounding is not None:
        delta = delta.to(factors.rounding)
    weights.add_(delta)
