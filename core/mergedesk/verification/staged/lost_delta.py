"""Whether a delta is too small to show: worked out in float64, apart from the engine's arithmetic."""

from __future__ import annotations

import math

import torch

from ...checkpoints.packed_tensor import PackedTensor
from ...domain.progress import CancelToken
from ...methods.reference import Rows, reference
from ...planning.plan import PlannedTensor
from ...quantization.reference import as_library_rounds, packed_rows
from ...storage.safetensors_header import TensorRecord
from ...storage.tensor_reading import read_whole
from ...storage.torch_dtypes import torch_dtype

BLOCK_ELEMENTS = 1 << 20


def _rows_of(source: TensorRecord | PackedTensor, width: int) -> Rows:
    """Rows of ``width`` of a stored or packed tensor, in its own dtype."""
    if isinstance(source, PackedTensor):
        packed, exact, ratio = source, packed_rows(source), width // source.width
        return lambda begin, end: as_library_rounds(packed, exact(begin * ratio, end * ratio)).reshape(-1, width)
    stored = read_whole(source).view(-1, width)
    return lambda begin, end: stored[begin:end]


def delta_is_lost(tensor: PlannedTensor, cancel: CancelToken, part: tuple[int, int] | None = None) -> bool:
    """Whether applying the updates in float64 and rounding to the written dtype gives the base everywhere.

    ``part``: only these rows of the tensor's width are looked at.
    """
    if not tensor.updates:
        return False
    base = _rows_of(tensor.base, tensor.width)
    start = base if tensor.source is tensor.base else _rows_of(tensor.source, tensor.width)
    step, count = max(1, BLOCK_ELEMENTS // tensor.width), math.prod(tensor.base.shape) // tensor.width
    updates = [reference(update, start) for update in tensor.updates]
    first, last = part or (0, count)
    for begin in range(first, last, step):
        cancel.check()
        rows = base(begin, min(last, begin + step))
        exact = start(begin, min(last, begin + step)).to(torch.float64, copy=True)
        for update in updates:
            update(exact, begin)
        rounded = exact.to(torch_dtype(tensor.dtype))
        if not torch.equal(rounded, rows.to(rounded.dtype)):
            return False
    return True
