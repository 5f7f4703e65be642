"""Whether a delta is too small to show: worked out in float64, apart from the engine's arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from ..checkpoints.packed import PackedTensor
from ..planning.plan import PlannedTensor
from ..progress import CancelToken
from ..torch_dtypes import TORCH_DTYPES
from .packed_reference import as_library_rounds, packed_rows
from .reference import read_whole, reference

BLOCK_ELEMENTS = 1 << 20


def _rows_of(tensor: PlannedTensor) -> Callable[[int, int], torch.Tensor]:
    """The base's rows, of the width that the updates need, in the base's dtype."""
    base = tensor.base
    if isinstance(base, PackedTensor):
        packed, exact, ratio = base, packed_rows(base), tensor.width // base.width
        return lambda begin, end: as_library_rounds(packed, exact(begin * ratio, end * ratio)).reshape(-1, tensor.width)
    stored = read_whole(base).view(-1, tensor.width)
    return lambda begin, end: stored[begin:end]


def delta_is_lost(tensor: PlannedTensor, cancel: CancelToken) -> bool:
    """Whether applying the updates in float64 and rounding to the written dtype gives the base everywhere."""
    if not tensor.updates:
        return False
    base = _rows_of(tensor)
    updates = [reference(update) for update in tensor.updates]
    step, count = max(1, BLOCK_ELEMENTS // tensor.width), math.prod(tensor.base.shape) // tensor.width
    for begin in range(0, count, step):
        cancel.check()
        rows = base(begin, min(count, begin + step))
        exact = rows.double()
        for update in updates:
            exact = update(exact, begin)
        rounded = exact.to(TORCH_DTYPES[tensor.dtype])
        if not torch.equal(rounded, rows.to(rounded.dtype)):
            return False
    return True
