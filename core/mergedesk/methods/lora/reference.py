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


def roundings(a: torch.Tensor, b: torch.Tensor, transposed: bool, first_row: int) -> Callable[[int, int], torch.Tensor]:
    """How far float32 arithmetic may be off from B·A, in whatever order it adds, for rows of the stored tensor.

    a: (rank, inputs), b: (outputs, rank), both float64. Gives (rows, width) float64. Source: Higham 2002, section 3.1,
    with a few roundings more for what is multiplied into the factors.
    """
    left, right = (part.abs() for part in ((a.t(), b.t()) if transposed else (b, a)))
    left = left * ((a.shape[0] + _FACTOR_ROUNDINGS) * FLOAT32_UNIT)
    return lambda begin, end: left[begin - first_row : end - first_row] @ right
