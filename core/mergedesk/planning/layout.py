"""Where every byte of the output will lie: files, headers and offsets, before a weight is read."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

from msgspec import Struct

from ..checkpoints.checkpoint import Checkpoint, PackedTensor
from ..checkpoints.files import SAFETENSORS, WEIGHTS, WEIGHTS_INDEX
from ..checkpoints.weight_index import WEIGHT_MAP, PlacedNames
from ..domain.dtypes import DTYPES
from ..storage.safetensors_header import LENGTH_BYTES, Header, header_prefix, pack, stored_bytes, unpack, with_length
from ..storage.strided_path import true_file
from .plan import Action, Plan, PlannedTensor, PlannedTensors, bytes_of

_ORDER = tuple(DTYPES)  # safetensors lays tensors out by it, last first


class PlacedTensor(Struct, frozen=True, gc=False):
    """A planned tensor and its absolute offset in its file."""

    tensor: PlannedTensor
    offset: int


Place = Callable[[Iterable[PlannedTensor]], Iterable[PlacedTensor]]


@dataclass(frozen=True, slots=True, eq=False)
class PlacedTensors(Collection[PlacedTensor]):
    """Those of one file, laid out anew by ``place`` each time they are gone through, as ``PlannedTensors`` are made."""

    tensors: PlannedTensors
    place: Place

    def __iter__(self) -> Iterator[PlacedTensor]:
        """Every tensor, in its place."""
        return iter(self.place(self.tensors))

    def __len__(self) -> int:
        """Number of tensors."""
        return len(self.tensors)

    def __contains__(self, placed: object) -> bool:
        """Whether one lies so."""
        return any(placed == one for one in self)


@dataclass(frozen=True, slots=True)
class OutputShard:
    """One weight file: ``packed`` is its header's JSON, compressed, and the base's own where that stays as it is.

    ``nbytes``: its whole size.
    """

    name: str
    packed: bytes
    tensors: Collection[PlacedTensor]
    nbytes: int

    @property
    def prefix(self) -> bytes:
        """Its length field and header."""
        return with_length(unpack(self.packed))


@dataclass(frozen=True, slots=True)
class Layout:
    """All weight files and the index, None for a single file."""

    shards: tuple[OutputShard, ...]
    index: Mapping[str, Any] | None

    @property
    def nbytes(self) -> int:
        """Bytes of all weight files."""
        return sum(shard.nbytes for shard in self.shards)

    @property
    def placed(self) -> Iterator[tuple[OutputShard, PlacedTensor]]:
        """Every tensor with its file, in the order of the files."""
        return ((shard, placed) for shard in self.shards for placed in shard.tensors)

    @property
    def packed_again(self) -> Iterator[tuple[OutputShard, PlacedTensor]]:
        """The stored parts among them that are written of packed weights."""
        actions = (Action.REPACK, Action.PART)
        return ((shard, placed) for shard, placed in self.placed if placed.tensor.action in actions)


def make_layout(plan: Plan, base: Checkpoint, max_shard_size: int | None = None) -> Layout:
    """Lay the plan out over the base's own files, or over new ones of at most ``max_shard_size`` bytes of tensors.

    A file whose tensors keep their names, dtypes and shapes keeps the base's header to the byte.
    """
    groups = _regroup(plan, max_shard_size) if max_shard_size else _base_groups(plan, base)
    shards = tuple(_lay_out(name, tensors, header) for name, tensors, header in groups)
    whole = [shard.name for shard in shards] == [WEIGHTS]
    return Layout(shards, None if whole else _make_index(shards, base))


def index_text(layout: Layout) -> str:
    """The index file as transformers writes it."""
    index = dict(layout.index or {})
    if isinstance(index[WEIGHT_MAP], PlacedNames):
        index[WEIGHT_MAP] = index[WEIGHT_MAP].as_table()
    return json.dumps(index, indent=2, sort_keys=True) + "\n"


Group = tuple[str, Collection[PlannedTensor], Header | None]


def _base_groups(plan: Plan, base: Checkpoint) -> list[Group]:
    if isinstance(plan.tensors, PlannedTensors):
        within = plan.tensors.within
        return [(_output_name(header.file, base.folder), within(header), header) for header in base.headers]
    by_file: dict[Path, list[PlannedTensor]] = {header.file: [] for header in base.headers}
    last = base.headers[-1].file
    for tensor in plan.tensors:
        file = true_file(tensor.base.file)
        by_file[file if file in by_file else last].append(tensor)  # a head that the adapter brings has no base file
    return [(_output_name(header.file, base.folder), by_file[header.file], header) for header in base.headers]


def _output_name(file: Path, folder: Path) -> str:
    """The base's own name for a file; for pickled weights the one that safetensors have in its place."""
    if file.suffix != SAFETENSORS:
        file = file.with_name(file.stem.removeprefix("pytorch_") + SAFETENSORS)
    return file.relative_to(folder).as_posix()


