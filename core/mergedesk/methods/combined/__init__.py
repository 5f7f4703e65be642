"""Low-rank updates of several adapters to the same rows, made one, and the seed of each tensor they change."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from ...domain.requests import Combination, CombinationMethod
from ..lora import LowRankUpdate
from ..update import Update


@dataclass(frozen=True, slots=True)
class CombinedUpdate(Update):
    """Low-rank updates of several adapters to the same rows, made one as ``combination`` says.

    ``seed`` is this tensor's own, so that what DARE drops depends neither on tiles nor on the order of work.
    """

    parts: tuple[LowRankUpdate, ...]
    combination: Combination
    seed: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.parts[0].shape

    @property
    def rows(self) -> tuple[int, int]:
        return self.parts[0].rows

    @property
    def rounds_first(self) -> bool:
        """Whether PEFT rounds the delta before adding it, as for its parts."""
        return self.parts[0].rounds_first

    @property
    def addends(self) -> tuple[Update, ...]:
        """Its parts, where they are simply added."""
        return self.parts if self.combination.method is CombinationMethod.CAT else ()

    @property
    def is_plain(self) -> bool:
        """Whether it is a plain sum of deltas that are not rounded on the way."""
        return bool(self.addends) and all(part.is_plain for part in self.parts)


def together(name: str, updates: Sequence[Update], combination: Combination) -> list[Update]:
    """The updates to tensor ``name`` with the low-rank ones combined, those apart that change different rows.

    As in PEFT, a module that only some adapters hold is combined from those.
    """
    regions: dict[tuple[tuple[int, int], bool], list[LowRankUpdate]] = {}
    for update in updates:
        if isinstance(update, LowRankUpdate):
            regions.setdefault((update.rows, update.transposed), []).append(update)
    combined = (
        CombinedUpdate(tuple(parts), combination, tensor_seed(combination.seed, name, rows[0]))
        for (rows, _), parts in regions.items()
    )
    return [*combined, *(update for update in updates if not isinstance(update, LowRankUpdate))]


def combined_ranks(updates: Sequence[Update]) -> list[set[int]]:
    """The ranks that each combination among ``updates`` is of; only ``cat`` can combine unequal ones."""
    return [{part.a.shape[0] for part in update.parts} for update in updates if isinstance(update, CombinedUpdate)]


def tensor_seed(seed: int, name: str, first_row: int = 0) -> int:
    """The seed for one tensor, or for the part of it that begins at ``first_row``: the same whatever else is merged.

    Of 32 bits, all that torch's generator on the CPU takes.
    """
    text = f"{seed}\n{name}\n{first_row}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
