"""compressed-tensors' ``pack-quantized``, packed again: each group's largest value, or its range, gives its scale."""

from __future__ import annotations

from functools import partial

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...storage.tensor_reading import read_whole
from ..repack import Repacked, WholeRange, as_stored, asymmetric, integers, symmetric, words


def pack(packed: PackedTensor, values: torch.Tensor, limits: WholeRange | None) -> Repacked:
    """Some rows, a whole number of words of zero points; ``limits`` where one scale is the whole weight's."""
    bits, record = packed.whole("bits"), packed.parts["scales"]
    order = _order(packed)
    of_inputs = partial(_spread, order=order, width=packed.width)
    low, high = _ranges(packed, values, order) if limits is None else _range(limits)
    exact, zeros = (symmetric(low, high, bits), None) if "zeros" not in packed.parts else asymmetric(low, high, bits)
    scales = as_stored(exact, record.dtype)
    factors = of_inputs(scales.float())
    places = None if zeros is None else of_inputs(zeros)
    codes = integers(values, factors, places, bits)
    parts = {"codes": words(_unsigned(codes, bits), bits), "scales": scales}
    if zeros is not None and packed.whole("zeros_packed"):
        parts["zeros"] = words(_unsigned(zeros, bits).t().contiguous(), bits).t().contiguous()
    elif zeros is not None:
        parts["zeros"] = zeros.to(torch.int8)
    return Repacked(parts, lambda: (codes if places is None else codes - places) * factors)


def _unsigned(codes: torch.Tensor, bits: int) -> torch.Tensor:
    # Whole numbers go through 16 bits several times as fast as straight to eight.
    return (codes + float(1 << (bits - 1))).to(torch.int16).to(torch.uint8)


def _order(packed: PackedTensor) -> torch.Tensor | None:
    """The group of each input, where they are not one after the other."""
    return read_whole(packed.parts["groups"]).long() if "groups" in packed.parts else None


def _spread(values: torch.Tensor, order: torch.Tensor | None, width: int) -> torch.Tensor:
    """What groups have, (rows, groups), for every input: (rows, width)."""
    if order is not None:
        return values[:, order]
    rows, count = values.shape
    return values.unsqueeze(2).expand(rows, count, width // count).reshape(rows, width)


def _ranges(
    packed: PackedTensor, values: torch.Tensor, order: torch.Tensor | None
) -> tuple[torch.Tensor, torch.Tensor]:
    """(rows, groups): the least and the largest value of each, zero among them."""
    count = packed.whole("groups")
    if order is None:
        grouped = values.view(len(values), count, -1)
        return grouped.amin(-1).clamp_(max=0), grouped.amax(-1).clamp_(min=0)
    places, zero = order.expand(len(values), -1), torch.zeros(len(values), count)
    return zero.scatter_reduce(1, places, values, "amin"), zero.scatter_reduce(1, places, values, "amax")


def _range(limits: WholeRange) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor([[min(limits.low, 0.0)]]), torch.tensor([[max(limits.high, 0.0)]])
