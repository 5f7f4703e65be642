"""Convolutions apart from the engine's arithmetic: factors that are multiplied. Source: Hu et al. 2021, equation 3."""

from __future__ import annotations

import torch

from ..lora.reference import added, stored_pair
from ..reference import Change, Rows
from . import ConvolutionUpdate


def reference(update: ConvolutionUpdate, _start: Rows, dtype: torch.dtype) -> Change:
    """W + weight · scaling · B·A, each kernel's points beside one another."""
    return added(*stored_pair(update, dtype), update.transposed, update.rows)
