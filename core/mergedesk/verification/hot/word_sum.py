"""A checksum at nearly the speed of memory: sums of 64-bit words, each weighed by its place, modulo 2⁶⁴.

Words are laid out in rows of a prime number of columns, so that whatever moves, be it by rows of a weight, comes into
another column and weighs otherwise. Any one change is seen, and of all others but one in 2⁶⁴, save where words change
places that are a whole number of rows apart. It is no guard against people. Zeros, and so holes, add nothing to it:
of a file that is mostly holes only the rows with data are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy
import torch

from ...storage.holes import data_in
from ...storage.open_files import OpenFiles
from ...storage.safetensors_header import TensorRecord
from ...storage.tensor_reading import read_flat

# As much as a tile mostly is.
BLOCK_BYTES = 1 << 20
_WORD = 8
_COLUMNS = 509
_ROW_BYTES = _COLUMNS * _WORD
_ODD = 0x9E3779B97F4A7C15
_ALL = (1 << 64) - 1
_WEIGHTS = (numpy.arange(1, _COLUMNS + 1, dtype="<u8") * numpy.uint64(_ODD)) | numpy.uint64(1)


def word_sum(values: torch.Tensor) -> int:
    """The sum over the memory of a flat tensor."""
    data: numpy.ndarray = values.view(torch.uint8).numpy()
    total = 0
    for begin in range(0, data.size, BLOCK_BYTES):
        total = (total * _ODD + _weighed(data[begin : begin + BLOCK_BYTES])) & _ALL
    return total


def stored_sum(files: OpenFiles, stored: TensorRecord, begin: int, end: int) -> int:
    """The same over bytes of a tensor in a file, read a block at a time. Raises UserError(read_failed)."""
    data = data_in(files[stored.file], stored.offset + begin, end - begin)
    parts = ((begin + part.start, begin + part.stop) for part in data)
    return total_of(
        addend(read_flat(files, stored, first, last, "again"), first - begin, end - begin)
        for first, last in whole_rows(parts, begin, end)
    )


def total_of(addends: Iterable[int]) -> int:
    """The sum of bytes from what each of their pieces adds to it."""
    return sum(addends) & _ALL


def whole_rows(parts: Iterable[tuple[int, int]], begin: int, end: int) -> Iterator[tuple[int, int]]:
    """What covers ``parts``, in their order, of bytes ``begin`` to ``end``: rows, each once and within a block."""
    done = begin
    for first, last in parts:
        at = max(done, first - (first - begin) % BLOCK_BYTES % _ROW_BYTES)
        while at < last:
            block = at - (at - begin) % BLOCK_BYTES
            until = min(end, block + BLOCK_BYTES, last + (block - last) % _ROW_BYTES)
            yield at, until
            at = until
        done = max(done, at)


def addend(values: torch.Tensor, at: int, size: int) -> int:
    """What a piece of ``whole_rows`` adds to the sum of ``size`` bytes, among which its first has the number ``at``."""
    blocks_after = (size - 1) // BLOCK_BYTES - at // BLOCK_BYTES
    return _weighed(values.view(torch.uint8).numpy()) * pow(_ODD, blocks_after, _ALL + 1) & _ALL


def _weighed(block: numpy.ndarray) -> int:
    words = block[: block.size - block.size % _WORD].view("<u8")
    whole = words.size - words.size % _COLUMNS
    columns = numpy.add.reduce(words[:whole].reshape(-1, _COLUMNS), axis=0)
    columns[: words.size - whole] += words[whole:]
    last = int.from_bytes(block[words.nbytes :].tobytes(), "little")
    return (int(columns.dot(_WEIGHTS)) + last) & _ALL
