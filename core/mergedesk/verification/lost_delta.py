"""Whether a delta is too small to show: worked out in float64, apart from the engine's arithmetic."""

from __future__ import annotations

import torch

from ..planning.plan import PlannedTensor
from ..progress import CancelToken
from ..torch_dtypes import TORCH_DTYPES
from .reference import read_whole, reference

BLOCK_ELEMENTS = 1 << 20


def delta_is_lost(tensor: PlannedTensor, cancel: CancelToken) -> bool:
    """Whether applying the updates in float64 and rounding to the written dtype gives the base everywhere."""
    if not tensor.updates:
        return False
    base = read_whole(tensor.base).view(-1, tensor.width)
    updates = [reference(update) for update in tensor.updates]
    step = max(1, BLOCK_ELEMENTS // tensor.width)
    for begin in range(0, base.shape[0], step):
        cancel.check()
        rows = base[begin : begin + step]
        exact = rows.double()
        for update in updates:
            exact = update(exact, begin)
        rounded = exact.to(TORCH_DTYPES[tensor.dtype])
        if not torch.equal(rounded, rows.to(rounded.dtype)):
            return False
    return True
