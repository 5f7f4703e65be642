"""compressed-tensors' ``pack-quantized``, packed again: each group's largest value, or its range, gives its scale."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...storage.tensor_reading import read_whole
from ..repack import Repacked, WholeRange, as_stored, asymmetric, integers, symmetric, words


def pack(packed: PackedTensor, values: torch.Tensor, limits: WholeRange | None) -> Repacked:
    """Some rows, a whole number of words of zero points; ``limits`` where one scale is the whole weight's."""
    bits, record = packed.whole("bits"), packed.parts["scales"]
    order = _order(packed)
    low, high = _ranges(packed, values, order) if limits is None else _range(limits)
    exact, zeros = (symmetric(low, high, bits), None) if "zeros" not in packed.parts else asymmetric(low, high, bits)
    scales = as_stored(exact, record.dtype)
    factors = scales.float()[:, order]
    places = None if zeros is None else zeros[:, order]
    codes = integers(values, factors, places, bits)
    worth = (codes if places is None else codes - places) * factors
    parts = {"codes": words(_unsigned(codes, bits), bits), "scales": scales}
    if zeros is not None and packed.whole("zeros_packed"):
        parts["zeros"] = words(_unsigned(zeros, bits).t().contiguous(), bits).t().contiguous()
    elif zeros is not None:
        parts["zeros"] = zeros.to(torch.int8)
    return Repacked(parts, worth)


def _unsigned(codes: torch.Tensor, bits: int) -> torch.Tensor:
    return (codes + float(1 << (bits - 1))).to(torch.uint8)


def _order(packed: PackedTensor) -> torch.Tensor:
    """The group of each input."""
    if "groups" in packed.parts:
        return read_whole(packed.parts["groups"]).long()
    return torch.arange(packed.width) // (packed.width // packed.whole("groups"))


def _ranges(packed: PackedTensor, values: torch.Tensor, order: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """(rows, groups): the least and the largest value of each, zero among them."""
    count = packed.whole("groups")
    if "groups" not in packed.parts:
        grouped = values.view(len(values), count, -1)
        return grouped.amin(-1).clamp_(max=0), grouped.amax(-1).clamp_(min=0)
    places, zero = order.expand(len(values), -1), torch.zeros(len(values), count)
    return zero.scatter_reduce(1, places, values, "amin"), zero.scatter_reduce(1, places, values, "amax")


def _range(limits: WholeRange) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor([[min(limits.low, 0.0)]]), torch.tensor([[max(limits.high, 0.0)]])
