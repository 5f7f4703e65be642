"""Every tensor of a GGUF file, dequantised by the official ``gguf``, against what the folder gives.

Types that hold what they are given must hold it to the bit, rounded once where they are the shorter. The others may
be off by what their description allows: so much of the largest value of a block.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...quantization.exact import from_bfloat16
from ...storage.gguf_header import GgufHeader, GgufTensor
from ...storage.gguf_sizes import stored_bytes
from .expected import Expected
from .stored_rows import Values

CHUNK_ELEMENTS = 1 << 17
# Scales are stored as float16, whose smallest step is this.
_SMALLEST = 2.0**-24
_ROUNDINGS = 1e-5
_EXACT: dict[str, npt.DTypeLike] = {"F64": np.float64, "F32": np.float32, "F16": np.float16}


@dataclass(frozen=True, slots=True)
class TypeLimits:
    """How far a value may be off, as a share of the largest of its ``block`` values; ``levels``: the largest code."""

    block: int
    share: float
    levels: int


# By each type's description: half a step of its codes, and what its scales are rounded by; those that search for the
# best scale may cut off the ends, by a step at most.
ALLOWED = {
    "Q8_0": TypeLimits(32, 0.0046, 127),
    "Q4_0": TypeLimits(32, 0.13, 8),
    "Q4_1": TypeLimits(32, 0.075, 16),
    "Q5_0": TypeLimits(32, 0.066, 16),
    "Q5_1": TypeLimits(32, 0.037, 32),
    "Q2_K": TypeLimits(256, 0.75, 64),
    "Q3_K": TypeLimits(256, 0.40, 128),
    "Q4_K": TypeLimits(256, 0.17, 960),
    "Q5_K": TypeLimits(256, 0.085, 1984),
    "Q6_K": TypeLimits(256, 0.07, 4096),
    "IQ4_NL": TypeLimits(32, 0.20, 127),
    "IQ4_XS": TypeLimits(256, 0.20, 4096),
    "MXFP4": TypeLimits(32, 0.26, 12),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """``outside``: values further off than allowed. ``noise`` and ``power``: squares of errors and of weights, summed.

    ``judged``: whether it is known how far values of the type may be off.
    """

    type: str
    elements: int
    outside: int
    noise: float
    power: float
    judged: bool = True

    @property
    def loss(self) -> float:
        """‖error‖ ÷ ‖weights‖."""
        return math.sqrt(self.noise / self.power) if self.power else math.sqrt(self.noise)

    @property
    def is_right(self) -> bool:
        """Whether no value is further off than its type allows."""
        return self.outside == 0


def type_name(tensor: GgufTensor) -> str:
    """The type as ``gguf`` calls it; its number where that does not know it."""
    import gguf

    try:
        return str(gguf.GGMLQuantizationType(tensor.kind).name)
    except ValueError:
        return str(tensor.kind)


def compare(header: GgufHeader, tensor: GgufTensor, expected: Expected, step: Callable[[int], None]) -> Compared:
    """``step`` gets the number of bytes of the file that were looked at, and may raise."""
    name, data = type_name(tensor), _mapped(header, tensor)
    totals = Compared(name, 0, 0, 0.0, 0.0, judged=name in _EXACT or name == "BF16" or name in ALLOWED)
    for begin, end in _chunks(tensor):
        stored = data[begin:end]
        wanted = expected.rows(begin, end)
        if not expected.sources and name == "F32":
            wanted = _within_rounding(stored, wanted)
        outside, noise, power = _chunk(name, stored, wanted)
        count = (end - begin) * (tensor.shape[-1] if tensor.shape else 1)
        totals = Compared(
            name, totals.elements + count, totals.outside + outside, totals.noise + noise, totals.power + power,
            totals.judged,
        )  # fmt: skip
        step(stored.nbytes)
    return totals


def _within_rounding(stored: npt.NDArray[np.uint8], wanted: Values) -> Values:
    """What is stored, where that differs from what was worked out by no more than some roundings."""
    given = stored.view("<f4")
    return np.where(np.abs(given - wanted) <= np.abs(wanted) * np.float32(_ROUNDINGS), given, wanted)


def _mapped(header: GgufHeader, tensor: GgufTensor) -> npt.NDArray[np.uint8]:
    """(rows, bytes of a row): the file's own memory."""
    size, width = stored_bytes(tensor) or 0, tensor.shape[-1] if tensor.shape else 1
    rows = math.prod(tensor.shape) // width if width else 0
    flat = np.memmap(header.file, np.uint8, "r", tensor.offset, (size,))
    return flat.reshape(max(rows, 1), -1)


