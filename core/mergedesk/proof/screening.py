"""Blocks that are plainly right are let through in float32; all others are looked at in float64.

The formula is written out here once more, apart from the engines: W + Σ scaling · weight · B·A.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from ..planning.updates import CombinedUpdate, FactorView, LowRankUpdate, Update
from ..request import CombinationMethod
from ..verification.reference import read_whole
from .evidence import Evidence

# A float32 sum of products is off by a few roundings of its largest parts; half of what ``evidence`` allows.
_FLOAT32_ERROR = 8 * 2.0**-24
# The widest that one step of a dtype is, relative to the value.
_WIDEST_STEP = {torch.bfloat16: 2.0**-7, torch.float16: 2.0**-10}
_NEARLY_ALL = 0.999
_SMALLEST_NORMAL = 2.0**-14

# From rows of W, in their own dtype, the number of the first, and rows of M: the evidence, None where unsure.
Screen = Callable[[torch.Tensor, int, torch.Tensor], Evidence | None]
_Delta = Callable[[int, int], torch.Tensor]


def screen(updates: Sequence[Update]) -> Screen | None:
    """What lets right blocks through, for tensors that get nothing or low-rank deltas; None for others."""
    parts = [part for update in updates for part in _low_rank(update)]
    if len(parts) < len(updates) or any(part is None for part in parts):
        return None
    deltas = [(part.rows, _delta(part)) for part in parts if part is not None]

    def look(base: torch.Tensor, begin: int, merged: torch.Tensor) -> Evidence | None:
        before = base.float()
        delta = torch.zeros_like(before)
        for (first, last), rows in deltas:
            start, stop = max(first, begin), min(last, begin + before.shape[0])
            if start < stop:
                delta[start - begin : stop - begin] += rows(start - first, stop - first)
        return _judged(before, delta, merged)

    return look if deltas else _look_at_copy


def _low_rank(update: Update) -> list[LowRankUpdate | None]:
    """Its low-rank parts; None for what is no plain sum of such, or is rounded before it is added."""
    if isinstance(update, CombinedUpdate) and update.how.method is CombinationMethod.CAT:
        return [part for one in update.parts for part in _low_rank(one)]
    return [update if isinstance(update, LowRankUpdate) and not update.rounds_first else None]


def _delta(update: LowRankUpdate) -> _Delta:
    a, b = _factor(update.a), _factor(update.b) * (update.scaling * update.weight)
    if update.transposed:
        return lambda begin, end: a[:, begin:end].t() @ b.t()
    return lambda begin, end: b[begin:end] @ a


def _factor(view: FactorView) -> torch.Tensor:
    matrix, rows, columns = read_whole(view.record).view(view.matrix), view.rows, view.columns
    block = matrix[rows.begin :: rows.step][: rows.count, columns.begin :: columns.step][:, : columns.count]
    return block.float().contiguous()


def _look_at_copy(base: torch.Tensor, _begin: int, merged: torch.Tensor) -> Evidence | None:
    count = merged.numel()
    same = torch.equal(base.to(merged.dtype), merged)
    return Evidence(count, count, count, count, unchanged=count, lost=count) if same else None


def _judged(before: torch.Tensor, delta: torch.Tensor, merged: torch.Tensor) -> Evidence | None:
    exact = before + delta
    found, once, unmoved = merged.float(), exact.to(merged.dtype), before.to(merged.dtype)
    same, count = int((merged == once).sum()), merged.numel()
    off = found - exact
    room = (before.abs() + delta.abs().amax()) * _FLOAT32_ERROR
    if merged.dtype in _WIDEST_STEP:
        if same < _NEARLY_ALL * count:
            return None
        room += exact.abs().clamp(min=_SMALLEST_NORMAL) * (_WIDEST_STEP[merged.dtype] / 2)
    elif merged.dtype is not torch.float32:
        return None
    if not bool((off.abs() <= room).all()):
        return None
    moved = found - before
    return Evidence(
        elements=count,
        right=count,
        exact=same,
        unchanged=int((merged == unmoved).sum()),
        lost=int((once == unmoved).sum()),
        delta=_dot(delta, delta),
        due=_dot(once.float() - before, delta),
        along=_dot(moved, delta),
        moved=_dot(moved, moved),
        base=_dot(before, before),
        rounding=_dot(off, off),
    )


def _dot(one: torch.Tensor, other: torch.Tensor) -> float:
    return float(torch.dot(one.flatten(), other.flatten()))
