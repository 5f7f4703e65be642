"""How far apart the numbers of a dtype are."""

from __future__ import annotations

import torch

from ...storage.torch_dtypes import stored_dtype


def step_sizes(values: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """The distance between neighbouring numbers of ``dtype`` where ``values`` (float64) lie; float64."""
    stored = stored_dtype(dtype)
    exponents = torch.frexp(values).exponent - 1
    return torch.ldexp(torch.ones_like(values), exponents.clamp(min=stored.smallest_exponent) - stored.mantissa)
