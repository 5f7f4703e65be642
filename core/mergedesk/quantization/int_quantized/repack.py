"""compressed-tensors' ``int-quantized``, packed again: each block's largest value, or its range, gives its scale."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ..repack import Repacked, WholeRange, as_stored, asymmetric, in_blocks, in_rows, integers, symmetric

_BITS = 8


def pack(packed: PackedTensor, values: torch.Tensor, limits: WholeRange | None) -> Repacked:
    """Some rows, whole blocks of them; ``limits`` where one scale is the whole weight's."""
    blocks = in_blocks(packed, values)
    if limits is None:
        low = blocks.amin(dim=(1, 3), keepdim=True).clamp_(max=0)
        high = blocks.amax(dim=(1, 3), keepdim=True).clamp_(min=0)
    else:
        low, high = torch.tensor(min(limits.low, 0.0)), torch.tensor(max(limits.high, 0.0))
    exact, zeros = (symmetric(low, high, _BITS), None) if "zeros" not in packed.parts else asymmetric(low, high, _BITS)
    scales = as_stored(exact, packed.parts["scales"].dtype)
    codes = integers(blocks, scales.float(), zeros, _BITS)
    parts = {"codes": in_rows(packed, codes, len(values)).to(torch.int8), "scales": scales}
    if zeros is not None:
        parts["zeros"] = zeros.to(torch.int8)

    def worth() -> torch.Tensor:
        return in_rows(packed, (codes if zeros is None else codes - zeros) * scales.float(), len(values))

    return Repacked(parts, worth)
