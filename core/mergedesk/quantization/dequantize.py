"""Any packed weight, some rows at a time, rounded as the packing's own library rounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch

from ..checkpoints.packed_tensor import PackedTensor, Packing
from ..storage.torch_dtypes import torch_dtype
from .bitsandbytes import dequantize as bitsandbytes
from .float8 import dequantize as float8
from .gptq_awq import dequantize as integers
from .mxfp4 import dequantize as mxfp4
from .stored_parts import Files, Unpacker

_LOADERS: Mapping[Packing, Callable[[PackedTensor, int, int, Files], Unpacker]] = {
    Packing.BNB_4BIT: bitsandbytes.load_4bit,
    Packing.BNB_INT8: bitsandbytes.load_int8,
    Packing.FLOAT8: float8.load,
    Packing.MXFP4: mxfp4.load,
    Packing.GPTQ: integers.load_gptq,
    Packing.AWQ: integers.load_awq,
}


def load_unpacker(packed: PackedTensor, begin: int, end: int, files: Files) -> Unpacker:
    """Read what rows ``begin`` to ``end`` of a packed weight need. Raises UserError(read_failed)."""
    return _LOADERS[packed.packing](packed, begin, end, files)


def rounded(packed: PackedTensor, values: torch.Tensor) -> torch.Tensor:
    """Unpacked values in the dtype that the library gives the weight before anything is merged into it.

    bitsandbytes first rounds to the dtype the weight had when it was quantised.
    """
    first = packed.settings.get("rounded")
    if first is not None:
        values = values.to(torch_dtype(str(first)))
    return values.to(torch_dtype(packed.dtype))
