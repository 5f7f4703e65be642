"""torchao's tensors, in float32 until their library rounds."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import read_all, read_bytes
from ..dequantize import Unpacker, load_eight_bit_floats, load_integers


def load(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end``."""
    if "group" in packed.settings:
        return _load_halves(packed, begin, end, files)
    load_codes = load_integers if packed.parts["codes"].dtype == "I8" else load_eight_bit_floats
    return load_codes(packed, begin, end, files)


def _load_halves(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    half, size = packed.width // 2, packed.whole("group")
    stored = read_bytes(files, packed.parts["codes"], begin * half, end * half).view(end - begin, half)
    scales, offsets = (read_all(files, packed.parts[part]).float().t()[begin:end] for part in ("scales", "zeros"))

    def values(start: int, stop: int) -> torch.Tensor:
        rows = slice(start - begin, stop - begin)
        codes = torch.stack((stored[rows] & 15, stored[rows] >> 4), dim=-1).view(stop - start, -1, size).float()
        signed = codes.sub_((codes > 7).float().mul_(16))
        return signed.mul_(scales[rows].unsqueeze(-1)).add_(offsets[rows].unsqueeze(-1)).view(stop - start, -1)

    def expected_error(start: int, stop: int) -> float:
        return float(scales[start - begin : stop - begin].square().sum()) * size / 12

    return Unpacker(values, expected_error)
