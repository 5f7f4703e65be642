"""Stored tensors, plain or packed, read and compared a block at a time from files that stay open."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy
import torch
from msgspec import structs

from ...checkpoints.checkpoint import PackedTensor, StoredTensor
from ...domain.dtypes import DTYPES
from ...domain.progress import CancelToken
from ...methods.reference import Rows
from ...planning.fused_placement import Block
from ...quantization.reference import as_library_rounds, holds, library_range, packed_rows
from ...storage.holes import data_in_either
from ...storage.open_files import OpenFiles
from ...storage.safetensors_header import TensorRecord, as_bytes
from ...storage.tensor_reading import read_flat

BLOCK_BYTES = 1 << 20
# Unpacked in float64, with several copies on the way.
PACKED_ELEMENTS = 1 << 17


# Ranges of rows: first, and one past the last.
Ranges = Sequence[tuple[int, int]]
# Rows of some ranges, the least and the most that they may be.
Limits = Callable[[Ranges], tuple[torch.Tensor, torch.Tensor]]


def rows_of(files: OpenFiles, source: StoredTensor, width: int, side: str = "") -> Rows:
    """Rows of a tensor seen as (elements / width, width), in its own dtype; ``side`` as for ``read_flat``."""
    if not isinstance(source, PackedTensor):
        return lambda begin, end: read_flat(files, source, begin * width, end * width, side).view(-1, width)
    packed, exact, ratio = source, packed_rows(source), max(1, width // source.width)
    return lambda begin, end: as_library_rounds(packed, exact(begin * ratio, end * ratio)).reshape(-1, width)


def rows_in(rows: Rows, ranges: Ranges) -> torch.Tensor:
    """Rows of several ranges, one below the other."""
    return torch.cat([rows(begin, end) for begin, end in ranges])


def limits_of(files: OpenFiles, source: StoredTensor, width: int) -> Limits:
    """What rows of a tensor may hold, in its own dtype: a library may round a packed weight's to either neighbour."""
    if isinstance(source, PackedTensor):
        return _limits_of_packed(source, width)
    plain = rows_of(files, source, width)
    return lambda ranges: (rows := rows_in(plain, ranges), rows)


def _limits_of_packed(packed: PackedTensor, width: int) -> Limits:
    exact, ratio = packed_rows(packed), max(1, width // packed.width)

    def limits(ranges: Ranges) -> tuple[torch.Tensor, torch.Tensor]:
        together = numpy.concatenate([exact(begin * ratio, end * ratio) for begin, end in ranges])
        least, most = library_range(packed, together)
        return least.reshape(-1, width), most.reshape(-1, width)

    return limits


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
    return _blocks(0, record.elements, max(1, BLOCK_BYTES * record.elements // max(record.nbytes, 1)), cancel)


def _blocks(first: int, last: int, step: int, cancel: CancelToken) -> Iterator[tuple[int, int]]:
    for begin in range(first, last, step):
        cancel.check()
        yield begin, min(last, begin + step)


# Whether flat values, of which the first has the given number, are those of a stored tensor.
Holds = Callable[[torch.Tensor, int], bool]


def same_values(files: OpenFiles, written: StoredTensor, source: StoredTensor, cancel: CancelToken) -> bool:
    """Whether each value is the source's, rounded once to the written dtype; stops at the first that is not."""
    if written.shape != source.shape:
        return False
    assert isinstance(written, TensorRecord)
    if isinstance(source, TensorRecord) and written.dtype == source.dtype and not DTYPES[written.dtype].computed:
        written, source = as_bytes(written), as_bytes(source)
    same, step = holds_of(source, files), _step_beside(source, written)
    return all(
        same(read_flat(files, written, begin, end, "ours"), begin)
        for first, last in data_beside(written, source, files)(0, written.elements)
        for begin, end in _blocks(first, last, step, cancel)
    )


def holds_of(source: StoredTensor, files: OpenFiles) -> Holds:
    """Whether values are ``source``'s there, rounded once to their dtype; not where it ends before they do."""
    if isinstance(source, PackedTensor):
        return _holds_dequantized(source)
    plain = structs.replace(source, shape=(source.elements,))

    def same(values: torch.Tensor, begin: int) -> bool:
        end = begin + values.numel()
        if end > plain.elements:
            return False
        return same_bits(values, read_flat(files, plain, begin, end, "theirs").to(values.dtype))

    return same


def _holds_dequantized(source: PackedTensor) -> Holds:
    exact = packed_rows(source)

    def same(values: torch.Tensor, begin: int) -> bool:
        first, count = begin // source.width, values.numel() // source.width
        return holds(values.view(count, source.width), source, exact(first, first + count))

    return same


def _step_beside(source: StoredTensor, written: TensorRecord) -> int:
    """How many elements are compared at a time; whole rows, where ``source`` is unpacked for them."""
    if isinstance(source, PackedTensor):
        return max(1, PACKED_ELEMENTS // source.width) * source.width
    return max(1, BLOCK_BYTES * written.elements // max(written.nbytes, 1))


# Of elements, from the first to one past the last, the parts that are no hole on both sides: what is left to be judged.
Extents = Callable[[int, int], Iterator[tuple[int, int]]]


def data_beside(written: TensorRecord, source: StoredTensor, files: OpenFiles) -> Extents:
    """Where two tensors have data; everywhere, where one is packed, or of another dtype."""
    if isinstance(source, PackedTensor) or written.dtype != source.dtype or not written.elements:
        return lambda begin, end: iter([(begin, end)])
    theirs, ours, size = files[source.file], files[written.file], written.nbytes // written.elements

    def parts(begin: int, end: int) -> Iterator[tuple[int, int]]:
        places = source.offset + begin * size, ours, written.offset + begin * size, (end - begin) * size
        for part in data_in_either(theirs, *places):
            yield begin + part.start // size, begin - (-part.stop // size)

    return parts


def same_bits(ours: torch.Tensor, theirs: torch.Tensor) -> bool:
    """Whether flat values of one dtype are the same to the bit; a NaN equals itself."""
    return numpy.array_equal(_bits(ours).numpy(), _bits(theirs).numpy())  # much faster than torch.equal


def is_finite(values: torch.Tensor) -> bool:
    """Whether no value is infinite or NaN: a sum stays finite unless one is, or it overflows by itself."""
    return math.isfinite(values.sum().item()) or bool(values.isfinite().all())


def is_finite_in(files: OpenFiles, record: StoredTensor, cancel: CancelToken) -> bool:
    """The same of a stored tensor that is not packed. Raises Cancelled, UserError(read_failed)."""
    assert isinstance(record, TensorRecord)
    return all(is_finite(read_flat(files, record, *block, "ours")) for block in blocks_of(record, cancel))


def _bits(values: torch.Tensor) -> torch.Tensor:
    """Values as integers, so that a NaN equals itself; as wide ones as fit, which compare much faster."""
    integers = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
    nbytes = values.numel() * values.element_size()
    return values.view(torch.int64 if nbytes % 8 == 0 and nbytes else integers[values.element_size()])
