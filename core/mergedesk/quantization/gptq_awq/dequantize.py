"""Integer codes with a scale and a zero point for each group of inputs: GPTQ and AWQ linear layers.

Both mean (code - zero) · scale and store the transposed weight. GPTQ (Frantar et al. 2022) packs 32-bit words along
inputs, AWQ (Lin et al. 2023) along outputs, eight at a time, even ones first.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from ...checkpoints.packed_tensor import PackedTensor
from ...domain.errors import UserError
from ...domain.findings import Code
from ..stored_parts import Files, Unpacker, read_all, read_columns

_WORD = 32
# Where in a word of eight the value of each output lies: even outputs first, then odd ones.
_AWQ_PLACES = (0, 4, 1, 5, 2, 6, 3, 7)


def load_gptq(packed: PackedTensor, begin: int, end: int, files: Files) -> Unpacker:
    """Rows ``begin`` to ``end``, which are columns of the packed matrix."""
    bits, inputs = packed.whole("bits"), packed.width
    codes = read_columns(files, packed.parts["codes"], begin, end)
    packed_zeros = read_all(files, packed.parts["zeros"])
    # The first form of the format stored each zero point less one, within its bits.
    shifted = _unpack(packed_zeros.t(), bits) + packed.whole("zero_shift")
    zeros = (shifted & ((1 << bits) - 1)).t()[:, begin:end].float()
    scales = read_columns(files, packed.parts["scales"], begin, end).float()
    groups = _groups(packed, files, scales.shape[0])

    def integers(start: int, stop: int) -> torch.Tensor:
        return _unpack(codes[:, start - begin : stop - begin], bits)[:inputs]

    return _unpacker(integers, zeros, scales, groups, begin)


def load_awq(packed: PackedTensor, begin: int, end: int, files: Files) -> Unpacker:
    """Rows ``begin`` to ``end``, which are columns of the packed matrix."""
    word, last = begin // 8, -(-end // 8)
    codes = read_columns(files, packed.parts["codes"], word, last)
    zeros = _unpack_awq(read_columns(files, packed.parts["zeros"], word, last))[:, begin - word * 8 :].float()
    scales = read_columns(files, packed.parts["scales"], begin, end).float()
    groups = torch.arange(packed.width) // packed.whole("group")

    def integers(start: int, stop: int) -> torch.Tensor:
        one, other = start // 8, -(-stop // 8)
        return _unpack_awq(codes[:, one - word : other - word])[:, start - one * 8 : stop - one * 8]

    return _unpacker(integers, zeros[:, : end - begin], scales, groups, begin)


def _groups(packed: PackedTensor, files: Files, count: int) -> torch.Tensor:
    """The group of each input, stated where inputs were ordered by activation. Raises UserError where it is none."""
    record = packed.parts.get("groups")
    if record is None:
        return torch.arange(packed.width) // packed.whole("group")
    groups = read_all(files, record).long()
    if int(groups.min()) < 0 or int(groups.max()) >= count:
        raise UserError(Code.QUANTIZED_UNMERGEABLE, method="gptq", names=[record.name], count=1, original=None)
    return groups


def _unpack(words: torch.Tensor, bits: int) -> torch.Tensor:
    """Codes along the first dimension: a stream of ``bits`` each, little end first, in words of 32 bits."""
    period = 1 if _WORD % bits == 0 else bits
    grouped = words.reshape(-1, period, words.shape[1])
    fields = [_field(grouped, number * bits, bits) for number in range(period * _WORD // bits)]
    return torch.stack(fields, dim=1).view(-1, words.shape[1])


def _field(grouped: torch.Tensor, bit: int, bits: int) -> torch.Tensor:
    word, shift = divmod(bit, _WORD)
    mask, inside = (1 << bits) - 1, min(bits, _WORD - shift)
    field = (grouped[:, word] >> shift) & ((1 << inside) - 1)
    if inside == bits:
        return field
    return field | ((grouped[:, word + 1] << inside) & mask)


def _unpack_awq(words: torch.Tensor) -> torch.Tensor:
    shifts = torch.tensor(_AWQ_PLACES, dtype=torch.int32) * 4
    return ((words.unsqueeze(-1) >> shifts) & 15).view(words.shape[0], -1)


def _unpacker(
    integers: Callable[[int, int], torch.Tensor],
    zeros: torch.Tensor,
    scales: torch.Tensor,
    groups: torch.Tensor,
    begin: int,
) -> Unpacker:
    """``integers``: (inputs, rows) codes of some rows. zeros, scales: (groups, rows) of all that are loaded."""

    def values(start: int, stop: int) -> torch.Tensor:
        part = slice(start - begin, stop - begin)
        plain = integers(start, stop).float().sub_(zeros[:, part].index_select(0, groups))
        return plain.mul_(scales[:, part].index_select(0, groups)).t().contiguous()

    def expected_error(start: int, stop: int) -> float:
        squares = scales[:, start - begin : stop - begin].square().sum(1)
        return float(squares.index_select(0, groups).sum()) / 12

    return Unpacker(values, expected_error)
