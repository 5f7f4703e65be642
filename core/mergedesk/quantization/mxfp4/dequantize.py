"""MXFP4 experts, in float32 as transformers works them out; whole experts are read, one or two at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch

from ...checkpoints.checkpoint import PackedTensor
from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import read_bytes
from ..dequantize import FOUR_BIT_FLOATS, Unpacker, code_errors, pairs

_EXPONENT_BIAS = 127
_GROUP = 32

# Rows of one expert, in float32: its number, the first of its inputs and one past the last.
_Take = Callable[[int, int, int], torch.Tensor]


def load(packed: PackedTensor, begin: int, end: int, files: OpenFiles) -> Unpacker:
    """Rows ``begin`` to ``end``, counted over all experts; whole experts are read, one or two at a time."""
    _, inputs, outputs = packed.shape
    first, last = begin // inputs, -(-end // inputs)
    codes = _experts(packed, "codes", first, last, files).view(last - first, outputs, inputs // 2)
    exponents = _experts(packed, "scales", first, last, files).view(last - first, outputs, inputs // _GROUP)

    def take(table: torch.Tensor, power: int) -> _Take:
        def rows(expert: int, start: int, stop: int) -> torch.Tensor:
            low, high = start // _GROUP, -(-stop // _GROUP)
            inner = codes[expert - first, :, low * _GROUP // 2 : high * _GROUP // 2]
            plain = table.index_select(0, inner.reshape(-1).int()).view(outputs, high - low, -1)
            scale = exponents[expert - first, :, low:high].int() - _EXPONENT_BIAS
            scaled = torch.ldexp(plain, (scale * power).unsqueeze(-1)).view(outputs, -1)
            return scaled[:, start - low * _GROUP : stop - low * _GROUP].t()

        return rows

    value, error = (
        take(pairs(FOUR_BIT_FLOATS, FOUR_BIT_FLOATS), 1),
        take(pairs(code_errors(FOUR_BIT_FLOATS), code_errors(FOUR_BIT_FLOATS)), 2),
    )

    def values(start: int, stop: int) -> torch.Tensor:
        return torch.cat([value(*piece) for piece in _pieces(start, stop, inputs)]).contiguous()

    def expected_error(start: int, stop: int) -> float:
        return sum(float(error(*piece).sum()) for piece in _pieces(start, stop, inputs))

    return Unpacker(values, expected_error)


def _experts(packed: PackedTensor, part: str, first: int, last: int, files: OpenFiles) -> torch.Tensor:
    record = packed.parts[part]
    size = record.nbytes // packed.shape[0]
    return read_bytes(files, record, first * size, last * size)


def _pieces(begin: int, end: int, inputs: int) -> Iterator[tuple[int, int, int]]:
    """Cut a range of rows at experts' borders: expert, first input, one past the last."""
    for expert in range(begin // inputs, -(-end // inputs)):
        start = expert * inputs
        yield expert, max(begin - start, 0), min(end - start, inputs)
