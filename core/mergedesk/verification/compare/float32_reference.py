"""What updates do to rows in float32, for a glance: formulas apart from the engines and the float64 reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby, pairwise

import torch

from ...domain.requests import CombinationMethod
from ...methods.updates import (
    CombinedUpdate,
    DoraUpdate,
    LowRankUpdate,
    RowsUpdate,
    ScaleUpdate,
    Update,
)
from ...storage.factor_view import FactorView
from ...storage.tensor_reading import read_whole

# Changes rows (rows, width) in place, the first of which has the given number. Gives ΣD² where that is known at once.
Changes = Callable[[torch.Tensor, int], float | None]
# A magnitude that differs from the norm by no more is the norm itself.
_FLOAT32_SUM = 1e-6


def changes_of(updates: Sequence[Update], width: int) -> Changes | None:
    """All of ``updates`` one after the other; None for what is not written out here.

    Sources: LoRA, Hu et al. 2021, equation 3; DoRA, Liu et al. 2024, equation 5; (IA)³, Liu et al. 2022.
    """
    if any(update.width != width for update in updates):
        return None
    low_rank = [part for update in updates for part in _low_rank(update)]
    if all(isinstance(part, LowRankUpdate) for part in low_rank):
        return _sum_of([part for part in low_rank if isinstance(part, LowRankUpdate)])
    changes = [_other(update) for update in updates]
    known = [change for change in changes if change is not None]
    return _one_after_the_other(known) if len(known) == len(updates) else None


def _one_after_the_other(changes: Sequence[Changes]) -> Changes:
    def change(rows: torch.Tensor, begin: int) -> None:
        for one in changes:
            one(rows, begin)

    return change


def _low_rank(update: Update) -> list[LowRankUpdate | None]:
    """Its low-rank parts; None for what is no plain sum of such, or is rounded before it is added."""
    if isinstance(update, CombinedUpdate) and update.how.method is CombinationMethod.CAT:
        return [part for one in update.parts for part in _low_rank(one)]
    return [update if isinstance(update, LowRankUpdate) and not update.rounds_first else None]


def _other(update: Update) -> Changes | None:
    if isinstance(update, LowRankUpdate) and not update.rounds_first:
        return _sum_of([update])
    if isinstance(update, DoraUpdate):
        return _directed(update)
    if isinstance(update, ScaleUpdate):
        return _scaled(update)
    return _replaced(update) if isinstance(update, RowsUpdate) else None


def _sum_of(parts: Sequence[LowRankUpdate]) -> Changes | None:
    """Those on the same rows are made one product; None where they overlap otherwise."""
    groups = [
        (first, last, _Product(list(some)))
        for (first, last), some in groupby(sorted(parts, key=lambda part: part.rows), key=lambda part: part.rows)
    ]
    if any(before[1] > after[0] for before, after in pairwise(groups)):
        return None

    def change(rows: torch.Tensor, begin: int) -> float:
        return sum(_within(rows, begin, first, last, product) for first, last, product in groups)

    return change


def _within(rows: torch.Tensor, begin: int, first: int, last: int, product: _Product) -> float:
    start, stop = max(first, begin), min(last, begin + rows.shape[0])
    return product.add_to(rows[start - begin : stop - begin], start - first) if start < stop else 0.0


class _Product:
    """Σ scaling · weight · B·A of some updates to the same rows, as ``left`` (rows, rank) · ``right`` (rank, width)."""

    def __init__(self, parts: Sequence[LowRankUpdate]) -> None:
        sides = [_sides(part) for part in parts]
        several = len(sides) > 1
        self.left = torch.cat([left for left, _ in sides], dim=1) if several else sides[0][0]
        self.right = torch.cat([right for _, right in sides], dim=0) if several else sides[0][1]
        right = self.right.double()
        self._right_squares = right @ right.t()

    def add_to(self, rows: torch.Tensor, begin: int) -> float:
        """Add the rows from ``begin`` on; returns the sum of their squares: ‖L·R‖² = tr(LᵀL · RRᵀ)."""
        left = self.left[begin : begin + rows.shape[0]]
        rows.addmm_(left, self.right)
        left = left.double()
        return max(0.0, float(((left.t() @ left) * self._right_squares).sum()))


def _sides(update: LowRankUpdate) -> tuple[torch.Tensor, torch.Tensor]:
    a, b = _factor(update.a), _factor(update.b).mul_(update.scaling * update.weight)
    return (a.t().contiguous(), b.t().contiguous()) if update.transposed else (b, a)


def _factor(view: FactorView) -> torch.Tensor:
    matrix, rows, columns = read_whole(view.record).view(view.matrix), view.rows, view.columns
    block = matrix[rows.begin :: rows.step][: rows.count, columns.begin :: columns.step][:, : columns.count]
    return block.float().contiguous()


def _directed(update: DoraUpdate) -> Changes | None:
    """Rows are outputs; where columns are, norms need the whole tensor first."""
    low_rank = update.low_rank
    if low_rank.transposed or low_rank.first_row or low_rank.rounds_first:
        return None
    magnitude, product = read_whole(update.magnitude).float().flatten(), _Product([low_rank])

    def change(rows: torch.Tensor, begin: int) -> None:
        product.add_to(rows, begin)
        scales = magnitude[begin : begin + rows.shape[0]] / torch.linalg.vector_norm(rows, dim=1)
        rows.mul_(torch.where((scales - 1).abs() < _FLOAT32_SUM, 1.0, scales)[:, None])

    return change


def _scaled(update: ScaleUpdate) -> Changes:
    factors = read_whole(update.factors).float().flatten()

    def change(rows: torch.Tensor, begin: int) -> None:
        rows.mul_(factors[begin : begin + rows.shape[0], None] if update.by_rows else factors)

    return change


def _replaced(update: RowsUpdate) -> Changes:
    places, values = torch.tensor(update.indices, dtype=torch.int64), read_whole(update.values).float()

    def change(rows: torch.Tensor, begin: int) -> None:
        here = (places >= begin) & (places < begin + rows.shape[0])
        rows[places[here] - begin] = values[here]

    return change
