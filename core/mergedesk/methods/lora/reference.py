"""Low-rank updates apart from the engine's arithmetic. Source: Hu et al. 2021 (LoRA), equation 3."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ..reference import Change, Rows, read_view
from . import LowRankUpdate

FLOAT32_UNIT = 2.0**-24
_FACTOR_ROUNDINGS = 8


def reference(update: LowRankUpdate, _start: Rows, dtype: torch.dtype) -> Change:
    """W + weight · scaling · B·A."""
    return added(*stored_pair(update, dtype), update.transposed, update.rows)


def stored_pair(update: LowRankUpdate, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    """A, and B times the update's strength."""
    return read_view(update.a, dtype), read_view(update.b, dtype).mul_(update.scaling * update.weight)


def added(a: torch.Tensor, b: torch.Tensor, transposed: bool, touched: tuple[int, int]) -> Change:
    """What adds B·A to the rows ``touched``: first, and one past the last. a: (rank, inputs), b: (outputs, rank)."""
    left, right = (a.t().contiguous(), b.t().contiguous()) if transposed else (b, a)
    squares = right.double() @ right.double().t()
    first, last = touched

    def change(rows: torch.Tensor, begin: int) -> float:
        start, stop = max(first, begin), min(last, begin + rows.shape[0])
        if start >= stop:
            return 0.0
        part = left[start - first : stop - first]
        rows[start - begin : stop - begin].addmm_(part, right)
        part = part.double()
        return max(0.0, float(((part.t() @ part) * squares).sum()))  # ‖L·R‖² = tr(LᵀL · RRᵀ)

    return change


# From rows before any update, float64, and their numbers: the least and the most that float32 arithmetic makes of them.
Bounds = Callable[[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]]


def bounds(a: torch.Tensor, b: torch.Tensor, transposed: bool, first_row: int) -> Bounds:
    """W + B·A with room for float32 sums in whatever order, (rows, width) float64.

    a: (rank, inputs), b: (outputs, rank), float64. A sum of products is off by at most so many roundings of Σ|l||r|,
    which is no more than |l|·|r|; the factors have a few of their own. Source: Higham 2002, section 3.1.
    """
    left, right = (a.t().contiguous(), b.t().contiguous()) if transposed else (b, a)
    heights = left.square().sum(1).sqrt_() * ((a.shape[0] + _FACTOR_ROUNDINGS) * FLOAT32_UNIT)
    widths = right.square().sum(0).sqrt_()

    def bounded(before: torch.Tensor, numbers: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        places = numbers - first_row
        exact = torch.addmm(before, left[places], right)
        room = torch.outer(heights[places], widths)
        room.add_(before.abs().add_(exact.abs()), alpha=2 * FLOAT32_UNIT)
        return exact - room, exact.add_(room)

    return bounded
