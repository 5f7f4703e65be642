"""torch's own dtype objects for the names of the table in ``domain.dtypes``, and back."""

from __future__ import annotations

from functools import cache

import torch

from ..domain.dtypes import BY_TORCH_NAME, DTYPES, DType


@cache
def torch_dtype(name: str) -> torch.dtype:
    """torch's dtype for safetensors' name of it. Raises AttributeError where torch has none."""
    dtype: torch.dtype = getattr(torch, DTYPES[name].torch_name)
    return dtype


def stored_dtype(dtype: torch.dtype) -> DType:
    """How files hold what torch calls ``dtype``."""
    return BY_TORCH_NAME[str(dtype).removeprefix("torch.")]
