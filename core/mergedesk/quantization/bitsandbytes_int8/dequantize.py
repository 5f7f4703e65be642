"""bitsandbytes int8, as bitsandbytes works it out."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import read_flat
from ..dequantize import Unpacker

# bitsandbytes multiplies by this instead of dividing by 127.
_PER_STEP = 7.874015718698502e-3


def load(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end``: code · scale / 127."""
    width = packed.width
    codes = read_flat(files, packed.parts["codes"], begin * width, end * width).view(end - begin, width)
    scales = read_flat(files, packed.parts["scales"], begin, end).view(-1, 1)

    def values(start: int, end: int) -> torch.Tensor:
        return codes[start - begin : end - begin].float().mul_(scales[start - begin : end - begin]).mul_(_PER_STEP)

    def expected_error(start: int, end: int) -> float:
        steps = scales[start - begin : end - begin] * _PER_STEP
        return float(steps.square().sum()) * width / 12

    return Unpacker(values, expected_error)
