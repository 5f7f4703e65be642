"""What a method's ``tile`` is given to load itself for a chunk of rows, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol, TypeVar, runtime_checkable

import torch

from ..storage.factor_view import FactorView
from ..storage.open_files import OpenFiles
from ..storage.tensor_reading import read_block
from .registry import module_of
from .update import Update

# Changes weights (rows, width), float32 or float64, in place. The number is the first row's place in the chunk,
# the flat float32 scratch has room for a tile.
TileOp = Callable[[torch.Tensor, int, torch.Tensor], None]
# A tensor's starting values, rows begin to end, (rows, width) float32 or float64; the caller's until the next call.
ReadRows = Callable[[int, int], torch.Tensor]
Held = TypeVar("Held")


@runtime_checkable
class KnownDelta(Protocol):
    """A ``TileOp`` that can tell how large its delta is."""

    def delta(self) -> tuple[float, float] | None:
        """ΣΔ² over all rows that it was loaded for, and the largest |Δ|; None where that takes too long to say."""


@dataclass(slots=True)
class SharedCache:
    """What a run keeps from one chunk to the next, for all workers: one object of each class that methods ask for."""

    guard: Lock = field(default_factory=Lock)
    held: dict[type, Any] = field(default_factory=dict)

    def of(self, kind: type[Held]) -> Held:
        """The run's object of a class, made when it is first asked for."""
        with self.guard:
            if kind not in self.held:
                self.held[kind] = kind()
            found: Held = self.held[kind]
            return found


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
    cache: SharedCache
    read: ReadRows

    def load(self, view: FactorView, begin: int = 0, end: int | None = None) -> torch.Tensor:
        """Rows ``begin`` to ``end`` of a block of a factor, float32. Raises UserError(read_failed)."""
        return read_block(self.files[view.record.file], view, begin, end).float()


def load_updates(context: TileContext, updates: Sequence[Update]) -> tuple[TileOp, ...]:
    """What ``updates`` do to the rows of ``context``, in their order. Raises UserError(read_failed)."""
    return tuple(module_of(update, "tile").load(context, update) for update in updates)
