"""Judges what a packed weight is written as: of each tile every part, and samples once all of the weight is there.

Samples wait for that because the scales of a weight are read whole.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...methods.update import Update
from ...planning.plan import PlannedTensor, repacks_of
from ...quantization.packing_format import Repacks
from ...storage.open_files import OpenFiles
from ...storage.safetensors_header import TensorRecord, as_bytes
from ...storage.tensor_reading import read_flat
from ...storage.torch_dtypes import torch_dtype
from ..compare.packed_cells import packed_in_place_of, packed_sums
from ..compare.rows import is_finite, same_bits
from ..compare.statistics import TensorStatistics
from .chunk_proof import ChunkProof
from .samples import places_in
from .word_sum import word_sum

Keep = Callable[[str, ChunkProof], None]
"""Takes what was judged of a stored part, by its name."""


class PackedWeight:
    """One weight that is packed again: what it is written as, and which rows are there."""

    def __init__(self, tensor: PlannedTensor, written: Mapping[str, TensorRecord]) -> None:
        """``written``: the result's stored parts by name, at the places where they will lie."""
        assert isinstance(tensor.base, PackedTensor)
        ours = packed_in_place_of(tensor.base, {**_as_stored(tensor.base), **written})
        assert ours is not None
        self.tensor, self.base, self.ours = tensor, tensor.base, ours
        self._places: list[tuple[int, int]] = []
        self._rows_there = 0
        self._lock = Lock()

    @cached_property
    def repacks(self) -> Repacks:
        """What is written of it."""
        return repacks_of(self.tensor)

    def add(self, rows: int, places: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
        """So many rows more are there; all places that samples shall be of, once it is whole."""
        with self._lock:
            self._rows_there += rows
            self._places += places
            return sorted(self._places) if self._rows_there == self.base.rows else ()


def _as_stored(packed: PackedTensor) -> dict[str, TensorRecord]:
    return {part.name: part for part in packed.parts.values()}


@dataclass(slots=True)
class PackedJudge:
    """Judges tiles of some rows of a weight, in their order; as others, it counts bytes of the codes."""

    weight: PackedWeight
    updates: Sequence[Update]
    files: OpenFiles
    keep: Keep
    begin: int
    end: int
    sums: dict[str, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("Q")))
    steps: dict[str, int] = field(default_factory=dict)
    places: list[tuple[int, int]] = field(default_factory=list)
    right: bool = True
    changed: bool = False

    def look(self, begin: int, end: int) -> bool:
        """Whether all that rows are scaled by is finite, and the base's where nothing may change. Raises UserError."""
        first, last = self._row(begin), self._row(end)
        for role in self.weight.repacks.by_rows:
            self._look_at(role, first, last)
        if self.updates:
            self.places += places_in(self.weight.tensor, self.updates).of(first, last)
        elif not self.weight.repacks.overall:
            self.right = self.right and not self.changed
        return self.right

    def close(self) -> None:
        """After the last tile. Raises UserError(read_failed)."""
        first, last = self._row(self.begin), self._row(self.end)
        if first == 0:
            for role in self.weight.repacks.overall:
                self._keep_whole(role)
        statistics = self._samples(self.weight.add(last - first, self.places))
        for role, sums in self.sums.items():
            part = self.weight.ours.parts[role]
            start, stop = self.weight.repacks.stretch(part, role, first, last)
            shown = statistics if role == "codes" else TensorStatistics()
            self.keep(part.name, ChunkProof(start, stop, self.steps[role], sums, self.right, self.changed, shown))

    def _row(self, codes: int) -> int:
        return codes * self.weight.base.rows // self.weight.base.parts["codes"].nbytes

    def _look_at(self, role: str, first: int, last: int) -> None:
        ours, theirs = self.weight.ours.parts[role], self.weight.base.parts[role]
        start, stop = self.weight.repacks.stretch(ours, role, first, last)
        self.steps.setdefault(role, stop - start)
        stored = read_flat(self.files, as_bytes(ours), start, stop, "ours")
        self.sums[role].append(word_sum(stored))
        same = same_bits(stored, read_flat(self.files, as_bytes(theirs), start, stop, "theirs"))
        self.changed = self.changed or not same
        self.right = self.right and _may_scale(ours, role, stored)

    def _keep_whole(self, role: str) -> None:
        part = self.weight.ours.parts[role]
        stored = read_flat(self.files, as_bytes(part), 0, part.nbytes, "ours")
        right, sums = _may_scale(part, role, stored), array("Q", [word_sum(stored)])
        self.keep(part.name, ChunkProof(0, part.nbytes, part.nbytes, sums, right, True, TensorStatistics()))

    def _samples(self, places: Sequence[tuple[int, int]]) -> TensorStatistics:
        total, weight = TensorStatistics(), self.weight
        if places:
            sums = packed_sums(weight.tensor, weight.ours, self.files)
            for begin, end in places:
                total += sums(begin, end)
        return total


def _may_scale(part: TensorRecord, role: str, stored: torch.Tensor) -> bool:
    """Whether what codes are scaled by is finite."""
    if role == "codes" or not part.is_floating:
        return True
    return is_finite(stored.view(torch_dtype(part.dtype)).float())
