"""GPTQ: rows of a weight are columns of the words it is packed in."""

from __future__ import annotations

import torch

from ...checkpoints.packed_tensor import PackedTensor
from ...domain.errors import UserError
from ...domain.findings import Code
from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import read_all, read_columns
from ..dequantize import Unpacker, affine_unpacker, bit_fields


def load(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end``, which are columns of the packed matrix."""
    bits, inputs = packed.whole("bits"), packed.width
    codes = read_columns(files, packed.parts["codes"], begin, end)
    packed_zeros = read_all(files, packed.parts["zeros"])
    # The first form of the format stored each zero point less one, within its bits.
    shifted = bit_fields(packed_zeros.t(), bits) + packed.whole("zero_shift")
    zeros = (shifted & ((1 << bits) - 1)).t()[:, begin:end].float()
    scales = read_columns(files, packed.parts["scales"], begin, end).float()
    groups = _groups(packed, files, scales.shape[0])

    def integers(start: int, stop: int) -> torch.Tensor:
        return bit_fields(codes[:, start - begin : stop - begin], bits)[:inputs]

    return affine_unpacker(integers, zeros, scales, groups, begin)


def _groups(packed: PackedTensor, files: OpenFiles, count: int) -> torch.Tensor:
    """The group of each input, stated where inputs were ordered by activation. Raises UserError where it is none."""
    record = packed.parts.get("groups")
    if record is None:
        return torch.arange(packed.width) // packed.whole("group")
    groups = read_all(files, record).long()
    if int(groups.min()) < 0 or int(groups.max()) >= count:
        raise UserError(Code.QUANTIZED_UNMERGEABLE, method="gptq", names=[record.name], count=1, original=None)
    return groups
