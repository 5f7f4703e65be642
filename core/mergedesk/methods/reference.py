"""What an update does, worked out in float64 by code that shares none of the engines' arithmetic."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ..storage.factor_view import FactorView
from ..storage.tensor_reading import read_whole
from .combined.reference import combined_pair
from .dora.reference import dora_reference
from .updates import (
    AddedUpdate,
    CombinedUpdate,
    DoraUpdate,
    HadamardUpdate,
    KroneckerUpdate,
    LowRankUpdate,
    Product,
    RowsUpdate,
    ScaleUpdate,
    Update,
    VectorUpdate,
)

# From rows of a tensor (rows, width) in float64, the first of which has the given number, to what they become.
Reference = Callable[[torch.Tensor, int], torch.Tensor]
# Some rows of a tensor, (rows, width).
Rows = Callable[[int, int], torch.Tensor]
# What is added to a range of the rows that an update touches, float64.
Delta = Callable[[int, int], torch.Tensor]


def reference(update: Update, start: Rows) -> Reference:
    """The float64 form of ``update``; it leaves rows alone that the update does not touch.

    ``start`` gives rows of the tensor before any update, (rows, width) in its own dtype.
    """
    if isinstance(update, DoraUpdate):
        magnitude = read_whole(update.magnitude).double().flatten()
        return dora_reference(magnitude, update.low_rank, _delta(update.low_rank), start)
    if isinstance(update, ScaleUpdate):
        return _scaled(update)
    if isinstance(update, RowsUpdate):
        return _replaced(update)
    return _added(*update.rows, _delta(update))


def _scaled(update: ScaleUpdate) -> Reference:
    factors = read_whole(update.factors).double().flatten()

    def scale(rows: torch.Tensor, begin: int) -> torch.Tensor:
        return rows * (factors[begin : begin + rows.shape[0], None] if update.by_rows else factors[None, :])

    return scale


def _replaced(update: RowsUpdate) -> Reference:
    values = dict(zip(update.indices, read_whole(update.values).double(), strict=True))

    def replace(rows: torch.Tensor, begin: int) -> torch.Tensor:
        return torch.stack([values.get(begin + number, row) for number, row in enumerate(rows)])

    return replace


def _added(first: int, last: int, delta: Delta) -> Reference:
    def add(rows: torch.Tensor, begin: int) -> torch.Tensor:
        start, stop = max(first, begin), min(last, begin + rows.shape[0])
        if start >= stop:
            return rows
        changed = rows.clone()
        changed[start - begin : stop - begin] += delta(start - first, stop - first)
        return changed

    return add


def _delta(update: AddedUpdate) -> Delta:
    """What is added to a range of the rows that the update touches."""
    if isinstance(update, VectorUpdate):
        vector = read_whole(update.delta).double().view(-1, 1) * update.factor
        return lambda begin, end: vector[begin:end]
    if isinstance(update, CombinedUpdate):
        a, b = combined_pair([_pair(part) for part in update.parts], update.how, update.seed)
        return _product(a, b, 1.0, update.transposed)
    if isinstance(update, LowRankUpdate):
        return _product(*_pair(update), update.transposed)
    return _kronecker(update) if isinstance(update, KroneckerUpdate) else _hadamard(update)


def _hadamard(update: HadamardUpdate) -> Delta:
    first, second = _product_rows(update.first), _product_rows(update.second)
    return lambda begin, end: first(begin, end) * second(begin, end) * update.factor


def _kronecker(update: KroneckerUpdate) -> Delta:
    """Row i of W₁ ⊗ W₂ is row i ÷ n of W₁ with row i mod n of W₂, which has n rows."""
    first, second = (_product_rows(side)(0, side[0].shape[0]) for side in (update.first, update.second))

    def delta(begin: int, end: int) -> torch.Tensor:
        places = torch.arange(begin, end)
        upper, lower = first[places // second.shape[0]], second[places % second.shape[0]]
        return (upper[:, :, None] * lower[:, None, :]).flatten(1) * update.factor

    return delta


def _product_rows(product: Product) -> Delta:
    """Some rows of a product, so that it is never there as a whole."""
    blocks = [_block(view).double() for view in product]
    if len(blocks) == 1:
        return lambda begin, end: blocks[0][begin:end]
    return lambda begin, end: blocks[0][begin:end] @ blocks[1]


def _pair(update: LowRankUpdate) -> tuple[torch.Tensor, torch.Tensor, float]:
    return _block(update.a).double(), _block(update.b).double(), update.scaling * update.weight


def _product(a: torch.Tensor, b: torch.Tensor, factor: float, transposed: bool) -> Delta:
    if transposed:
        return lambda begin, end: (b @ a[:, begin:end]).t() * factor
    return lambda begin, end: (b[begin:end] @ a) * factor


def _block(view: FactorView) -> torch.Tensor:
    matrix = read_whole(view.record).view(view.matrix)
    rows, columns = view.rows, view.columns
    return matrix[rows.begin :: rows.step][: rows.count, columns.begin :: columns.step][:, : columns.count]
