"""How long a merge will take: what it reads, works on and writes, by speeds that were measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..storage.disk_speed import Speeds, measure
from .plan import Action, Plan, bytes_of

# What merging or casting a byte costs, and what copying and comparing one does, in bytes copied in memory by one
# thread; measured with two workers, checks included.
_WORKED, _COPIED = 6.0, 2.5
_START_SECONDS = 0.4  # headers, and the load of the reload check


@dataclass(frozen=True, slots=True)
class Amounts:
    """Bytes that a merge reads of its base, and writes: ``worked`` on, or copied as they are."""

    read: int
    worked: int
    copied: int

    @property
    def written(self) -> int:
        """All of the output's tensors."""
        return self.worked + self.copied


def amounts_of(plan: Plan) -> Amounts:
    """What the plan's tensors come to."""
    worked = bytes_of(tensor for tensor in plan.tensors if tensor.action is not Action.COPY)
    return Amounts(bytes_of(tensor.base for tensor in plan.tensors), worked, plan.tensor_bytes - worked)


def expected_seconds(amounts: Amounts, speeds: Speeds) -> float:
    """Reading, working and writing go on side by side: what takes longest is waited for."""
    working = (_WORKED * amounts.worked + _COPIED * amounts.copied) / speeds.memory
    return _START_SECONDS + max(working, amounts.read / speeds.read, amounts.written / speeds.write)


def forecast(amounts: Amounts, weights: Sequence[Path], folder: Path, minute: int) -> float | None:
    """Seconds that a merge will take into ``folder``; None where nothing can be measured there.

    What was measured is good for a ``minute``.
    """
    speeds = _speeds(tuple(weights), folder, minute)
    return expected_seconds(amounts, speeds) if speeds else None


@lru_cache(maxsize=8)
def _speeds(weights: tuple[Path, ...], folder: Path, minute: int) -> Speeds | None:
    del minute
    try:
        return measure(weights, folder)
    except OSError:
        return None
