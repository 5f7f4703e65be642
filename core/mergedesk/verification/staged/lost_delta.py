"""Whether a delta is too small to show: worked out in float64, apart from the engine's arithmetic."""

from __future__ import annotations

import math

import torch

from ...domain.progress import CancelToken
from ...methods.reference import Rows, rows_after
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
    exact = rows_after(tensor.updates, start)
    first, last = part or (0, count)
    for begin in range(first, last, step):
        cancel.check()
        end = min(last, begin + step)
        rounded = exact(begin, end).to(torch_dtype(tensor.dtype))
        if not torch.equal(rounded, base(begin, end).to(rounded.dtype)):
            return False
    return True
