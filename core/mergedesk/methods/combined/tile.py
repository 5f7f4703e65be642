"""Several adapters' low-rank updates to the same rows, loaded as the factors of one.

``cat`` needs only the factors' part for those rows. The other methods look at whole factors, so that each module's are
combined once and kept for its other chunks; only a few modules are held at any time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock

import torch

from ..lora.tile import AddLowRank, Fusion, load_pair, ready
from ..tile_context import TileContext
from . import CombinedUpdate
from .combine_factors import LowRankPair, combine_factors

Pair = tuple[torch.Tensor, torch.Tensor]
# Workers take chunks in order, so that no more modules than this are in work at a time, or nearly so.
_KEPT = 2


@dataclass(slots=True)
class CombinedPairs:
    """The combined factors of the last modules asked for. Whoever asks first makes them, the others wait."""

    held: OrderedDict[CombinedUpdate, Future[Pair]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, update: CombinedUpdate, make: Callable[[], Pair]) -> Pair:
        """The factors of ``update``, from ``make`` unless they are held; raises what ``make`` raises."""
        future, is_new = self._future(update)
        if is_new:
            _settle(future, make)
        return future.result()

    def _future(self, update: CombinedUpdate) -> tuple[Future[Pair], bool]:
        with self.lock:
            if (held := self.held.get(update)) is not None:
                self.held.move_to_end(update)
                return held, False
            future = self.held[update] = Future()
            while len(self.held) > _KEPT:
                self.held.popitem(last=False)
            return future, True


def _settle(future: Future[Pair], make: Callable[[], Pair]) -> None:
    try:
        future.set_result(make())
    except BaseException as trouble:
        future.set_exception(trouble)


def load(context: TileContext, update: CombinedUpdate) -> AddLowRank:
    """What the combined updates do to the rows of ``context``. Raises UserError(read_failed).

    A sum of deltas is rounded once. PEFT rounds the factors of its ``cat`` to the base's dtype, which is not followed.
    """
    rounding = None
    if update.addends:
        left, right = _load_cat(context, update)
    else:
        a, b = context.cache.of(CombinedPairs).get(update, lambda: _combine_whole(context, update))
        first, last = context.begin - update.rows[0], context.end - update.rows[0]
        left, right = (b, a[:, first:last]) if update.transposed else (b[first:last], a)
        rounding = context.rounding if update.rounds_first else None
    return AddLowRank(ready(left, right, 1.0, update.transposed, rounding), context.cache.of(Fusion))


def _load_cat(context: TileContext, update: CombinedUpdate) -> Pair:
    """Factors side by side, of the summed rank; strengths go into A, in two steps as PEFT multiplies them."""
    pairs = [load_pair(context, part, context.begin, context.end) for part in update.parts]
    rights = [right * part.weight * part.scaling for part, (_, right) in zip(update.parts, pairs, strict=True)]
    return torch.cat([left for left, _ in pairs], dim=1), torch.cat(rights, dim=0)


def _combine_whole(context: TileContext, update: CombinedUpdate) -> Pair:
    pairs = [
        LowRankPair(context.load(part.a), context.load(part.b), part.weight * part.scaling) for part in update.parts
    ]
    return combine_factors(pairs, update.how, update.seed)
