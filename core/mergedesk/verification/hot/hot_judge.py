"""Judges each tile right after it was written: read back through the file, by code that shares nothing with engines."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Lock

from ...methods.update import Update
from ...planning.layout import Layout, PlacedTensor
from ...planning.plan import Action, PlannedTensor
from ...runtime.kept import Kept
from ...storage.open_files import OpenFiles, open_files
from ...storage.safetensors_header import TensorRecord, as_bytes, stored_bytes
from ...storage.tensor_reading import read_flat
from ..compare.rows import Extents, Holds, data_beside, holds_of
from .chunk_proof import ChunkProof
from .kept_proofs import KeptProofs
from .packed_judge import PackedJudge, PackedWeight
from .samples import Look, Samples, look_at, places_in
from .tile_judges import JudgeMerged, JudgeSame, TileJudge, and_finite
from .word_sum import addend, total_of, whole_rows, word_sum


class Looks(Kept[tuple[str, tuple[int, int]], Look]):
    """What samples of some tensors are compared with, by name and rows."""


@dataclass(slots=True)
class ChunkJudge:
    """Judges the tiles of a chunk in their order. Bytes are counted from the tensor's start, ``size`` to an element.

    ``data``: of a copy, where there is something to be judged; the rest are holes on both sides.
    """

    files: OpenFiles
    written: TensorRecord
    begin: int
    end: int
    tiles: TileJudge
    is_base: Holds | None
    data: Extents | None
    keep: Callable[[ChunkProof], None]
    size: int
    step: int = 0
    sums: array[int] = field(default_factory=lambda: array("Q"))
    right: bool = True

    def look(self, begin: int, end: int) -> bool:
        """Whether bytes ``begin`` to ``end``, which were just written, are right by themselves. Raises UserError."""
        first = begin // self.size
        self.step = self.step or end - begin
        parts = list(self.data(begin, end)) if self.data else [(begin, end)]
        if parts == [(begin, end)]:
            values = read_flat(self.files, self.written, first, end // self.size, "ours")
            right = self.tiles.judge(values, first)
            self.sums.append(word_sum(values))
        else:
            right = self._look_at_parts(parts, begin, end)
        self.right = self.right and right
        return right

    def _look_at_parts(self, parts: Sequence[tuple[int, int]], begin: int, end: int) -> bool:
        """The same of bytes of which only parts are no holes."""
        right, addends = True, list[int]()
        for first, last in whole_rows(parts, begin, end):
            values = read_flat(self.files, self.written, first, last, "ours")
            right = self.tiles.judge(values, first) and right
            addends.append(addend(values, first - begin, end - begin))
        self.sums.append(total_of(addends))
        return right

    def close(self) -> None:
        """After the last tile. Raises UserError(read_failed)."""
        seen = self.tiles.close()
        proof = ChunkProof(
            self.begin, self.end, self.step, self.sums, self.right and seen.right, False, seen.statistics
        )
        self.keep(replace(proof, changed=seen.changed or not self._is_base(proof)))

    def _is_base(self, proof: ChunkProof) -> bool:
        """Whether all of it is; only asked where samples are, and of no interest but where a delta should show."""
        if self.is_base is None:
            return True
        places = ((begin // self.size, end // self.size) for begin, end, _ in proof.tiles)
        same = self.is_base
        return all(same(read_flat(self.files, self.written, *place, "ours"), place[0]) for place in places)


@dataclass(slots=True)
class HotJudge:
    """Judges what an engine writes into ``folder``. From any thread, each chunk by one.

    ``parts``: by name what is stored of weights that are packed again, where it will lie.
    """

    folder: Path
    files: OpenFiles
    parts: Mapping[str, TensorRecord] = field(default_factory=dict)
    weights: dict[str, PackedWeight] = field(default_factory=dict)
    looks: Looks = field(default_factory=Looks)
    proofs: KeptProofs = field(default_factory=KeptProofs)
    lock: Lock = field(default_factory=Lock)

    def watch(
        self, shard: str, placed: PlacedTensor, extent: tuple[int, int], updates: Sequence[Update]
    ) -> ChunkJudge | PackedJudge:
        """Who judges bytes ``extent`` of a tensor in the file ``shard``, which ``updates`` touch. Raises UserError."""
        if placed.tensor.action is Action.REPACK:
            return PackedJudge(self._weight(placed.tensor), updates, self.files, self.proofs.add, *extent)
        tensor = placed.tensor
        written = written_record(self.folder / shard, placed)
        if tensor.action is Action.COPY:
            written = as_bytes(written)
        keep = partial(self.proofs.add, tensor.name)
        tiles = self._tile_judge(tensor, updates)
        is_base = holds_of(tensor.base, self.files) if tensor.action is Action.MERGE else None
        size = stored_bytes(written.dtype, (1,))
        return ChunkJudge(self.files, written, *extent, tiles, is_base, self._data(tensor, written), keep, size)

    def _data(self, tensor: PlannedTensor, written: TensorRecord) -> Extents | None:
        if tensor.action is not Action.COPY:
            return None
        assert isinstance(tensor.source, TensorRecord)
        return data_beside(written, as_bytes(tensor.source), self.files)

    def _weight(self, tensor: PlannedTensor) -> PackedWeight:
        with self.lock:
            if tensor.name not in self.weights:
                self.weights[tensor.name] = PackedWeight(tensor, self.parts)
            return self.weights[tensor.name]

    def _tile_judge(self, tensor: PlannedTensor, updates: Sequence[Update]) -> TileJudge:
        if tensor.action is Action.COPY:
            assert isinstance(tensor.source, TensorRecord)
            return JudgeSame(holds_of(as_bytes(tensor.source), self.files))
        if not updates:
            same = holds_of(tensor.source, self.files)
            return JudgeSame(and_finite(same) if tensor.targeted else same)
        rows = min(update.rows for update in updates)
        look = self.looks.get((tensor.name, rows), lambda: look_at(tensor, updates, self.files))
        return JudgeMerged(places_in(tensor, updates), Samples(look))


def written_record(file: Path, placed: PlacedTensor) -> TensorRecord:
    """A tensor of the result as it will be stored."""
    tensor = placed.tensor
    return TensorRecord(tensor.name, tensor.dtype, tensor.shape, file, placed.offset, tensor.nbytes)


@contextmanager
def hot_judge(folder: Path, layout: Layout, *, maps: bool = False) -> Iterator[HotJudge]:
    """A judge for as long as the block lasts; what it found stays. ``maps``: files may be mapped."""
    parts = {placed.tensor.name: written_record(folder / shard.name, placed) for shard, placed in layout.packed_again}
    with open_files(maps) as files:
        yield HotJudge(folder, files, parts)
