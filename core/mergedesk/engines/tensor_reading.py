"""Parts of stored tensors as torch tensors, without mapping files into memory."""

from __future__ import annotations

import math

import torch

from ..checkpoints.safetensors_header import TensorRecord
from ..positional_io import PositionalFile
from ..torch_dtypes import TORCH_DTYPES


def read_rows(file: PositionalFile, record: TensorRecord, begin: int, end: int) -> torch.Tensor:
    """Rows ``begin`` to ``end`` of a tensor of one or more dimensions, in its own dtype."""
    dtype = TORCH_DTYPES[record.dtype]
    row = math.prod(record.shape[1:]) * dtype.itemsize
    if end <= begin or row == 0:
        return torch.empty((max(0, end - begin), *record.shape[1:]), dtype=dtype)
    buffer = bytearray((end - begin) * row)
    file.read_into(memoryview(buffer), record.offset + begin * row)
    return torch.frombuffer(buffer, dtype=dtype).view(end - begin, *record.shape[1:])


def read_columns(file: PositionalFile, record: TensorRecord, begin: int, end: int) -> torch.Tensor:
    """Columns ``begin`` to ``end`` of a matrix, row by row, in its own dtype."""
    dtype = TORCH_DTYPES[record.dtype]
    rows, columns = record.shape
    width = (end - begin) * dtype.itemsize
    buffer = bytearray(rows * width)
    view = memoryview(buffer)
    for row in range(rows):
        offset = record.offset + (row * columns + begin) * dtype.itemsize
        file.read_into(view[row * width : (row + 1) * width], offset)
    return torch.frombuffer(buffer, dtype=dtype).view(rows, end - begin)
