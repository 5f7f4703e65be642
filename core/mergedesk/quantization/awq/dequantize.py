"""AWQ: rows of a weight are columns of the words it is packed in, eight to a word."""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import read_columns
from ..dequantize import Unpacker, affine_unpacker

# Where in a word of eight the value of each output lies: even outputs first, then odd ones.
_PLACES = (0, 4, 1, 5, 2, 6, 3, 7)


def load(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end``, which are columns of the packed matrix."""
    word, last = begin // 8, -(-end // 8)
    codes = read_columns(files, packed.parts["codes"], word, last)
    zeros = _unpack_awq(read_columns(files, packed.parts["zeros"], word, last))[:, begin - word * 8 :].float()
    scales = read_columns(files, packed.parts["scales"], begin, end).float()
    groups = torch.arange(packed.width) // packed.whole("group")

    def integers(start: int, stop: int) -> torch.Tensor:
        low, high = start // 8, -(-stop // 8)
        return _unpack_awq(codes[:, low - word : high - word])[:, start - low * 8 : stop - low * 8]

    return affine_unpacker(integers, zeros[:, : end - begin], scales, groups, begin)


def _unpack_awq(words: torch.Tensor) -> torch.Tensor:
    shifts = torch.tensor(_PLACES, dtype=torch.int32) * 4
    return ((words.unsqueeze(-1) >> shifts) & 15).view(words.shape[0], -1)
