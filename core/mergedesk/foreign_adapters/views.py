"""Other ways to look at a stored tensor: turned over, a part of it, its rows in another order. Nothing is read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from msgspec import structs

from ..domain.dtypes import DTYPES
from ..storage.factor_view import Steps
from ..storage.mosaic import Inlay, Mosaic
from ..storage.safetensors_header import TensorRecord
from ..storage.strided_path import Scattered, StridedPath, is_in_order, path_of, strided_path


def transposed(record: TensorRecord) -> TensorRecord:
    """A matrix with its rows as columns."""
    (rows, columns), (down, across) = record.shape, _strides(record)
    return _seen(record, (columns, rows), (across, down))


def rows_of(record: TensorRecord, begin: int, count: int) -> TensorRecord:
    """``count`` rows of a matrix."""
    strides = _strides(record)
    return _seen(record, (count, *record.shape[1:]), strides, begin * strides[0])


def matrix_of(record: TensorRecord, index: int) -> TensorRecord:
    """One of the matrices that are stacked in a tensor of three dimensions."""
    strides = _strides(record)
    return _seen(record, record.shape[1:], strides[1:], index * strides[0])


def as_halves(record: TensorRecord, heads: int) -> TensorRecord:
    """Rows of each head as transformers keeps them for rotary embeddings: first halves of pairs, then second halves.

    The stored rows have the two of a pair side by side, as Meta's own code rotates them; there are ``heads`` times as
    many as a head has.
    """
    rows, *rest = record.shape
    down, *across = _strides(record)
    pairs = rows // heads // 2
    return _seen(record, record.shape, (2 * pairs * down, down, 2 * down, *across), 0, (heads, 2, pairs, *rest))


def pieced(name: str, shape: tuple[int, int], pieces: Sequence[tuple[TensorRecord, Steps, Steps]]) -> TensorRecord:
    """A matrix of stored ones of one dtype and one file, each with the rows and columns that it takes; else zeros."""
    (first, *_), width = pieces[0], DTYPES[pieces[0][0].dtype].bits // 8
    laid = tuple(Inlay(_place(record)[1], _pair(record), rows, columns) for record, rows, columns in pieces)
    mosaic = Mosaic(_place(first)[0], width, shape, laid)
    return TensorRecord(name, first.dtype, shape, path_of(mosaic, name), 0, math.prod(shape) * width)


def _pair(record: TensorRecord) -> tuple[int, int]:
    down, across = _strides(record)
    return down, across


def _strides(record: TensorRecord) -> tuple[int, ...]:
    """Elements from one index to the next, of each dimension."""
    if isinstance(record.file, StridedPath):
        stored = iter(_scattered(record.file).strides)
        return tuple(0 if size == 1 else next(stored) for size in record.shape)
    return tuple(math.prod(record.shape[place + 1 :]) for place in range(len(record.shape)))


def _place(record: TensorRecord) -> tuple[Path, int]:
    """The file and the byte that the first element lies at."""
    if isinstance(record.file, StridedPath):
        scattered = _scattered(record.file)
        return scattered.file, scattered.offset
    return record.file, record.offset


def _scattered(path: StridedPath) -> Scattered:
    assert isinstance(path.gathered, Scattered)
    return path.gathered


def _seen(
    record: TensorRecord,
    shape: tuple[int, ...],
    strides: Sequence[int],
    first: int = 0,
    laid: Sequence[int] | None = None,
) -> TensorRecord:
    """Elements of ``record`` from number ``first`` on, ``strides`` apart. ``laid``: the sizes those belong to."""
    width = DTYPES[record.dtype].bits // 8
    file, offset = _place(record)
    offset += first * width
    kept = [(size, stride) for size, stride in zip(laid or shape, strides, strict=True) if size != 1]
    sizes, steps = [size for size, _ in kept], [stride for _, stride in kept]
    view = structs.replace(record, shape=shape, nbytes=math.prod(shape) * width)
    if is_in_order(sizes, steps):
        return structs.replace(view, file=file, offset=offset)
    scattered = Scattered(file, offset, width, tuple(sizes), tuple(steps))
    return structs.replace(view, file=strided_path(scattered), offset=0)
