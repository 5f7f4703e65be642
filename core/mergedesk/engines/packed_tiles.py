"""Merged rows of a packed weight, packed again and written part by part; what nothing changed stays the base's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch

from ..checkpoints.checkpoint import PackedTensor
from ..quantization.packing_format import Repacks
from ..quantization.repack import WholeRange, packer
from ..storage.open_files import OpenFiles
from ..storage.positional_io import PositionalFile
from ..storage.tensor_reading import read_all, read_bytes

MIN_ROWS = 16
# Where a part begins in the output: its file, and its offset there.
Place = tuple[PositionalFile, int]


def step_of(repacks: Repacks, rows: int) -> int:
    """At most so many rows, if that can be, as whole units are and as tiles may be cut at."""
    least = math.lcm(repacks.unit, MIN_ROWS)
    return max(least, rows - rows % least)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and largest value of rows that were looked at, and whether any of them was changed."""

    low: float = math.inf
    high: float = -math.inf
    moved: bool = False

    def seen(self, before: torch.Tensor, after: torch.Tensor) -> Bounds:
        """The same with some more rows."""
        low, high = (float(value) for value in after.aminmax())
        return Bounds(min(self.low, low), max(self.high, high), self.moved or not torch.equal(before, after))


@dataclass(frozen=True, slots=True)
class PartWriter:
    """Writes the parts of one weight. ``places``: where each begins, by role."""

    packed: PackedTensor
    repacks: Repacks
    places: Mapping[str, Place]
    files: OpenFiles

    def limits(self, bounds: Bounds) -> WholeRange | None:
        """What a format needs to know of the whole weight, where its parts have numbers of that."""
        if not self.repacks.overall:
            return None
        record = self.packed.parts.get("overall")
        overall = None if record is None else read_all(self.files, record).clone().reshape(-1)
        return WholeRange(bounds.low, bounds.high, overall)

    def write(self, begin: int, before: torch.Tensor, after: torch.Tensor, limits: WholeRange | None) -> torch.Tensor:
        """Pack rows from ``begin`` on, a whole number of units or the last, and write them; what they are worth now.

        before, after: (rows, width) float32. Raises UserError(write_failed, read_failed).
        """
        found = packer(self.packed.packing)(self.packed, after, limits)
        parts = {role: _as_bytes(tensor) for role, tensor in found.parts.items()}
        still = torch.zeros(0, dtype=torch.bool)
        if all(self._is_base(role, parts[role]) for role in self.repacks.overall):
            still = self._unmoved(before, after)
        for role, size in self.repacks.by_rows.items():
            start = begin // self.repacks.unit * size
            self._write(role, start, self._with_base(role, start, parts[role], still))
        if begin == 0:
            for role in self.repacks.overall:
                self._write(role, 0, parts[role])
        if not bool(still.any()):
            return found.values
        rows = still.repeat_interleave(self.repacks.unit)[: len(after)].unsqueeze(1)
        return torch.where(rows, before, found.values)

    def keep(self, begin: int, end: int) -> None:
        """Write the base's own parts of rows ``begin`` to ``end``. Raises UserError(write_failed, read_failed)."""
        for role in self.repacks.by_rows:
            start, stop = self.repacks.stretch(self.packed.parts[role], role, begin, end)
            self._write(role, start, self._base_bytes(role, start, stop))
        if begin == 0:
            for role in self.repacks.overall:
                self._write(role, 0, self._base_bytes(role, 0, self.packed.parts[role].nbytes))

    def _unmoved(self, before: torch.Tensor, after: torch.Tensor) -> torch.Tensor:
        """Of each unit, whether none of its rows was changed."""
        moved = (before != after).any(dim=1)
        padded = torch.nn.functional.pad(moved, (0, -len(moved) % self.repacks.unit))
        return ~padded.view(-1, self.repacks.unit).any(dim=1)

    def _with_base(self, role: str, start: int, part: torch.Tensor, still: torch.Tensor) -> torch.Tensor:
        """The base's bytes where ``still`` says so."""
        if not bool(still.any()):
            return part
        kept = still.repeat_interleave(self.repacks.by_rows[role])[: part.numel()]
        return torch.where(kept, self._base_bytes(role, start, start + part.numel()), part)

    def _is_base(self, role: str, part: torch.Tensor) -> bool:
        return torch.equal(part, self._base_bytes(role, 0, part.numel()))

    def _base_bytes(self, role: str, start: int, stop: int) -> torch.Tensor:
        return read_bytes(self.files, self.packed.parts[role], start, stop)

    def _write(self, role: str, start: int, part: torch.Tensor) -> None:
        file, offset = self.places[role]
        file.write_from(memoryview(part.numpy()), offset + start)  # type: ignore[arg-type]


def _as_bytes(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.contiguous().reshape(-1).view(torch.uint8)
