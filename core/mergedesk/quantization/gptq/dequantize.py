"""GPTQ: rows of a weight are columns of the words it is packed in."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import read_all, read_columns
from ..dequantize import Unpacker, affine_unpacker, bit_fields, stated_groups


def load(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end``, which are columns of the packed matrix."""
    bits, inputs = packed.whole("bits"), packed.width
    codes = read_columns(files, packed.parts["codes"], begin, end)
    packed_zeros = read_all(files, packed.parts["zeros"])
    # The first form of the format stored each zero point less one, within its bits.
    shifted = bit_fields(packed_zeros.t(), bits) + packed.whole("zero_shift")
    zeros = (shifted & ((1 << bits) - 1)).t()[:, begin:end].float()
    scales = read_columns(files, packed.parts["scales"], begin, end).float()
    groups = stated_groups(packed, files, scales.shape[0])
    if groups is None:
        groups = torch.arange(packed.width) // packed.whole("group")

    def integers(start: int, stop: int) -> torch.Tensor:
        return bit_fields(codes[:, start - begin : stop - begin], bits)[:inputs]

    return affine_unpacker(integers, zeros, scales, groups, begin)
