"""Fills in the packed weights of a model's files, a tile at a time; all that stays plain is the streaming engine's."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...domain.findings import Code, UserError
from ...domain.progress import CancelToken
from ...engines.streaming import Chunk, merge_tiles, segments
from ...methods.tile_context import SharedCache
from ...planning.layout import Layout, PlacedTensor
from ...planning.plan import Action, PlannedTensor
from ...quantization.packing_format import Repacks
from ...quantization.registry import written_again
from ...quantization.repack import WholeRange, packer
from ...runtime.threads import each_in_threads
from ...storage.open_files import OpenFiles
from ...storage.positional_io import PositionalFile
from ...storage.safetensors_header import TensorRecord
from ...storage.tensor_reading import read_flat
from ...storage.torch_dtypes import torch_dtype
from ...verification.compare.rows import is_finite
from .judge import SAMPLE_ROWS, TileSums, nearest_in, tile_look
from .plan import PackedPlan

WORKERS = 2
_TILE_ELEMENTS = 1 << 19


class Tile(NamedTuple):
    """Some rows of a plain weight, (rows, width) float32; ``before`` they were merged into, None where they are not."""

    before: torch.Tensor | None
    values: torch.Tensor


# Rows ``begin`` to ``end``.
Rows = Callable[[int, int], Tile]


@dataclass(frozen=True, slots=True)
class Filling:
    """What is written from where: the result's files by name, the inputs' files, how rows of a weight are had.

    ``written``: the result's files, to be read.

    ``advance`` is told bytes of the source and the name of what was worked on.
    """

    outputs: Mapping[str, PositionalFile]
    files: OpenFiles
    written: OpenFiles
    rows: Callable[[PlannedTensor], Rows]
    advance: Callable[[int, str], None]
    cancel: CancelToken


def write_known(plan: PackedPlan, layout: Layout, outputs: Mapping[str, PositionalFile]) -> None:
    """What is known before anything is packed: shapes. Raises UserError(write_failed)."""
    places = {placed.tensor.name: (shard.name, placed.offset) for shard, placed in layout.placed}
    for module, parts in plan.parts.items():
        for part in parts:
            if part.value is not None:
                shard, offset = places[f"{module}.{part.name}"]
                outputs[shard].write_from(memoryview(struct.pack(f"<{len(part.value)}q", *part.value)), offset)


def pack_weights(plan: PackedPlan, there: Mapping[str, PackedTensor], filling: Filling) -> dict[str, TileSums]:
    """Pack every weight, and look at each tile as soon as it is written; what was seen, by module.

    ``there``: the result's packed weights by module, at the places where they lie. Raises Cancelled, UserError.
    """
    seen: dict[str, TileSums] = {}

    def pack(module: str) -> None:
        seen[module] = pack_weight(plan.packed[module], there[module], filling)

    each_in_threads(WORKERS, "pack", pack, plan.packed)
    return seen


def pack_weight(tensor: PlannedTensor, packed: PackedTensor, filling: Filling) -> TileSums:
    """One of them. Raises Cancelled, UserError: export_not_finite where a value is infinite or none at all."""
    repacks, rows, total = written_again(packed), filling.rows(tensor), TileSums()
    look, samples = tile_look(packed, filling.written), list[tuple[int, int]]()
    for begin, end in _tiles(packed, repacks):
        filling.cancel.check()
        tile = rows(begin, end)
        if not is_finite(tile.values):
            raise UserError(Code.EXPORT_NOT_FINITE, name=tensor.name)
        _write(
            filling, packed, repacks, begin, packer(packed.packing)(packed, tile.values, _limits(repacks, tile)).parts
        )
        total += look(begin, end, tile.before, tile.values)
        samples.append((begin, min(end, begin + SAMPLE_ROWS)))
        filling.advance((end - begin) * packed.width * tensor.nbytes // packed.elements, tensor.name)
    return total + nearest_in(packed, tensor, samples, filling.files, filling.written)


def _tiles(packed: PackedTensor, repacks: Repacks) -> Iterator[tuple[int, int]]:
    """Whole units; all of a weight that fits into one block."""
    unit = packed.rows if repacks.overall else repacks.unit
    step = max(unit, _TILE_ELEMENTS // packed.width // unit * unit)
    return ((begin, min(packed.rows, begin + step)) for begin in range(0, packed.rows, step))


def _limits(repacks: Repacks, tile: Tile) -> WholeRange | None:
    if not repacks.overall:
        return None
    low, high = (float(value) for value in tile.values.aminmax())
    return WholeRange(low, high)


def _write(
    filling: Filling, packed: PackedTensor, repacks: Repacks, begin: int, parts: Mapping[str, torch.Tensor]
) -> None:
    for role, size in {**repacks.by_rows, **dict.fromkeys(repacks.overall, 0)}.items():
        record = packed.parts[role]
        data = parts[role].contiguous().reshape(-1).view(torch.uint8).numpy()
        file = filling.outputs[record.file.name]
        file.write_from(memoryview(data), record.offset + begin // repacks.unit * size)  # type: ignore[arg-type]


def rows_of_weight(files: OpenFiles, tensor: PlannedTensor, cancel: CancelToken) -> Rows:
    """Rows of a plain weight as a merge would store them; of one that nothing is merged into, as they are stored."""
    source, width = tensor.source, tensor.shape[-1]
    if tensor.action is Action.MERGE:
        return _merged_rows(files, tensor, cancel)
    assert isinstance(source, TensorRecord)

    def rows(begin: int, end: int) -> Tile:
        return Tile(None, read_flat(files, source, begin * width, end * width, "plain").view(-1, width).float())

    return rows


def _merged_rows(files: OpenFiles, tensor: PlannedTensor, cancel: CancelToken) -> Rows:
    pieces, cache, placed = list(segments(tensor)), SharedCache(), PlacedTensor(tensor, 0)

    def rows(begin: int, end: int) -> Tile:
        before, after = list[torch.Tensor](), list[torch.Tensor]()
        for first, last, updates in pieces:
            if max(first, begin) < min(last, end):
                chunk = Chunk("", placed, max(first, begin), min(last, end), updates)
                for was, now in merge_tiles(chunk, files, cancel, cache):
                    before.append(was.clone())
                    after.append(now.to(torch_dtype(tensor.dtype)).float())
        return Tile(torch.cat(before), torch.cat(after))

    return rows
