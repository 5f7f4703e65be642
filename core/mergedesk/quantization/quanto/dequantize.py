"""optimum-quanto, in the steps and roundings of its library."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import read_all
from ..dequantize import Unpacker, load_eight_bit_floats, load_integers, load_slotted


def load(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end``."""
    if "shifts" in packed.parts:
        return _load_groups(packed, begin, end, files)
    load_codes = load_integers if packed.parts["codes"].dtype == "I8" else load_eight_bit_floats
    return load_codes(packed, begin, end, files)


def _load_groups(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    scales, shifts = (read_all(files, packed.parts[part]).reshape(-1) for part in ("scales", "shifts"))

    def worth(codes: torch.Tensor, groups: torch.Tensor) -> torch.Tensor:
        if not shifts.is_floating_point():
            return (scales[groups] * (codes.to(torch.int8) - shifts[groups])).float()
        return (scales[groups] * codes - shifts[groups]).float()

    return load_slotted(packed, begin, end, files, worth, scales.float())