def _regroup(plan: Plan, max_shard_size: int) -> list[Group]:
    groups: list[list[PlannedTensor]] = [[]]
    size = 0
    for tensor in plan.tensors:
        if groups[-1] and size + tensor.nbytes > max_shard_size:
            groups.append([])
            size = 0
        groups[-1].append(tensor)
        size += tensor.nbytes
    count = len(groups)
    if count == 1:
        return [(WEIGHTS, groups[0], None)]
    return [(f"model-{number:05d}-of-{count:05d}.safetensors", group, None) for number, group in enumerate(groups, 1)]


def _lay_out(name: str, tensors: Collection[PlannedTensor], header: Header | None) -> OutputShard:
    planned = {tensor.name: (tensor.dtype, tensor.shape) for tensor in tensors}
    stored = {record.name: (record.dtype, record.shape) for record in header.tensors.values()} if header else {}
    if header is not None and header.packed and planned == stored:
        placed = _placed(tensors, partial(_as_stored, header))
        ends = (entry.offset + entry.tensor.nbytes for entry in placed)
        return OutputShard(name, header.packed, placed, max(ends, default=header.file_bytes))
    kinds = ((tensor.name, tensor.dtype, tensor.shape, tensor.nbytes) for tensor in _ordered(tensors))
    prefix = header_prefix(kinds, _metadata(tensors, header))
    end = len(prefix) + bytes_of(tensors)
    return OutputShard(name, pack(prefix[LENGTH_BYTES:]), _placed(tensors, partial(_anew, len(prefix))), end)


def _placed(tensors: Collection[PlannedTensor], place: Place) -> Collection[PlacedTensor]:
    return PlacedTensors(tensors, place) if isinstance(tensors, PlannedTensors) else tuple(place(tensors))


def _as_stored(header: Header, tensors: Iterable[PlannedTensor]) -> Iterator[PlacedTensor]:
    """Where the base has them."""
    return (PlacedTensor(tensor, header.tensors[tensor.name].offset) for tensor in tensors)


def _anew(begin: int, tensors: Iterable[PlannedTensor]) -> Iterator[PlacedTensor]:
    """From ``begin`` on, as safetensors lays them out."""
    ordered = _ordered(tensors)
    offsets = accumulate((tensor.nbytes for tensor in ordered), initial=begin)
    return (PlacedTensor(tensor, offset) for tensor, offset in zip(ordered, offsets, strict=False))


def _ordered(tensors: Iterable[PlannedTensor]) -> list[PlannedTensor]:
    return sorted(tensors, key=lambda tensor: (-_ORDER.index(tensor.dtype), tensor.name))


def _metadata(tensors: Iterable[PlannedTensor], header: Header | None) -> dict[str, str]:
    """The base's; what it says of how tensors are packed is no longer true once they are plain."""
    unpacked = (isinstance(tensor.source, PackedTensor) and tensor.action is not Action.REPACK for tensor in tensors)
    if header is None or any(unpacked):
        return {"format": "pt"}
    return dict(header.metadata)


def _make_index(shards: Sequence[OutputShard], base: Checkpoint) -> dict[str, Any]:
    """The base's index with what the merge changed: the file of each tensor, and true totals."""
    stated = base.index.get("metadata") if base.index else {"total_parameters": 0}
    metadata = dict(stated) if isinstance(stated, Mapping) else {}
    kinds = Counter((entry.tensor.dtype, entry.tensor.shape) for shard in shards for entry in shard.tensors)
    metadata["total_size"] = sum(stored_bytes(*kind) * count for kind, count in kinds.items())
    if "total_parameters" in metadata:
        metadata["total_parameters"] = sum(math.prod(shape) * count for (_, shape), count in kinds.items())
    return {**(base.index or {}), "metadata": metadata, WEIGHT_MAP: _weight_map(shards, base)}


def _weight_map(shards: Sequence[OutputShard], base: Checkpoint) -> Mapping[str, str]:
    """The base's own where it says of each file what that has, and files keep their names and headers."""
    stated = base.index[WEIGHT_MAP] if base.index else {}
    if isinstance(stated, PlacedNames):
        kept = {name: header.packed for name, header in stated.headers.items()}
        if len(kept) == len(shards) and all(kept.get(shard.name) is shard.packed for shard in shards):
            return stated
    return {entry.tensor.name: shard.name for shard in shards for entry in shard.tensors}


def layout_files(layout: Layout) -> list[str]:
    """The weight files and index that a layout makes."""
    return [shard.name for shard in layout.shards] + ([WEIGHTS_INDEX] if layout.index else [])
