"""What compressed-tensors itself stores of plain weights, with scales of its min-max observers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from compressed_tensors.compressors.base import BaseCompressor
from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme
from compressed_tensors.quantization.utils import calculate_qparams, generate_gparam

Stored = dict[str, torch.Tensor]
# What codes of four-bit floats are worth.
BOOK = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
INT: dict[str, Any] = {"type": "int"}
FP8: dict[str, Any] = {"num_bits": 8, "type": "float"}
FP4: dict[str, Any] = {"num_bits": 4, "type": "float"}
TENSOR, CHANNEL = {"strategy": "tensor"}, {"strategy": "channel"}
GROUP, BLOCK = {"strategy": "group", "group_size": 32}, {"strategy": "block", "block_structure": [16, 32]}
MX = GROUP | {"scale_dtype": torch.uint8}
UNEVEN = {"symmetric": False}
PACKED, BYTES, FLOATS = "pack-quantized", "int-quantized", "float-quantized"
SCHEMES: Mapping[str, tuple[str, dict[str, Any]]] = {
    **{
        f"int{bits} {name}{' asymmetric' * bool(more)}": (form, INT | {"num_bits": bits} | strategy | more)
        for form, sizes in ((PACKED, (4, 3, 5)), (BYTES, (8,)))
        for bits in sizes
        for name, strategy in (("group", GROUP), ("channel", CHANNEL), ("tensor", TENSOR))
        for more in ({}, UNEVEN)
    },
    "packed int8 group": (PACKED, INT | {"num_bits": 8} | GROUP),
    "packed int8 group asymmetric": (PACKED, INT | {"num_bits": 8} | GROUP | UNEVEN),
    "int8 block": (BYTES, INT | {"num_bits": 8} | BLOCK),
    "fp8 tensor": (FLOATS, FP8 | TENSOR),
    "fp8 channel": (FLOATS, FP8 | CHANNEL),
    "fp8 group": (FLOATS, FP8 | GROUP),
    "fp8 block": (FLOATS, FP8 | BLOCK),
    "mxfp8": ("mxfp8-quantized", FP8 | MX),
    "mxfp4": ("mxfp4-pack-quantized", FP4 | MX),
    "nvfp4": (
        "nvfp4-pack-quantized",
        FP4 | {"strategy": "tensor_group", "group_size": 16, "scale_dtype": torch.float8_e4m3fn},
    ),
}


def ranges(values: torch.Tensor, args: QuantizationArgs) -> tuple[torch.Tensor, torch.Tensor]:
    """What the library's min-max observer sees: the least and largest value of all that shares a scale."""
    if args.strategy == "tensor":
        return values.amin().reshape(1), values.amax().reshape(1)
    if args.strategy == "block":
        tall, wide = args.block_structure or (1, 1)
        blocks = values.view(len(values) // tall, tall, -1, wide)
        return blocks.amin(dim=(1, 3)), blocks.amax(dim=(1, 3))
    groups = values.view(len(values), -1, args.group_size or values.shape[1])
    return groups.amin(-1), groups.amax(-1)


def by_library(name: str, values: torch.Tensor, dtype: torch.dtype, overall: torch.Tensor | None = None) -> Stored:
    """What compressed-tensors stores of float32 values, codes worked out with scales as they are stored."""
    form, weights = SCHEMES[name]
    scheme = QuantizationScheme(targets=["Linear"], weights=QuantizationArgs(**weights))
    args = scheme.weights
    assert args is not None
    low, high = ranges(values, args)
    if name == "nvfp4" and overall is None:
        overall = generate_gparam(values.amin(), values.amax())
    scales, zeros = calculate_qparams(low, high, args, global_scale=overall)
    scales = scales if args.scale_dtype else scales.to(dtype)
    state = {"weight": values, "weight_scale": scales.float(), "weight_zero_point": zeros}
    if overall is not None:
        state["weight_global_scale"] = overall
    stored = dict(BaseCompressor.get_value_from_registry(form).compress(state, scheme))
    if args.scale_dtype is None:
        stored["weight_scale"] = scales
    return {part: tensor.contiguous() for part, tensor in stored.items()}


def config(name: str) -> dict[str, Any]:
    form, weights = SCHEMES[name]
    stated = QuantizationArgs(**weights).model_dump(mode="json")
    groups = {"group_0": {"targets": ["Linear"], "weights": stated, "format": form}}
    return {"quant_method": "compressed-tensors", "format": form, "config_groups": groups}
