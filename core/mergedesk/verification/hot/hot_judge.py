"""Judges each tile right after it was written: read back through the file, by code that shares nothing with engines."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

from ...methods.update import Update
from ...planning.layout import PlacedTensor
from ...planning.plan import Action, PlannedTensor
from ...runtime.kept import Kept
from ...storage.open_files import OpenFiles, open_files
from ...storage.safetensors_header import TensorRecord, stored_bytes
from ...storage.tensor_reading import read_flat
from ..compare.statistics import TensorStatistics
from .chunk_proof import ChunkProof
from .samples import Look, look_at
from .tile_judges import JudgeTile, judge_merged, judge_same
from .word_sum import word_sum

Proofs = Mapping[str, Sequence[ChunkProof]]
"""What was judged of each tensor, by its name."""


class Looks(Kept[tuple[str, tuple[int, int]], Look]):
    """What samples of some tensors are compared with, by name and rows."""


@dataclass(slots=True)
class ChunkJudge:
    """Judges the tiles of a chunk in their order. Bytes are counted from the tensor's start."""

    files: OpenFiles
    written: TensorRecord
    begin: int
    end: int
    judge: JudgeTile
    keep: Callable[[ChunkProof], None]
    step: int = 0
    sums: array[int] = field(default_factory=lambda: array("Q"))
    right: bool = True
    changed: bool = False
    statistics: TensorStatistics = field(default_factory=TensorStatistics)

    def look(self, begin: int, end: int) -> None:
        """Bytes ``begin`` to ``end`` were just written. Raises UserError(read_failed)."""
        size = stored_bytes(self.written.dtype, (1,))
        values = read_flat(self.files, self.written, begin // size, end // size, "ours")
        self.step = self.step or end - begin
        self.sums.append(word_sum(values))
        seen = self.judge(values, begin // size)
        self.right, self.changed = self.right and seen.right, self.changed or seen.changed
        if seen.statistics.elements:
            self.statistics += seen.statistics

    def close(self) -> None:
        """After the last tile."""
        self.keep(ChunkProof(self.begin, self.end, self.step, self.sums, self.right, self.changed, self.statistics))


@dataclass(slots=True)
class HotJudge:
    """Judges what an engine writes into ``folder``. From any thread, each chunk by one."""

    folder: Path
    files: OpenFiles
    looks: Looks = field(default_factory=Looks)
    proofs: dict[str, list[ChunkProof]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def watch(self, shard: str, placed: PlacedTensor, extent: tuple[int, int], updates: Sequence[Update]) -> ChunkJudge:
        """Who judges bytes ``extent`` of a tensor in the file ``shard``, which ``updates`` touch. Raises UserError."""
        tensor, file = placed.tensor, self.folder / shard
        written = TensorRecord(tensor.name, tensor.dtype, tensor.shape, file, placed.offset, tensor.nbytes)
        if tensor.action is Action.COPY:
            written = as_bytes(written)
        judge = self._judge(tensor, updates)
        return ChunkJudge(self.files, written, *extent, judge, lambda proof: self._keep(tensor.name, proof))

    def _judge(self, tensor: PlannedTensor, updates: Sequence[Update]) -> JudgeTile:
        if tensor.action is Action.COPY:
            assert isinstance(tensor.source, TensorRecord)
            return judge_same(as_bytes(tensor.source), self.files)
        if not updates:
            return judge_same(tensor.source, self.files)
        rows = min(update.rows for update in updates)
        look = self.looks.get((tensor.name, rows), lambda: look_at(tensor, updates, self.files))
        return judge_merged(tensor, updates, self.files, look)

    def _keep(self, name: str, proof: ChunkProof) -> None:
        with self.lock:
            self.proofs.setdefault(name, []).append(proof)


@contextmanager
def hot_judge(folder: Path) -> Iterator[HotJudge]:
    """A judge for as long as the block lasts; what it found stays."""
    with open_files() as files:
        yield HotJudge(folder, files)


def as_bytes(record: TensorRecord) -> TensorRecord:
    """The same stretch of a file, for whatever dtype."""
    return replace(record, dtype="U8", shape=(record.nbytes,))
