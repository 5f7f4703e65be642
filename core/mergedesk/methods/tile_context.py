"""What a method's ``tile`` is given to load itself for a chunk of rows, what it gives back, and how rows are cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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

TILE_ELEMENTS = 1024 * 1024
CHUNK_BYTES = 32 << 20
# Matrix libraries use other kernels, with other rounding, for products a few rows or columns thin (MKL: under 4 rows
# or 12 columns). A tile is never thinner than this unless its matrix is, and so gives the whole product's bits.
MIN_ROWS = 16


@runtime_checkable
class KnownDelta(Protocol):
    """A ``TileOp`` that can tell how large its delta is."""

    def delta(self) -> tuple[float, float] | None:
        """ΣΔ² over all rows that it was loaded for, and the largest |Δ|; None where that takes too long to say."""


@dataclass(slots=True)
class SharedCache:
    """What a run keeps from one chunk to the next, for all workers: one object of each class that methods ask for.

    ``threads``: how many torch has of its own where no workers are, as in a script.
    """

    guard: Lock = field(default_factory=Lock)
    threads: int = field(default_factory=torch.get_num_threads)
    held: dict[type, Any] = field(default_factory=dict)

    def of(self, kind: type[Held]) -> Held:
        """The run's object of a class, made when it is first asked for."""
        with self.guard:
            if kind not in self.held:
                self.held[kind] = kind()
            held: Held = self.held[kind]
            return held


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


def cut(begin: int, end: int, step: int) -> Iterator[tuple[int, int]]:
    """Ranges of about ``step`` rows, each a multiple of MIN_ROWS from ``begin`` and none shorter than that."""
    step = max(MIN_ROWS, step - step % MIN_ROWS)
    starts = list(range(begin, end, step))
    if len(starts) > 1 and end - starts[-1] < MIN_ROWS:
        starts.pop()
    return zip(starts, [*starts[1:], end], strict=True)
