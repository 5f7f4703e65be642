"""Whether a delta is too small to show: worked out in float64, apart from the engine's arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from ..checkpoints.safetensors_header import TensorRecord
from ..planning.plan import LowRankUpdate, PlannedTensor, VectorUpdate
from ..positional_io import open_positional
from ..progress import CancelToken
from ..torch_dtypes import TORCH_DTYPES

ROWS = 256


def delta_is_lost(tensor: PlannedTensor, cancel: CancelToken) -> bool:
    """Whether adding the delta in float64 and rounding to the written dtype gives the base everywhere."""
    if not tensor.updates:
        return False
    base = _whole(tensor.base)
    deltas = [_rows_of(update) for update in tensor.updates]
    for begin in range(0, tensor.shape[0], ROWS):
        cancel.check()
        rows = base[begin : begin + ROWS]
        exact = rows.double() + sum(delta(begin, begin + ROWS) for delta in deltas)
        rounded = exact.to(TORCH_DTYPES[tensor.dtype])
        if not torch.equal(rounded, rows.to(rounded.dtype)):
            return False
    return True


def _rows_of(update: LowRankUpdate | VectorUpdate) -> Callable[[int, int], torch.Tensor]:
    """Some rows of what an update adds, in float64."""
    if isinstance(update, VectorUpdate):
        vector = _whole(update.delta).double() * update.factor
        return lambda begin, end: vector[begin:end]
    a, b, factor = _whole(update.a).double(), _whole(update.b).double(), update.scaling * update.weight
    if update.transposed:
        return lambda begin, end: (b @ a[:, begin:end]).t() * factor
    return lambda begin, end: (b[begin:end] @ a) * factor


def _whole(record: TensorRecord) -> torch.Tensor:
    buffer = bytearray(max(record.nbytes, 1))
    file = open_positional(record.file)
    try:
        file.read_into(memoryview(buffer)[: record.nbytes], record.offset)
    finally:
        file.close()
    dtype = TORCH_DTYPES[record.dtype]
    return torch.frombuffer(buffer, dtype=dtype, count=math.prod(record.shape)).view(record.shape)
