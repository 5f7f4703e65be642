"""Whether a delta is too small to show: worked out in float64, apart from the engine's arithmetic."""

from __future__ import annotations

import math

import torch

from ..checkpoints.safetensors_header import TensorRecord
from ..planning.plan import LowRankUpdate, PlannedTensor
from ..positional_io import open_positional
from ..progress import CancelToken
from ..torch_dtypes import TORCH_DTYPES

ROWS = 256


def delta_is_lost(tensor: PlannedTensor, cancel: CancelToken) -> bool:
    """Whether adding the delta in float64 and rounding to the written dtype gives the base everywhere."""
    updates = [update for update in tensor.updates if isinstance(update, LowRankUpdate)]
    if not updates or len(tensor.shape) != 2:
        return False
    base = _whole(tensor.base)
    for begin in range(0, tensor.shape[0], ROWS):
        cancel.check()
        rows = base[begin : begin + ROWS]
        delta = sum((_delta_rows(update, begin, begin + ROWS) for update in updates), torch.zeros(()))
        rounded = (rows.double() + delta).to(TORCH_DTYPES[tensor.dtype])
        if not torch.equal(rounded, rows.to(rounded.dtype)):
            return False
    return True


def _delta_rows(update: LowRankUpdate, begin: int, end: int) -> torch.Tensor:
    a, b = _whole(update.a).double(), _whole(update.b).double()
    rows = (b @ a[:, begin:end]).t() if update.transposed else b[begin:end] @ a
    return rows * (update.scaling * update.weight)


def _whole(record: TensorRecord) -> torch.Tensor:
    buffer = bytearray(max(record.nbytes, 1))
    file = open_positional(record.file)
    try:
        file.read_into(memoryview(buffer)[: record.nbytes], record.offset)
    finally:
        file.close()
    dtype = TORCH_DTYPES[record.dtype]
    return torch.frombuffer(buffer, dtype=dtype, count=math.prod(record.shape)).view(record.shape)
