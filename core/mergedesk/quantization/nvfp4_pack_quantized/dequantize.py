"""compressed-tensors' ``nvfp4-pack-quantized``, in float32 until the library rounds to bfloat16."""

from __future__ import annotations

from ...checkpoints.checkpoint import PackedTensor
from ...storage.open_files import OpenFiles
from ..dequantize import Unpacker, load_four_bit_floats


def load(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end``."""
    return load_four_bit_floats(packed, begin, end, files, divides=True)
