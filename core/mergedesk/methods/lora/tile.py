"""The arithmetic of a merge on one tile: rows of a weight, in float32, rounded once.

The order of operations is PEFT's (``peft.tuners.lora.layer``): B·A, times scaling, plus W; so that the result is
PEFT's to the bit. Hu et al. 2021, equation 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch

from ...runtime.kept import Kept
from ...storage.factor_view import FactorView
from ...storage.tensor_reading import columns_of, read_rows
from ..tile_context import TileContext
from . import LowRankUpdate

_STRONGEST_ROWS = 8
# BᵀB and A·Aᵀ cost rank / rows + rank / columns of the product B·A: more than this is not worth it.
_MOST_OF_PRODUCT = 1 / 16
# Of all factors that are held in order.
_ORDERED_BYTES = 64 << 20


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


class ExpertFactors(Kept[tuple[str, str], torch.Tensor]):
    """Factors that hold all experts' columns in turn, put in order once instead of read through for every expert.

    They are (experts, rows, rank).
    """


def load(context: TileContext, update: LowRankUpdate) -> AddLowRank:
    """What the update does to the rows of ``context``. Raises UserError(read_failed)."""
    return load_rows(context, update, context.begin, context.end)


def load_rows(context: TileContext, update: LowRankUpdate, begin: int, end: int) -> AddLowRank:
    """What the update does to rows ``begin`` to ``end`` of the stored tensor.

    The strength is a second scaling, as in PEFT's ``scale_layer``. PEFT rounds an embedding's delta before adding it.
    """
    left, right = load_pair(context, update, begin, end)
    rounding = context.rounding if update.rounds_first else None
    factors = ready(left, right, update.scaling * update.weight, update.transposed, rounding)
    return AddLowRank(factors, context.cache.of(Fusion))


def ready(
    left: torch.Tensor, right: torch.Tensor, scaling: float, transposed: bool, rounding: torch.dtype | None
) -> Factors:
    """Two factors with what is to be done to their product."""
    # A power of two changes exponents only, so it may go into one factor without another rounding.
    exact = math.frexp(abs(scaling))[0] == 0.5 and not transposed and rounding is None
    return Factors(left, right, scaling, transposed, rounding, left * scaling if exact else None)


def load_pair(context: TileContext, update: LowRankUpdate, begin: int, end: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Left and right factor of rows ``begin`` to ``end``, in float32."""
    first, last = begin - update.first_row, end - update.first_row
    if update.transposed:
        return _load_b(context, update.b), context.load(columns_of(update.a, first, last))
    return _load_b(context, update.b, first, last), context.load(update.a)


def _load_b(context: TileContext, view: FactorView, begin: int = 0, end: int | None = None) -> torch.Tensor:
    record, rank, experts = view.record, view.columns.count, view.columns.step
    if experts == 1 or rank * experts != view.matrix[1] or 2 * record.nbytes > _ORDERED_BYTES:
        return context.load(view, begin, end)

    def in_order() -> torch.Tensor:
        stored = read_rows(context.files[record.file], record, 0, record.shape[0])
        return stored.view(record.shape[0], rank, experts).permute(2, 0, 1).contiguous()

    most = _ORDERED_BYTES // max(1, record.nbytes)
    ordered = context.cache.of(ExpertFactors).get((str(record.file), record.name), in_order, most)
    rows = ordered[view.columns.begin, view.rows.begin :][: view.rows.count]
    return rows[begin:end].float()


@dataclass(frozen=True, slots=True)
class AddLowRank:
    """Adds a delta to tiles of the rows that ``factors`` was loaded for."""

    factors: Factors
    fusion: Fusion

    def __call__(self, weights: torch.Tensor, begin: int, scratch: torch.Tensor) -> None:
        """Add the delta to ``weights``, rows ``begin`` … of those, in place.

        weights: (rows, columns) float32 or float64. scratch: flat float32, at least as many elements.
        """
        rows, columns = weights.shape
        scaled, fuses = self.factors.scaled, weights.dtype is torch.float32
        if scaled is None or not fuses or not self.fusion.allowed(rows, columns, scaled.shape[1]):
            _add_in_steps(weights, self.factors, begin, scratch)
        else:
            weights.addmm_(scaled[begin : begin + rows], self.factors.right)

    def delta(self) -> tuple[float, float] | None:
        """ΣΔ², which needs no sample: ‖B·A‖² = Σ (BᵀB) ∘ (A·Aᵀ); the largest |Δ| is looked for where rows change most.

        None where that takes long.
        """
        left, right = self.factors.left, self.factors.right
        rows, rank, columns = len(left), len(right), right.shape[1]
        if not rows or not columns or rank / rows + rank / columns > _MOST_OF_PRODUCT:
            return None
        squares = ((left @ (right @ right.t())) * left).sum(1, dtype=torch.float64)
        strongest = squares.topk(min(_STRONGEST_ROWS, rows)).indices
        largest = float((left[strongest] @ right).abs().amax()) * abs(self.factors.scaling)
        return max(0.0, float(squares.sum())) * self.factors.scaling**2, largest


def _add_in_steps(weights: torch.Tensor, factors: Factors, begin: int, scratch: torch.Tensor) -> None:
    """PEFT's own steps: the product, times scaling, rounded where PEFT rounds, added."""
    delta = product((factors.left, factors.right), factors.transposed, weights.shape, begin, scratch)
    delta.mul_(factors.scaling)
    weights.add_(delta if factors.rounding is None else delta.to(factors.rounding))


def product(
    factors: tuple[torch.Tensor, torch.Tensor],
    transposed: bool,
    shape: tuple[int, ...],
    begin: int,
    scratch: torch.Tensor,
) -> torch.Tensor:
    """Left @ right for a tile of ``shape`` (rows, columns) from row ``begin`` on, as ``Factors`` has them.

    It lies in ``scratch``, flat float32. ``transposed`` products are made as PEFT makes them, and turned around.
    """
    (left, right), (rows, columns) = factors, shape
    if transposed:
        turned = scratch[: rows * columns].view(columns, rows)
        return torch.mm(left, right[:, begin : begin + rows], out=turned).t()
    return torch.mm(left[begin : begin + rows], right, out=scratch[: rows * columns].view(rows, columns))
