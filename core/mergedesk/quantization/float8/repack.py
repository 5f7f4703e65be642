"""Eight-bit floats, packed again as transformers does it, which stores scales apart from what it works codes out by."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ..repack import (
    BIAS,
    LARGEST_E4M3,
    Repacked,
    WholeRange,
    in_blocks,
    in_rows,
    largest_of,
    pack_eight_bit_floats,
    powers,
)


def pack(packed: PackedTensor, values: torch.Tensor, limits: WholeRange | None) -> Repacked:
    """Some rows, whole blocks of them; ``limits`` where one scale is the whole weight's."""
    record = packed.parts["scales"]
    if record.dtype not in ("F32", "U8", "F8_E8M0"):
        return pack_eight_bit_floats(packed, values, limits)
    blocks = in_blocks(packed, values)
    largest = largest_of(blocks) if limits is None else torch.tensor(limits.largest)
    factors = torch.where(largest > 0, LARGEST_E4M3 / largest, 1.0)
    scales = stored = 1.0 / factors
    if record.dtype != "F32":
        stored = (scales.clamp(min=torch.finfo(torch.float32).tiny).log2().ceil() + BIAS).to(torch.uint8)
        scales = powers(stored)
        factors = 1.0 / scales
    codes = (blocks * factors).clamp_(-LARGEST_E4M3, LARGEST_E4M3).to(torch.float8_e4m3fn)
    parts = {"codes": in_rows(packed, codes.view(torch.uint8), len(values)), "scales": stored}
    return Repacked(parts, lambda: in_rows(packed, codes.float() * scales, len(values)))
