"""Plain rows packed again, as formats' own libraries pack them: the scale of each group anew by the format's own rule.

All is float32 until codes and scales are rounded; codes are worked out with scales as they are stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import cast

import torch

from ..checkpoints.checkpoint import PackedTensor
from ..storage.torch_dtypes import torch_dtype

# The smallest scale of libraries that divide by it: float32's and E4M3's own steps at one.
SMALLEST = torch.finfo(torch.float32).eps
SMALLEST_E4M3 = 0.125
LARGEST_E4M3, LARGEST_FOUR_BITS = 448.0, 6.0
# The exponent of the largest code of four bits.
LARGEST_POWER = 2
BIAS, _MOST_EXPONENT = 127, 254
# Between codes of four bits, ties to the even one: a value is of the next code where it is larger than the border.
_MIDDLES = torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0])
_BORDERS = torch.where(torch.arange(7) % 2 == 1, torch.nextafter(_MIDDLES, torch.zeros(7)), _MIDDLES)
_SIZES = torch.tensor([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0])


@dataclass(frozen=True, slots=True)
class WholeRange:
    """The least and the largest value of a whole weight; ``overall``: the scale that all of it shares now, if any."""

    low: float
    high: float
    overall: torch.Tensor | None = None

    @property
    def largest(self) -> float:
        """The largest size."""
        return max(-self.low, self.high)


@dataclass(frozen=True, slots=True)
class Repacked:
    """Some rows, packed: what is stored of them by role; ``worth`` works out what that is worth."""

    parts: Mapping[str, torch.Tensor]
    worth: Callable[[], torch.Tensor]

    @property
    def values(self) -> torch.Tensor:
        """What the parts are worth, (rows, width) float32, worked out when it is asked for."""
        return self.worth()


# Rows (rows, width) float32, and the whole weight's limits where its format has numbers of that → what is stored.
Pack = Callable[[PackedTensor, torch.Tensor, WholeRange | None], Repacked]


def packer(name: str) -> Pack:
    """A registered format's own ``pack``."""
    return cast(Pack, import_module(f".{name}.repack", __package__).pack)


