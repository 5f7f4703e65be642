"""gpt-oss's MXFP4, packed again: the largest value of each 32 inputs gives their power of two."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ..repack import LARGEST_POWER, Repacked, WholeRange, exponents, four_bit_floats, halves, powers

_GROUP = 32
# Packed at a time, since an expert is much larger than a tile.
_OUTPUTS = 256


def pack(packed: PackedTensor, values: torch.Tensor, _limits: WholeRange | None) -> Repacked:
    """Rows of whole experts: of each its inputs, (inputs, outputs), which are stored as (outputs, inputs)."""
    _, inputs, outputs = packed.shape
    experts = values.view(-1, inputs, outputs)
    codes = torch.empty(len(experts), outputs, inputs // 2, dtype=torch.uint8)
    scales = torch.empty(len(experts), outputs, inputs // _GROUP, dtype=torch.uint8)
    worth = torch.empty_like(experts)
    for expert in range(len(experts)):
        for begin in range(0, outputs, _OUTPUTS):
            some = slice(begin, begin + _OUTPUTS)
            codes[expert, some], scales[expert, some], rows = _pack_rows(experts[expert, :, some].t().contiguous())
            worth[expert, :, some] = rows.t()
    return Repacked({"codes": codes, "scales": scales}, lambda: worth.view(values.shape))


def _pack_rows(rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Codes, exponents, and what they are worth, of (outputs, inputs)."""
    groups = rows.view(-1, _GROUP)
    stored = exponents(groups.abs().amax(dim=1, keepdim=True), LARGEST_POWER)
    codes, worth = four_bit_floats(groups, powers(stored))
    return halves(codes).view(len(rows), -1), stored.view(len(rows), -1), (worth * powers(stored)).view(rows.shape)
