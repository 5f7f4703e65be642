"""compressed-tensors' ``nvfp4-pack-quantized``, packed again.

The overall scale stays the base's while groups' scales can be held with it, as layers may share it that run as one.
"""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ..repack import (
    LARGEST_E4M3,
    LARGEST_FOUR_BITS,
    SMALLEST_E4M3,
    Repacked,
    WholeRange,
    in_blocks,
    largest_of,
    pack_four_bit_floats,
)

# What is less than this is rounded to the largest that E4M3 holds.
_HELD = 464.0


def pack(packed: PackedTensor, values: torch.Tensor, limits: WholeRange | None) -> Repacked:
    """Some rows, with the limits of the whole weight and its overall scale."""
    assert limits is not None
    assert limits.overall is not None
    overall = limits.overall
    if not float(overall) * limits.largest / LARGEST_FOUR_BITS < _HELD:
        overall = LARGEST_E4M3 * LARGEST_FOUR_BITS / torch.tensor([limits.largest])
    scales = overall * (largest_of(in_blocks(packed, values)) / LARGEST_FOUR_BITS)
    stored = scales.clamp(max=LARGEST_E4M3).to(torch.float8_e4m3fn)
    stored = torch.where(stored.float() == 0, SMALLEST_E4M3, stored.float()).to(torch.float8_e4m3fn)
    found = pack_four_bit_floats(packed, values, stored, stored.float() / overall)
    return Repacked({**found.parts, "overall": overall}, found.worth)
