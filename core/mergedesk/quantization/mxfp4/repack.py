"""gpt-oss's MXFP4, packed again: the largest value of each 32 inputs gives their power of two."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ..repack import LARGEST_POWER, Repacked, WholeRange, exponents, four_bit_floats, halves, powers

_GROUP = 32


def pack(packed: PackedTensor, values: torch.Tensor, _limits: WholeRange | None) -> Repacked:
    """Rows of whole experts: of each its inputs, (inputs, outputs), which are stored as (outputs, inputs)."""
    _, inputs, outputs = packed.shape
    groups = values.view(-1, inputs, outputs).transpose(1, 2).reshape(-1, _GROUP).contiguous()
    stored = exponents(groups.abs().amax(dim=1, keepdim=True), LARGEST_POWER)
    scales = powers(stored)
    codes, worth = four_bit_floats(groups, scales)
    turned = (worth * scales).view(-1, outputs, inputs).transpose(1, 2)
    return Repacked({"codes": halves(codes), "scales": stored}, turned.reshape(values.shape).contiguous())
