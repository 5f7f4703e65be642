"""Parts of stored tensors as torch tensors."""

from __future__ import annotations

import math

import torch
from msgspec import structs

from ..domain.dtypes import DTYPES
from .factor_view import FactorView, Steps
from .open_files import OpenFiles
from .positional_io import PositionalFile, opened
from .safetensors_header import TensorRecord, as_bytes
from .torch_dtypes import torch_dtype


def read_rows(file: PositionalFile, record: TensorRecord, begin: int, end: int) -> torch.Tensor:
    """Rows ``begin`` to ``end`` of a tensor of one or more dimensions, in its own dtype."""
    dtype = torch_dtype(record.dtype)
    row = math.prod(record.shape[1:]) * dtype.itemsize
    if end <= begin or row == 0:
        return torch.empty((max(0, end - begin), *record.shape[1:]), dtype=dtype)
    buffer = bytearray((end - begin) * row)
    file.read_into(memoryview(buffer), record.offset + begin * row)
    return torch.frombuffer(buffer, dtype=dtype).view(end - begin, *record.shape[1:])


def read_block(file: PositionalFile, view: FactorView, begin: int = 0, end: int | None = None) -> torch.Tensor:
    """Rows ``begin`` to ``end`` of a block of a factor, all of its columns, in its own dtype."""
    rows, columns = view.rows, view.columns
    end = rows.count if end is None else end
    if rows.step != 1:
        raise ValueError("rows of a factor are taken one after the other")
    if columns.step == 1 and columns.count < view.matrix[1]:
        return _read_columns(file, view, rows.begin + begin, rows.begin + end)
    whole = read_rows(file, structs.replace(view.record, shape=view.matrix), rows.begin + begin, rows.begin + end)
    return whole[:, columns.begin :: columns.step][:, : columns.count].contiguous()


def columns_of(view: FactorView, begin: int, end: int) -> FactorView:
    """The columns ``begin`` to ``end`` of a block."""
    columns = view.columns
    return structs.replace(view, columns=Steps(columns.begin + begin * columns.step, end - begin, columns.step))


def _read_columns(file: PositionalFile, view: FactorView, begin: int, end: int) -> torch.Tensor:
    """Neighbouring columns only, row by row."""
    dtype = torch_dtype(view.record.dtype)
    width = view.columns.count * dtype.itemsize
    if end <= begin or width == 0:
        return torch.empty((max(0, end - begin), view.columns.count), dtype=dtype)
    buffer = bytearray((end - begin) * width)
    target = memoryview(buffer)
    for row in range(begin, end):
        offset = view.record.offset + (row * view.matrix[1] + view.columns.begin) * dtype.itemsize
        file.read_into(target[(row - begin) * width : (row - begin + 1) * width], offset)
    return torch.frombuffer(buffer, dtype=dtype).view(end - begin, view.columns.count)


def read_flat(files: OpenFiles, record: TensorRecord, begin: int, end: int, side: str = "") -> torch.Tensor:
    """Elements ``begin`` to ``end``, flat, in the stored dtype; bytes where nothing is reckoned with it.

    ``side`` as for ``OpenFiles.show``, if it may be short-lived. Raises UserError(read_failed).
    """
    dtype = torch_dtype(record.dtype) if DTYPES[record.dtype].computed else torch.uint8
    if end <= begin:
        return torch.empty(0, dtype=dtype)
    place = begin * dtype.itemsize, end * dtype.itemsize
    stored = files.show(record, *place, side) if side else files.read(record, *place)
    return torch.frombuffer(stored, dtype=dtype, count=end - begin)


def read_bytes(files: OpenFiles, record: TensorRecord, begin: int, end: int) -> torch.Tensor:
    """Bytes ``begin`` to ``end`` of a tensor, whatever its dtype. Raises UserError(read_failed)."""
    return read_flat(files, as_bytes(record), begin, end)


def read_whole(record: TensorRecord) -> torch.Tensor:
    """A stored tensor, all of it, in its own dtype. Raises UserError(read_failed)."""
    with opened(record.file) as file:
        return read_rows(file, record, 0, record.shape[0] if record.shape else 1).view(record.shape)


def read_all(files: OpenFiles, record: TensorRecord) -> torch.Tensor:
    """A small part, whole, in its shape and stored dtype. Raises UserError(read_failed)."""
    return read_flat(files, record, 0, record.elements).view(record.shape)


def read_columns(files: OpenFiles, record: TensorRecord, begin: int, end: int) -> torch.Tensor:
    """Columns ``begin`` to ``end`` of a stored matrix, all of its rows. Raises UserError(read_failed)."""
    rows, columns = record.shape
    view = FactorView(record, (rows, columns), Steps(0, rows), Steps(begin, end - begin))
    return read_block(files[record.file], view)
