"""DoRA in float64, by code that shares none of the engine's arithmetic. Source: Liu et al. 2024, equation 5."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ..updates import LowRankUpdate

BLOCK_ROWS = 1024
# A magnitude is stored in float32 and was summed in it: one that differs from the norm by no more is the norm itself.
FLOAT32_SUM = 1e-6

Rows = Callable[[int, int], torch.Tensor]


def dora_reference(
    magnitude: torch.Tensor, low_rank: LowRankUpdate, delta: Rows, start: Rows
) -> Callable[[torch.Tensor, int], torch.Tensor]:
    """From rows in float64, the first of which has the given number, to what they become.

    magnitude: (outputs,) float64. ``delta`` gives rows of the low-rank update, ``start`` those of the tensor before.
    """
    down = _column_norms(delta, start, *low_rank.shape) if low_rank.transposed else None

    def merge(rows: torch.Tensor, begin: int) -> torch.Tensor:
        directed = rows + delta(begin, begin + rows.shape[0])
        if down is not None:
            return directed * _scales(magnitude, down)
        own = magnitude[begin : begin + rows.shape[0]]
        return directed * _scales(own, directed.square().sum(dim=1).sqrt())[:, None]

    return merge


def _column_norms(delta: Rows, start: Rows, count: int, width: int) -> torch.Tensor:
    total = torch.zeros(width, dtype=torch.float64)
    for begin in range(0, count, BLOCK_ROWS):
        end = min(count, begin + BLOCK_ROWS)
        total += (start(begin, end).double() + delta(begin, end)).square().sum(dim=0)
    return total.sqrt()


def _scales(magnitude: torch.Tensor, norms: torch.Tensor) -> torch.Tensor:
    scales = magnitude / norms
    return torch.where((scales - 1).abs() < FLOAT32_SUM, 1.0, scales)
