"""Whether a delta is too small to show: worked out in float64, apart from the engine's arithmetic."""

from __future__ import annotations

import math

import torch

from ...domain.progress import CancelToken
from ...methods.reference import Rows, reference
from ...planning.plan import PlannedTensor
from ...storage.open_files import open_files
from ...storage.torch_dtypes import torch_dtype
from ..compare.rows import rows_of

BLOCK_ELEMENTS = 1 << 20


def delta_is_lost(tensor: PlannedTensor, cancel: CancelToken, part: tuple[int, int] | None = None) -> bool:
    """Whether applying the updates in float64 and rounding to the written dtype gives the base everywhere.

    ``part``: only these rows of the tensor's width are looked at.
    """
    if not tensor.updates:
        return False
    with open_files() as files:
        base = rows_of(files, tensor.base, tensor.width)
        start = base if tensor.source is tensor.base else rows_of(files, tensor.source, tensor.width)
        return _is_lost(tensor, base, start, cancel, part)


def _is_lost(tensor: PlannedTensor, base: Rows, start: Rows, cancel: CancelToken, part: tuple[int, int] | None) -> bool:
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
