"""What packed weights hold, in float64 by their formats' descriptions, and as their libraries round it."""

from __future__ import annotations

import numpy as np
import torch

from ..checkpoints.checkpoint import PackedTensor
from ..storage.torch_dtypes import torch_dtype
from .exact import Array
from .packing_format import ExactRows
from .registry import FORMATS

# Libraries work in float32; where that lands on the other side of a rounding's middle, both neighbours are right.
_SLACK = 2.0**-20


def packed_rows(packed: PackedTensor) -> ExactRows:
    """What rows of a packed weight hold. Raises UserError(read_failed)."""
    return FORMATS[packed.packing].exact_rows(packed)


def as_library_rounds(packed: PackedTensor, exact: Array) -> torch.Tensor:
    """Exact values in the weight's 16-bit dtype, by way of the one it was quantised from."""
    first = str(packed.settings.get("rounded", packed.dtype))
    return torch.from_numpy(exact).to(torch_dtype(first)).to(torch_dtype(packed.dtype))


def library_range(packed: PackedTensor, exact: Array) -> tuple[torch.Tensor, torch.Tensor]:
    """The least and the most that a library may make of exact values, in the weight's 16-bit dtype."""
    slack = np.abs(exact) * _SLACK
    return as_library_rounds(packed, exact - slack), as_library_rounds(packed, exact + slack)


def holds(written: torch.Tensor, packed: PackedTensor, exact: Array) -> bool:
    """Whether written values are the exact ones, rounded to the weight's dtype and then to the written one."""
    if torch.equal(as_library_rounds(packed, exact).to(written.dtype).reshape(written.shape), written):
        return True
    least, most = library_range(packed, exact)
    low, high = (limit.to(written.dtype).reshape(written.shape).double() for limit in (least, most))
    ours = written.double()
    between = (low <= ours) & (ours <= high)
    return bool((between | (ours.isnan() & low.isnan())).all())
