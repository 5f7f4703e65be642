"""Rows of stored tensors, plain or packed, read a block at a time from files that stay open."""

from __future__ import annotations

import torch

from ...checkpoints.packed_tensor import PackedTensor, StoredTensor
from ...methods.reference import Rows
from ...planning.fused_placement import Block
from ...quantization.reference import as_library_rounds, packed_rows
from ...storage.open_files import OpenFiles
from ...storage.safetensors_header import TensorRecord
from ...storage.tensor_reading import read_flat


def rows_of(files: OpenFiles, source: StoredTensor, width: int, side: str = "") -> Rows:
    """Rows of a tensor seen as (elements / width, width), in its own dtype; ``side`` as for ``OpenFiles.read``."""
    if not isinstance(source, PackedTensor):
        return lambda begin, end: read_flat(files, source, begin * width, end * width, side).view(-1, width)
    packed, exact, ratio = source, packed_rows(source), max(1, width // source.width)
    return lambda begin, end: as_library_rounds(packed, exact(begin * ratio, end * ratio)).reshape(-1, width)


def rows_of_parts(files: OpenFiles, parts: list[tuple[TensorRecord, Block]], height: int, width: int) -> Rows:
    """Rows of a tensor that lies in parts: matrices of ``height`` rows, one below the other, or a part of one."""

    def read(begin: int, end: int) -> torch.Tensor:
        found = [_overlap(files, record, block, height, width, (begin, end)) for record, block in parts]
        return torch.cat([one for one in found if one is not None])

    return read


def _overlap(
    files: OpenFiles, record: TensorRecord, block: Block, height: int, width: int, wanted: tuple[int, int]
) -> torch.Tensor | None:
    first = (block.expert or 0) * height + block.rows.begin
    begin, end = max(first, wanted[0]), min(first + block.rows.count, wanted[1])
    if begin >= end:
        return None
    offset = block.first_row - first
    return read_flat(files, record, (begin + offset) * width, (end + offset) * width).view(-1, width)
