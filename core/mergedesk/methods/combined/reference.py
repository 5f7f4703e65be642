"""Combined factors by formulas of their own; only what DARE draws is drawn as the engine draws it.

Sources: TIES, Yadav et al. 2023; DARE, Yu et al. 2023; the weights' square roots as in PEFT's ``add_weighted_adapter``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from ...domain.requests import Combination, CombinationMethod, MajoritySign
from ..lora.reference import added
from ..reference import Change, Rows, read_view
from . import CombinedUpdate

# (A, B, strength) of one adapter.
Pair = tuple[torch.Tensor, torch.Tensor, float]


def reference(update: CombinedUpdate, _start: Rows, dtype: torch.dtype) -> Change:
    """W + B·A of the combined factors."""
    return added(*stored_pair(update, dtype), update.parts[0].transposed, update.rows)


def stored_pair(update: CombinedUpdate, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    """The combined A and B, of the adapters' stored factors."""
    pairs = [(read_view(part.a, dtype), read_view(part.b, dtype), part.scaling * part.weight) for part in update.parts]
    return combined_pair(pairs, update.combination, update.seed)


def combined_pair(pairs: Sequence[Pair], combination: Combination, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The A and B whose product is the combined delta."""
    if combination.method is CombinationMethod.CAT:
        scaled = [a * strength for a, _, strength in pairs]
        return torch.cat(scaled, dim=0), torch.cat([b for _, b, _ in pairs], dim=1)
    draw = _drawing(seed, combination.density)
    weights = torch.tensor([strength for _, _, strength in pairs], dtype=torch.float64)
    roots = weights.abs().sqrt().view(-1, 1, 1)
    a = _combined(torch.stack([a for a, _, _ in pairs]), roots * weights.sign().view(-1, 1, 1), combination, draw)
    return a, _combined(torch.stack([b for _, b, _ in pairs]), roots, combination, draw)


def _drawing(seed: int, density: float) -> Callable[[torch.Size], torch.Tensor]:
    source = torch.Generator().manual_seed(seed)
    return lambda shape: torch.bernoulli(torch.full(shape, density, dtype=torch.float32), generator=source).bool()


def _combined(
    stacked: torch.Tensor, weights: torch.Tensor, combination: Combination, draw: Callable[[torch.Size], torch.Tensor]
) -> torch.Tensor:
    """stacked: (adapters, rows, columns); weights: (adapters, 1, 1)."""
    if combination.prunes and combination.density < 1:
        stacked = torch.stack([_pruned(values, combination, draw) for values in stacked])
    if not combination.elects:
        return (stacked * weights).sum(dim=0)
    votes = stacked if combination.majority_sign is MajoritySign.TOTAL else stacked.sign()
    winners = stacked * torch.where(votes.sum(dim=0) < 0, -1.0, 1.0) > 0
    return torch.where(winners, stacked * weights, 0.0).sum(dim=0) / winners.sum(dim=0).clamp(min=1)


def _pruned(values: torch.Tensor, combination: Combination, draw: Callable[[torch.Size], torch.Tensor]) -> torch.Tensor:
    if combination.draws:
        return torch.where(draw(values.shape), values / combination.density, 0.0)
    kept = int(combination.density * values.numel())
    if not kept:
        return torch.zeros_like(values)
    smallest = values.abs().flatten().kthvalue(values.numel() - kept + 1).values
    return torch.where(values.abs() >= smallest, values, 0.0)
