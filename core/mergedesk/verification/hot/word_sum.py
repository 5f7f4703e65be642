"""A checksum at nearly the speed of memory: sums of 64-bit words, each weighed by its place, modulo 2⁶⁴.

Words are laid out in rows of a prime number of columns, so that whatever moves, be it by rows of a weight, comes into
another column and weighs otherwise. Any one change is seen, and of all others but one in 2⁶⁴, save where words change
places that are a whole number of rows apart. It is no guard against people. Of a hole, as of zeros, it is 0.
"""

from __future__ import annotations

import numpy
import torch

from ...storage.open_files import OpenFiles
from ...storage.safetensors_header import TensorRecord
from ...storage.tensor_reading import read_flat
from ..compare.rows import in_hole

# As much as a tile mostly is.
BLOCK_BYTES = 1 << 20
_WORD = 8
_COLUMNS = 509
_ODD = 0x9E3779B97F4A7C15
_ALL = (1 << 64) - 1
# The sum of a hole, which reads as zeros.
HOLE = 0
_WEIGHTS = (numpy.arange(1, _COLUMNS + 1, dtype="<u8") * numpy.uint64(_ODD)) | numpy.uint64(1)


def word_sum(values: torch.Tensor) -> int:
    """The sum over the memory of a flat tensor."""
    data: numpy.ndarray = values.view(torch.uint8).numpy()
    total = 0
    for begin in range(0, data.size, BLOCK_BYTES):
        total = _with_block(total, data[begin : begin + BLOCK_BYTES])
    return total


def stored_sum(files: OpenFiles, stored: TensorRecord, begin: int, end: int) -> int:
    """The same over bytes of a tensor in a file, read a block at a time. Raises UserError(read_failed)."""
    if in_hole(files, stored, begin, end):
        return HOLE
    total = 0
    for start in range(begin, end, BLOCK_BYTES):
        if in_hole(files, stored, start, min(end, start + BLOCK_BYTES)):
            total = total * _ODD & _ALL
        else:
            values = read_flat(files, stored, start, min(end, start + BLOCK_BYTES), "again")
            total = _with_block(total, values.numpy())
    return total


def _with_block(total: int, block: numpy.ndarray) -> int:
    words = block[: block.size - block.size % _WORD].view("<u8")
    whole = words.size - words.size % _COLUMNS
    columns = numpy.add.reduce(words[:whole].reshape(-1, _COLUMNS), axis=0)
    columns[: words.size - whole] += words[whole:]
    last = int.from_bytes(block[words.nbytes :].tobytes(), "little")
    return (total * _ODD + int(columns.dot(_WEIGHTS)) + last) & _ALL
