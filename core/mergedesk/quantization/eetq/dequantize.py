"""EETQ: exact in float32 until the product is rounded to the scales' dtype."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import read_bytes, read_flat
from ..dequantize import Unpacker
from . import TILE, places


def load(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end``; outputs are read in pairs."""
    width, first, last = packed.width, begin // 2, -(-end // 2)
    stored = read_bytes(files, packed.parts["codes"], first * 2 * width, last * 2 * width)
    outputs = stored.view(last - first, width // TILE, 2, TILE).transpose(1, 2).reshape(-1, width)[begin - 2 * first :]
    order = torch.tensor(places(width)).argsort()
    scales = read_flat(files, packed.parts["scales"], begin, end).float().view(-1, 1)

    def values(start: int, stop: int) -> torch.Tensor:
        rows = slice(start - begin, stop - begin)
        return outputs[rows].index_select(1, order).float().sub_(128).mul_(scales[rows])

    def expected_error(start: int, stop: int) -> float:
        return float(scales[start - begin : stop - begin].square().sum()) * width / 12

    return Unpacker(values, expected_error)
