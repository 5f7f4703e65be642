"""compressed-tensors' ``mxfp4-pack-quantized``, packed again: groups' largest values give their powers of two."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ..repack import LARGEST_POWER, Repacked, WholeRange, exponents, in_blocks, largest_of, pack_four_bit_floats, powers


def pack(packed: PackedTensor, values: torch.Tensor, _limits: WholeRange | None) -> Repacked:
    """Some rows."""
    stored = exponents(largest_of(in_blocks(packed, values)), LARGEST_POWER)
    return pack_four_bit_floats(packed, values, stored, powers(stored))
