"""Model Optimizer's NVFP4, packed again; the overall scale stays the base's while groups' scales can be held with it.

Its library works out a group's scale as largest value / 6 / overall scale.
"""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ..repack import LARGEST_E4M3, LARGEST_FOUR_BITS, Repacked, WholeRange, in_blocks, largest_of, pack_four_bit_floats

# What is less than this is rounded to the largest that E4M3 holds.
_HELD = 464.0
_LEAST = 2.0**-9


def pack(packed: PackedTensor, values: torch.Tensor, limits: WholeRange | None) -> Repacked:
    """Some rows, with the limits of the whole weight and its overall scale."""
    assert limits is not None
    assert limits.overall is not None
    overall = limits.overall
    if not limits.largest / LARGEST_FOUR_BITS / float(overall) < _HELD:
        overall = torch.tensor(limits.largest) / (LARGEST_FOUR_BITS * LARGEST_E4M3)
    scales = largest_of(in_blocks(packed, values)) / LARGEST_FOUR_BITS / overall
    scales = torch.where(scales == 0, 1.0, scales)
    stored = scales.clamp(_LEAST, LARGEST_E4M3).to(torch.float8_e4m3fn)
    found = pack_four_bit_floats(packed, values, stored, stored.float() * overall)
    return Repacked({**found.parts, "overall": overall}, found.worth)