def in_blocks(packed: PackedTensor, values: torch.Tensor) -> torch.Tensor:
    """Rows (rows, width) as (block rows, height, block columns, length); zeros where a block is not filled."""
    height, length = min(packed.whole("block_rows"), len(values)), packed.whole("block_columns")
    padded = torch.nn.functional.pad(values, (0, -values.shape[1] % length, 0, -len(values) % height))
    return padded.view(len(padded) // height, height, -1, length)


def in_rows(packed: PackedTensor, blocks: torch.Tensor, rows: int) -> torch.Tensor:
    """The same the other way round."""
    return blocks.reshape(blocks.shape[0] * blocks.shape[1], -1)[:rows, : packed.width].contiguous()


def largest_of(blocks: torch.Tensor) -> torch.Tensor:
    """(block rows, 1, block columns, 1): the largest size in each."""
    return blocks.abs().amax(dim=(1, 3), keepdim=True)


def as_stored(scales: torch.Tensor, dtype: str) -> torch.Tensor:
    """Scales in the dtype that is stored, none of them zero."""
    stored = scales.to(torch_dtype(dtype))
    return torch.where(stored == 0, torch.tensor(SMALLEST).to(stored.dtype), stored)


def exponents(largest: torch.Tensor, offset: int) -> torch.Tensor:
    """The powers of two that groups share, as bytes: the largest size's own, or the next from 1.75 times that on."""
    biased = ((largest.view(torch.int32) + (1 << 21)) >> 23) - offset
    return biased.clamp(0, _MOST_EXPONENT).to(torch.uint8)


def powers(stored: torch.Tensor) -> torch.Tensor:
    """What such bytes stand for."""
    return (stored.float() - BIAS).exp2()


def symmetric(low: torch.Tensor, high: torch.Tensor, bits: int) -> torch.Tensor:
    """Scales of integers around zero: their whole range is as wide as the values' would be around it."""
    return torch.maximum(-low, high) / ((2.0**bits - 1) / 2)


def asymmetric(low: torch.Tensor, high: torch.Tensor, bits: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Scales and zero points, as signed codes, of integers that stand for all from ``low`` to ``high``."""
    least, most = -(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1
    scales = (high - low) / (most - least)
    zeros = (least - low / scales).nan_to_num().clamp(least, most).round()
    return torch.where(scales == 0, SMALLEST, scales), zeros


def integers(values: torch.Tensor, scales: torch.Tensor, zeros: torch.Tensor | None, bits: int) -> torch.Tensor:
    """Signed codes, the nearest, as float32."""
    scaled = values / scales
    if zeros is not None:
        scaled += zeros
    return scaled.clamp_(-(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1).round_()


def eight_bit_floats(values: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
    """Codes of eight bits, the nearest."""
    return (values / scales).clamp_(-LARGEST_E4M3, LARGEST_E4M3).to(torch.float8_e4m3fn)


def four_bit_floats(values: torch.Tensor, scales: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Codes of four bits, the nearest, and what they are worth before they are scaled."""
    scaled = (values / scales).clamp_(-LARGEST_FOUR_BITS, LARGEST_FOUR_BITS)
    sizes = torch.bucketize(scaled.abs(), _BORDERS)
    negative = scaled < 0
    worth = _SIZES.index_select(0, sizes.view(-1)).view(sizes.shape)
    return sizes.to(torch.uint8) | (negative.to(torch.uint8) << 3), torch.where(negative, -worth, worth)


def halves(codes: torch.Tensor) -> torch.Tensor:
    """(rows, width) codes of four bits, two in a byte along inputs, the first in the lower half."""
    pairs = codes.reshape(-1).view(torch.int16)
    return (pairs | (pairs >> 4)).to(torch.uint8).view(len(codes), -1)


def words(codes: torch.Tensor, bits: int) -> torch.Tensor:
    """(rows, codes) without sign, uint8 → (rows, words) int32: each row is one stream of bits, the lowest first."""
    padded = torch.nn.functional.pad(codes, (0, -codes.shape[1] * bits % 32 // bits if 32 % bits == 0 else 0))
    if bits == 8:
        return padded.contiguous().view(torch.int32)
    if bits == 4:
        return halves(padded).contiguous().view(torch.int32)
    return _stream(codes, bits)


def _stream(codes: torch.Tensor, bits: int) -> torch.Tensor:
    """The same for any number of bits, in periods of 32 codes and as many words as a code has bits."""
    padded = torch.nn.functional.pad(codes, (0, -codes.shape[1] % 32)).long().view(len(codes), -1, 32)
    stream = torch.zeros(*padded.shape[:2], bits + 1, dtype=torch.int64)
    for number in range(32):
        word, shift = divmod(number * bits, 32)
        moved = padded[..., number] << shift
        stream[..., word] |= moved & 0xFFFFFFFF
        stream[..., word + 1] |= moved >> 32
    whole = stream[..., :bits].reshape(len(codes), -1)[:, : -(-codes.shape[1] * bits // 32)]
    return torch.where(whole >= 1 << 31, whole - (1 << 32), whole).to(torch.int32)


def pack_eight_bit_floats(packed: PackedTensor, values: torch.Tensor, limits: WholeRange | None) -> Repacked:
    """Eight-bit floats with the scale of each block: its largest value becomes the largest code."""
    record, blocks = packed.parts["scales"], in_blocks(packed, values)
    if record.dtype in ("U8", "F8_E8M0"):
        stored = exponents(largest_of(blocks), 8)
        scales = powers(stored)
    else:
        largest = largest_of(blocks) if limits is None else torch.tensor(limits.largest)
        stored = as_stored(largest / LARGEST_E4M3, record.dtype)
        scales = stored.float()
    codes = eight_bit_floats(blocks, scales)
    parts = {"codes": in_rows(packed, codes.view(torch.uint8), len(values)), "scales": stored}
    return Repacked(parts, lambda: in_rows(packed, codes.float() * scales, len(values)))


def pack_four_bit_floats(
    packed: PackedTensor, values: torch.Tensor, stored: torch.Tensor, scales: torch.Tensor
) -> Repacked:
    """Four-bit floats in the groups of ``scales``, of which ``stored`` is kept."""
    codes, worth = four_bit_floats(in_blocks(packed, values), scales)
    parts = {"codes": halves(in_rows(packed, codes, len(values))), "scales": stored}
    return Repacked(parts, lambda: in_rows(packed, worth * scales, len(values)))
