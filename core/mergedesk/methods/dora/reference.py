"""DoRA apart from the engine's arithmetic. Source: Liu et al. 2024, equation 5."""

from __future__ import annotations

import torch

from ..lora.reference import added, stored_pair
from ..reference import Change, Rows, read_view
from . import DoraUpdate

BLOCK_ROWS = 1024
# A magnitude is stored in float32 and was summed in it: one that differs from the norm by no more is the norm itself.
FLOAT32_SUM = 1e-6


def reference(update: DoraUpdate, start: Rows, dtype: torch.dtype) -> Change:
    """m · (W + D) / ‖W + D‖, the norm taken over each output's weights."""
    low_rank = update.low_rank
    delta = added(*stored_pair(low_rank, dtype), low_rank.transposed, low_rank.rows)
    magnitude = read_view(update.magnitude, dtype).flatten()
    down = _column_norms(delta, start, *low_rank.shape) if low_rank.transposed else None

    def change(rows: torch.Tensor, begin: int) -> None:
        delta(rows, begin)
        if down is not None:
            rows.mul_(_scales(magnitude, down))
        else:
            own = magnitude[begin : begin + rows.shape[0]]
            rows.mul_(_scales(own, torch.linalg.vector_norm(rows, dim=1))[:, None])

    return change


def _column_norms(delta: Change, start: Rows, count: int, width: int) -> torch.Tensor:
    total = torch.zeros(width, dtype=torch.float64)
    for begin in range(0, count, BLOCK_ROWS):
        rows = start(begin, min(count, begin + BLOCK_ROWS)).to(torch.float64, copy=True)
        delta(rows, begin)
        total += rows.square().sum(dim=0)
    return total.sqrt()


def _scales(magnitude: torch.Tensor, norms: torch.Tensor) -> torch.Tensor:
    scales = magnitude / norms
    return torch.where((scales - 1).abs() < FLOAT32_SUM, 1.0, scales)
