"""Several adapters' low-rank updates to the same rows, loaded as the factors of one.

``cat`` needs only the factors' part for those rows. The other methods look at whole factors, so that each module's are
combined once and kept for its other chunks, as PEFT's ``add_weighted_adapter`` does it: each adapter's A and B are
multiplied by the square root of weight · scaling, the sign into A, and A and B are then combined apart from each other.
All of it is elementwise but for pruning, which looks at a whole factor. Sources: ``peft.utils.merge_utils``; TIES,
Yadav et al. 2023; DARE, Yu et al. 2023.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import torch

from ...domain.requests import Combination, MajoritySign
from ...runtime.kept import Kept
from ..convolution import ConvolutionUpdate
from ..convolution.tile import ConvolvedDeltas, add_rows, convolved
from ..lora.tile import AddLowRank, Fusion, load_pair, ready
from ..tile_context import TileContext, TileOp
from . import CombinedUpdate

Pair = tuple[torch.Tensor, torch.Tensor]
# Elements combined at a time: what is stacked and elected upon is then small beside the factors.
_BLOCK = 512 * 1024


class CombinedPairs(Kept[CombinedUpdate, Pair]):
    """Combined factors, whole."""


def load(context: TileContext, update: CombinedUpdate) -> TileOp:
    """What the combined updates do to the rows of ``context``. Raises UserError(read_failed).

    A sum of deltas is rounded once. PEFT rounds the factors of its ``cat`` to the base's dtype, which is not followed.
    """
    rounding, transposed = None, update.parts[0].transposed
    if update.addends:
        # Side by side, of the summed rank; strengths go into A, in two steps as PEFT multiplies them.
        pairs = [load_pair(context, part, context.begin, context.end) for part in update.parts]
        scaled = [right * part.weight * part.scaling for part, (_, right) in zip(update.parts, pairs, strict=True)]
        left, right = torch.cat([left for left, _ in pairs], dim=1), torch.cat(scaled, dim=0)
    else:
        a, b = context.cache.of(CombinedPairs).get(update, lambda: _combine_whole(context, update))
        if isinstance(update.parts[0], ConvolutionUpdate):
            return _convolution(context, update.parts[0], a, b)
        first, last = context.begin - update.rows[0], context.end - update.rows[0]
        left, right = (b, a[:, first:last]) if transposed else (b[first:last], a)
        rounding = context.rounding if update.rounds_first else None
    return AddLowRank(ready(left, right, 1.0, transposed, rounding), context.cache.of(Fusion))


def _convolution(context: TileContext, part: ConvolutionUpdate, a: torch.Tensor, b: torch.Tensor) -> TileOp:
    whole = partial(convolved, a, b, part.kernel, context.cache.threads)
    return add_rows(context.cache.of(ConvolvedDeltas).get((context.name, ""), whole)[context.begin : context.end])


def _combine_whole(context: TileContext, update: CombinedUpdate) -> Pair:
    pairs = [
        LowRankPair(context.load(part.a), context.load(part.b), part.weight * part.scaling) for part in update.parts
    ]
    return combine_factors(pairs, update.combination, update.seed)


@dataclass(frozen=True, slots=True)
class LowRankPair:
    """One adapter's factors in float32: ``a`` (rank, …), ``b`` (…, rank). ``strength`` is weight · scaling."""

    a: torch.Tensor
    b: torch.Tensor
    strength: float


def combine_factors(
    pairs: Sequence[LowRankPair], combination: Combination, seed: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """The A and B whose product is the combined delta. The tensors of ``pairs`` are overwritten.

    All pairs have one rank. ``seed`` draws what DARE drops, first from every A, then from every B: what PEFT drops
    after ``torch.manual_seed(seed)``. Not for ``cat``, which keeps the pairs apart.
    """
    roots = [math.sqrt(abs(pair.strength)) for pair in pairs]
    signed = [math.copysign(root, pair.strength) if root else 0.0 for root, pair in zip(roots, pairs, strict=True)]
    source = torch.Generator().manual_seed(seed)
    a = _combine([pair.a for pair in pairs], signed, combination, source)
    b = _combine([pair.b for pair in pairs], roots, combination, source)
    return a, b


def _combine(
    factors: Sequence[torch.Tensor], weights: Sequence[float], combination: Combination, source: torch.Generator
) -> torch.Tensor:
    for factor in factors:
        _prune(factor, combination, source)
    result = torch.empty_like(factors[0], memory_format=torch.contiguous_format)
    flat, column = [factor.reshape(-1) for factor in factors], torch.tensor(weights).unsqueeze(1)
    for begin in range(0, result.numel(), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        stacked = torch.stack([factor[block] for factor in flat])
        result.view(-1)[block] = (
            _elect_and_add(stacked, column, combination) if combination.elects else (stacked * column).sum(0)
        )
    return result


def _prune(factor: torch.Tensor, combination: Combination, source: torch.Generator) -> None:
    """Set all but a fraction ``density`` of the values to zero, in place."""
    if not combination.prunes or combination.density >= 1:
        return
    if combination.draws:
        kept = torch.bernoulli(torch.full_like(factor, combination.density), generator=source)
        factor.mul_(kept).div_(combination.density)
        return
    kept = torch.zeros(factor.numel())
    kept[factor.abs().reshape(-1).topk(int(combination.density * factor.numel())).indices] = 1
    factor.mul_(kept.view(factor.shape))


def _elect_and_add(stacked: torch.Tensor, weights: torch.Tensor, combination: Combination) -> torch.Tensor:
    """Mean of the weighted values whose sign is the majority's. stacked: (adapters, n); weights: (adapters, 1)."""
    signs = stacked.sign()
    balance = (stacked if combination.majority_sign is MajoritySign.TOTAL else signs).sum(dim=0)
    elected = signs == torch.where(balance >= 0, 1, -1)
    return (stacked * weights * elected).sum(dim=0) / elected.sum(dim=0).clamp(min=1.0)