def _chunks(tensor: GgufTensor) -> Iterator[tuple[int, int]]:
    width = tensor.shape[-1] if tensor.shape else 1
    rows, step = math.prod(tensor.shape) // max(width, 1), max(1, CHUNK_ELEMENTS // max(width, 1))
    for begin in range(0, rows, step):
        yield begin, min(begin + step, rows)


def _chunk(name: str, stored: npt.NDArray[np.uint8], wanted: Values) -> tuple[int, float, float]:
    """How many values are outside, and the squares of errors and weights."""
    if name in _EXACT or name == "BF16":
        return _exact(name, stored, wanted)
    given = _dequantized(name, stored)
    error = given - wanted
    power, noise = _squares(wanted), _squares(error)
    allowed = ALLOWED.get(name)
    return (_outside(error, wanted, allowed) if allowed else 0), noise, power


def _dequantized(name: str, stored: npt.NDArray[np.uint8]) -> Values:
    import gguf

    values: Any = gguf.quants.dequantize(stored, gguf.GGMLQuantizationType[name])
    return np.asarray(values, np.float32)


def _squares(values: Values) -> float:
    flat = values.reshape(-1)
    return float(np.dot(flat, flat))


def _outside(error: Values, wanted: Values, allowed: TypeLimits) -> int:
    """Blocks run along rows. What is not finite is outside."""
    size, largest = _largest_in(error, allowed.block), _largest_in(wanted, allowed.block)
    within = size <= largest * np.float32(allowed.share) + np.float32(allowed.levels * _SMALLEST)
    return int(np.count_nonzero(~within)) if not within.all() else 0


def _largest_in(values: Values, block: int) -> Values:
    """The largest size in each block, whose length is a power of two; of all places at once, which is fastest."""
    sizes, reach = np.abs(values).reshape(-1), block // 2
    while reach:
        sizes = np.maximum(sizes[:-reach], sizes[reach:])
        reach //= 2
    return sizes[::block]


def _exact(name: str, stored: npt.NDArray[np.uint8], wanted: Values) -> tuple[int, float, float]:
    """A value that is not a number is right where the folder has such a one, too."""
    if name == "BF16":
        differs = int(np.count_nonzero(stored.view("<u2") != _to_bfloat16(wanted)))
        return differs, _rounded_away(from_bfloat16(stored.reshape(-1)), wanted), _squares(wanted)
    kind = np.dtype(_EXACT[name]).newbyteorder("<")
    with np.errstate(over="ignore"):
        values, rounded = stored.view(kind), wanted.astype(kind)
    differs = int(np.count_nonzero((values != rounded) & ~(np.isnan(values) & np.isnan(rounded))))
    return differs, _rounded_away(values, wanted), _squares(wanted)


def _rounded_away(values: npt.NDArray[Any], wanted: Values) -> float:
    if np.array_equal(values.reshape(-1), wanted.reshape(-1)):
        return 0.0
    with np.errstate(invalid="ignore", over="ignore"):
        return _squares((values.reshape(-1) - wanted.reshape(-1)).astype(np.float32))


def _to_bfloat16(values: Values) -> npt.NDArray[np.uint16]:
    """Rounded to the nearest, to the even one of two."""
    bits = values.view(np.uint32)
    if not (bits & np.uint32(0xFFFF)).any():
        return (bits >> np.uint32(16)).astype(np.uint16)
    rounded = (bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))) >> np.uint32(16)
    return np.where(np.isnan(values), (bits >> np.uint32(16)) | np.uint32(64), rounded).astype(np.uint16)
