"""What every packing needs: ranges of stored parts, and the shape of an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch

from ..storage.factor_view import FactorView, Steps
from ..storage.positional_io import PositionalFile
from ..storage.safetensors_header import TensorRecord
from ..storage.tensor_reading import read_block
from ..storage.torch_dtypes import torch_dtype

Files = Mapping[str, PositionalFile]


@dataclass(frozen=True, slots=True)
class Unpacker:
    """Some rows of a packed weight, ready to be unpacked tile by tile; rows are counted from the weight's first.

    ``values(begin, end)``: (rows, width) float32, as the packing's own library works them out before it rounds.
    ``expected_error(begin, end)``: the sum of squared errors that quantising these rows made, if each value lay
    anywhere in its step with equal chance.
    """

    values: Callable[[int, int], torch.Tensor]
    expected_error: Callable[[int, int], float]


def read_flat(files: Files, record: TensorRecord, begin: int, end: int) -> torch.Tensor:
    """Elements ``begin`` to ``end``, flat, in the stored dtype. Raises UserError(read_failed)."""
    dtype = torch_dtype(record.dtype)
    return _read(files, record, begin * dtype.itemsize, end * dtype.itemsize).view(dtype)


def read_bytes(files: Files, record: TensorRecord, begin: int, end: int) -> torch.Tensor:
    """Bytes ``begin`` to ``end`` of a tensor, whatever its dtype. Raises UserError(read_failed)."""
    return _read(files, record, begin, end)


def _read(files: Files, record: TensorRecord, begin: int, end: int) -> torch.Tensor:
    if end <= begin:
        return torch.empty(0, dtype=torch.uint8)
    buffer = bytearray(end - begin)
    files[str(record.file)].read_into(memoryview(buffer), record.offset + begin)
    return torch.frombuffer(buffer, dtype=torch.uint8)


def read_all(files: Files, record: TensorRecord) -> torch.Tensor:
    """A small part, whole, in its shape and stored dtype. Raises UserError(read_failed)."""
    return read_flat(files, record, 0, record.elements).view(record.shape)


def read_columns(files: Files, record: TensorRecord, begin: int, end: int) -> torch.Tensor:
    """Columns ``begin`` to ``end`` of a stored matrix, all of its rows. Raises UserError(read_failed)."""
    rows, columns = record.shape
    view = FactorView(record, (rows, columns), Steps(0, rows), Steps(begin, end - begin))
    return read_block(files[str(record.file)], view)


def code_errors(book: torch.Tensor) -> torch.Tensor:
    """Mean squared error of each code, for values spread evenly over all that is rounded to it.

    A cell from l to u around c has ((u - c)³ + (c - l)³) / 3(u - l); the outermost codes are not exceeded.
    """
    levels, place = torch.unique(book.double(), sorted=True, return_inverse=True)
    middles = (levels[1:] + levels[:-1]) / 2
    low, high = torch.cat([levels[:1], middles]), torch.cat([middles, levels[-1:]])
    cells: torch.Tensor = ((high - levels) ** 3 + (levels - low) ** 3) / (3 * (high - low)).clamp(min=1e-300)
    return cells[place].float()


def pairs(low: torch.Tensor, high: torch.Tensor) -> torch.Tensor:
    """A table of (256, 2): what a byte's first and second four bits stand for, one book for each place."""
    number = torch.arange(256)
    return torch.stack([low[number & 15], high[number >> 4]], dim=1)
