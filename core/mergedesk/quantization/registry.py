"""The packing formats that can be turned back into plain weights: a folder beside this file and a line here each."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from ..checkpoints.checkpoint import PackedTensor
from .packing_format import PackingFormat, Repacks

NAMES = (
    "bitsandbytes_4bit",
    "bitsandbytes_int8",
    "float8",
    "mxfp4",
    "gptq",
    "awq",
    "pack_quantized",
    "int_quantized",
    "float_quantized",
    "nvfp4_pack_quantized",
    "mxfp4_pack_quantized",
    "modelopt_fp8",
    "modelopt_nvfp4",
    "torchao",
    "hqq",
    "quanto",
    "eetq",
)

FORMATS: Mapping[str, PackingFormat] = {name: import_module(f".{name}", __package__).FORMAT for name in NAMES}


def written_again(packed: PackedTensor) -> Repacks:
    """What is written of a weight whose format can be packed again."""
    repacks = FORMATS[packed.packing].repacks(packed)
    assert repacks is not None
    return repacks
