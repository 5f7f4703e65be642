"""The arithmetic of a merge on one tile: rows of a weight, in float32, rounded once.

The order of operations is PEFT's (``peft.tuners.lora.layer``): B·A, times scaling, plus W; so that the result is
PEFT's to the bit. Hu et al. 2021, equation 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch

from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import columns_of, read_block
from ..expert_factors import ExpertFactors
from ..updates import CombinedUpdate, LowRankUpdate


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
    update: LowRankUpdate,
    file_of: OpenFiles,
    begin: int,
    end: int,
    base_dtype: torch.dtype | None,
    experts: ExpertFactors,
) -> Factors:
    """Read what rows ``begin`` to ``end`` of the stored tensor need.

    The strength is a second scaling, as in PEFT's ``scale_layer``. ``base_dtype`` is given where PEFT would round an
    embedding's delta before adding it.
    """
    left, right = load_pair(update, file_of, begin, end, experts)
    return ready(left, right, update.scaling * update.weight, update, base_dtype)


def ready(
    left: torch.Tensor,
    right: torch.Tensor,
    scaling: float,
    update: LowRankUpdate | CombinedUpdate,
    base_dtype: torch.dtype | None,
) -> Factors:
    """Two factors with what is to be done to their product."""
    rounding = base_dtype if update.rounds_first else None
    # A power of two changes exponents only, so it may go into one factor without another rounding.
    exact = math.frexp(abs(scaling))[0] == 0.5 and not update.transposed and rounding is None
    return Factors(left, right, scaling, update.transposed, rounding, left * scaling if exact else None)


def load_pair(
    update: LowRankUpdate, file_of: OpenFiles, begin: int, end: int, experts: ExpertFactors
) -> tuple[torch.Tensor, torch.Tensor]:
    """Left and right factor of rows ``begin`` to ``end``, in float32."""
    a_file = file_of[update.a.record.file]
    first, last = begin - update.first_row, end - update.first_row
    if update.transposed:
        left, right = experts.read(file_of, update.b), read_block(a_file, columns_of(update.a, first, last))
    else:
        left, right = experts.read(file_of, update.b, first, last), read_block(a_file, update.a)
    return left.float(), right.float()


@dataclass(frozen=True, slots=True)
class AddLowRank:
    """Adds a delta to tiles of the rows that ``factors`` was loaded for."""

    factors: Factors
    fusion: Fusion

    def __call__(self, weights: torch.Tensor, begin: int, scratch: torch.Tensor) -> None:
        """As ``add_delta``."""
        add_delta(weights, self.factors, begin, scratch, self.fusion)


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
