"""What an update's module is given to load itself for a stretch of rows, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

import torch

from ..storage.open_files import OpenFiles
from .combined.tile import CombinedPairs
from .expert_factors import ExpertFactors
from .lora.tile import Fusion

# Changes weights (rows, width), float32 or float64, in place. The number is the first row's place in the stretch,
# the flat float32 scratch has room for a tile.
TileOp = Callable[[torch.Tensor, int, torch.Tensor], None]
# A tensor's starting values, rows begin to end, (rows, width) float32 or float64; the caller's until the next call.
ReadRows = Callable[[int, int], torch.Tensor]


@dataclass(slots=True)
class ColumnScales:
    """What each column is multiplied by, by tensor: worked out once, by the worker that first needs it."""

    guard: Lock = field(default_factory=Lock)
    locks: dict[str, Lock] = field(default_factory=dict)
    held: dict[str, torch.Tensor] = field(default_factory=dict)

    def of(self, name: str, work_out: Callable[[], torch.Tensor]) -> torch.Tensor:
        """The scales of tensor ``name``; others that ask meanwhile wait."""
        with self.guard:
            lock = self.locks.setdefault(name, Lock())
        with lock:
            if name not in self.held:
                self.held[name] = work_out()
            return self.held[name]


@dataclass(frozen=True, slots=True)
class SharedCache:
    """What a run keeps from one stretch to the next, for all workers."""

    fusion: Fusion = field(default_factory=Fusion)
    pairs: CombinedPairs = field(default_factory=CombinedPairs)
    experts: ExpertFactors = field(default_factory=ExpertFactors)
    scales: ColumnScales = field(default_factory=ColumnScales)


@dataclass(frozen=True, slots=True)
class TileContext:
    """Rows ``begin`` to ``end`` of the tensor ``name``, for which updates are loaded. ``files`` stay open.

    ``rounding``: the dtype to which PEFT rounds on the way; None where a conversion rounds once, at the end.
    ``read`` gives starting values of any rows, for updates that must see the whole tensor first.
    """

    name: str
    rounding: torch.dtype | None
    begin: int
    end: int
    files: OpenFiles
    kept: SharedCache
    read: ReadRows
