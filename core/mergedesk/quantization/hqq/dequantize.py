"""HQQ, in the steps and roundings of its library on a CPU."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import read_all
from ...storage.torch_dtypes import torch_dtype
from ..dequantize import Unpacker, load_slotted


def load(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end``."""
    computed = torch_dtype(str(packed.settings["rounded"]))
    scales, zeros = (read_all(files, packed.parts[part]).reshape(-1) for part in ("scales", "zeros"))

    def worth(codes: torch.Tensor, groups: torch.Tensor) -> torch.Tensor:
        shifted = codes.to(computed) - zeros[groups]
        return (shifted * scales[groups]).to(computed).float()

    return load_slotted(packed, begin, end, files, worth, scales.float())
