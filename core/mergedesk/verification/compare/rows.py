"""Stored tensors, plain or packed, read and compared a block at a time from files that stay open."""

from __future__ import annotations

from collections.abc import Iterator

import numpy
import torch
from msgspec import structs

from ...checkpoints.checkpoint import PackedTensor, StoredTensor
from ...domain.dtypes import DTYPES
from ...domain.progress import CancelToken
from ...methods.reference import Rows
from ...planning.fused_placement import Block
from ...quantization.reference import as_library_rounds, holds, packed_rows
from ...storage.open_files import OpenFiles
from ...storage.safetensors_header import TensorRecord
from ...storage.tensor_reading import read_flat
from ...storage.torch_dtypes import torch_dtype

BLOCK_BYTES = 1 << 20
# Unpacked in float64, with several copies on the way.
PACKED_ELEMENTS = 1 << 17


def rows_of(files: OpenFiles, source: StoredTensor, width: int, side: str = "") -> Rows:
    """Rows of a tensor seen as (elements / width, width), in its own dtype; ``side`` as for ``read_flat``."""
    if not isinstance(source, PackedTensor):
        return lambda begin, end: read_flat(files, source, begin * width, end * width, side).view(-1, width)
    packed, exact, ratio = source, packed_rows(source), max(1, width // source.width)
    return lambda begin, end: as_library_rounds(packed, exact(begin * ratio, end * ratio)).reshape(-1, width)


def rows_of_parts(files: OpenFiles, parts: list[tuple[TensorRecord, Block]], height: int, width: int) -> Rows:
    """Rows of a tensor that lies in parts: matrices of ``height`` rows, one below the other, or a part of one."""

    def read(begin: int, end: int) -> torch.Tensor:
        pieces = [_overlap(files, record, block, height, width, (begin, end)) for record, block in parts]
        return torch.cat([piece for piece in pieces if piece is not None])

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


def blocks_of(record: TensorRecord, cancel: CancelToken) -> Iterator[tuple[int, int]]:
    """Element ranges of about BLOCK_BYTES each. Raises Cancelled."""
    step = max(1, BLOCK_BYTES * record.elements // max(record.nbytes, 1))
    for begin in range(0, record.elements, step):
        cancel.check()
        yield begin, min(record.elements, begin + step)


def same_values(files: OpenFiles, written: StoredTensor, source: StoredTensor, cancel: CancelToken) -> bool:
    """Whether each value is the source's, rounded once to the written dtype; stops at the first that is not."""
    if written.shape != source.shape:
        return False
    assert isinstance(written, TensorRecord)
    if isinstance(source, PackedTensor):
        return _holds_dequantized(files, written, source, cancel)
    if written.dtype == source.dtype and not DTYPES[written.dtype].computed:
        # The same stretch of the file, for dtypes that torch has no name for.
        written, source = (structs.replace(tensor, dtype="U8", shape=(tensor.nbytes,)) for tensor in (written, source))
    dtype = torch_dtype(written.dtype)
    for begin, end in blocks_of(written, cancel):
        if written.dtype == source.dtype and all(is_hole(files, record, begin, end) for record in (written, source)):
            continue
        ours, theirs = read_flat(files, written, begin, end, "ours"), read_flat(files, source, begin, end, "theirs")
        if not same_bits(ours, theirs.to(dtype)):
            return False
    return True


def is_hole(files: OpenFiles, record: TensorRecord, begin: int, end: int) -> bool:
    """Whether nothing was ever written at these elements, so that they read as zeros."""
    size = record.nbytes // record.elements
    first, last = record.offset + begin * size, record.offset + end * size
    return files[record.file].next_data(first, last) == last


def same_bits(ours: torch.Tensor, theirs: torch.Tensor) -> bool:
    """Whether flat values of one dtype are the same to the bit; a NaN equals itself."""
    return numpy.array_equal(_bits(ours).numpy(), _bits(theirs).numpy())  # much faster than torch.equal


def _holds_dequantized(files: OpenFiles, written: TensorRecord, source: PackedTensor, cancel: CancelToken) -> bool:
    rows, ours = packed_rows(source), rows_of(files, written, source.width, "ours")
    step = max(1, PACKED_ELEMENTS // source.width)
    for begin in range(0, source.rows, step):
        cancel.check()
        end = min(source.rows, begin + step)
        if not holds(ours(begin, end), source, rows(begin, end)):
            return False
    return True


def _bits(values: torch.Tensor) -> torch.Tensor:
    """Values as integers, so that a NaN equals itself; as wide ones as fit, which compare much faster."""
    integers = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
    nbytes = values.numel() * values.element_size()
    return values.view(torch.int64 if nbytes % 8 == 0 and nbytes else integers[values.element_size()])
