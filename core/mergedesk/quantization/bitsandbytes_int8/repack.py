"""bitsandbytes int8, packed again: the largest size of each row becomes the largest code."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ..repack import Repacked, WholeRange

_LARGEST = 127.0


def pack(_packed: PackedTensor, values: torch.Tensor, _limits: WholeRange | None) -> Repacked:
    """Some rows; one of zeros has no scale, and codes of zero."""
    scales = values.abs().amax(dim=1, keepdim=True)
    factors = torch.where(scales > 0, _LARGEST / scales, 0.0)
    codes = (values * factors).round_()
    return Repacked({"codes": codes.to(torch.int8), "scales": scales}, lambda: codes * (scales / _LARGEST))
