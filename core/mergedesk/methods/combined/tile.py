"""Several adapters' low-rank updates to the same rows, loaded as the factors of one.

``cat`` needs only the factors' part for those rows. The other methods look at whole factors, so that each module's are
combined once and kept for its other stretches; only a few modules are held at any time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock

import torch

from ...domain.requests import CombinationMethod
from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import read_block
from ..expert_factors import ExpertFactors
from ..lora.tile import Factors, load_pair, ready
from ..updates import CombinedUpdate
from .combine_factors import LowRankPair, combine_factors

Pair = tuple[torch.Tensor, torch.Tensor]
# Workers take stretches in order, so that no more modules than this are in work at a time, or nearly so.
_KEPT = 2


@dataclass(slots=True)
class CombinedPairs:
    """The combined factors of the last modules asked for. Whoever asks first makes them, the others wait."""

    held: OrderedDict[CombinedUpdate, Future[Pair]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, update: CombinedUpdate, make: Callable[[], Pair]) -> Pair:
        """The factors of ``update``, from ``make`` unless they are held; raises what ``make`` raises."""
        with self.lock:
            future = self.held.get(update)
            if found := future is not None:
                self.held.move_to_end(update)
            else:
                future = self.held[update] = Future()
                while len(self.held) > _KEPT:
                    self.held.popitem(last=False)
        assert future is not None
        if not found:
            _settle(future, make)
        return future.result()


def _settle(future: Future[Pair], make: Callable[[], Pair]) -> None:
    try:
        future.set_result(make())
    except BaseException as trouble:
        future.set_exception(trouble)


def load_combined(
    update: CombinedUpdate,
    files: OpenFiles,
    begin: int,
    end: int,
    base_dtype: torch.dtype | None,
    kept: CombinedPairs,
    experts: ExpertFactors,
) -> Factors:
    """What rows ``begin`` to ``end`` of the stored tensor need. ``base_dtype`` as in ``lora.load_factors``.

    A sum of deltas is rounded once. PEFT rounds the factors of its ``cat`` to the base's dtype, which is not followed.
    """
    if update.how.method is CombinationMethod.CAT:
        left, right = _load_cat(update, files, begin, end, experts)
        base_dtype = None
    else:
        a, b = kept.get(update, lambda: _combine_whole(update, files))
        first, last = begin - update.rows[0], end - update.rows[0]
        left, right = (b, a[:, first:last]) if update.transposed else (b[first:last], a)
    return ready(left, right, 1.0, update, base_dtype)


def _load_cat(update: CombinedUpdate, files: OpenFiles, begin: int, end: int, experts: ExpertFactors) -> Pair:
    """Factors side by side, of the summed rank; strengths go into A, in two steps as PEFT multiplies them."""
    pairs = [load_pair(part, files, begin, end, experts) for part in update.parts]
    rights = [right * part.weight * part.scaling for part, (_, right) in zip(update.parts, pairs, strict=True)]
    return torch.cat([left for left, _ in pairs], dim=1), torch.cat(rights, dim=0)


def _combine_whole(update: CombinedUpdate, files: OpenFiles) -> Pair:
    pairs = [
        LowRankPair(
            read_block(files[part.a.record.file], part.a).float(),
            read_block(files[part.b.record.file], part.b).float(),
            part.weight * part.scaling,
        )
        for part in update.parts
    ]
    return combine_factors(pairs, update.how, update.seed)
