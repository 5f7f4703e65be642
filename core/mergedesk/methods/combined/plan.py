"""Which low-rank updates of several adapters are combined, and the seed of each tensor they change."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ...domain.requests import Combination
from ..updates import CombinedUpdate, LowRankUpdate, Update


def together(name: str, updates: Sequence[Update], how: Combination) -> list[Update]:
    """The updates to tensor ``name`` with the low-rank ones combined, those apart that change different rows.

    As in PEFT, a module that only some adapters hold is combined from those.
    """
    regions: dict[tuple[tuple[int, int], bool], list[LowRankUpdate]] = {}
    for update in updates:
        if isinstance(update, LowRankUpdate):
            regions.setdefault((update.rows, update.transposed), []).append(update)
    combined = (
        CombinedUpdate(tuple(parts), how, tensor_seed(how.seed, name, rows[0])) for (rows, _), parts in regions.items()
    )
    return [*combined, *(update for update in updates if not isinstance(update, LowRankUpdate))]


def tensor_seed(seed: int, name: str, first_row: int = 0) -> int:
    """The seed for one tensor, or for the part of it that begins at ``first_row``: the same whatever else is merged.

    Of 32 bits, all that torch's generator on the CPU takes.
    """
    text = f"{seed}\n{name}\n{first_row}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
