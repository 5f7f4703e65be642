"""Stored numbers in float64, for what packed weights hold by their formats' descriptions. Needs numpy, not torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ..checkpoints.checkpoint import PackedTensor
from ..domain.dtypes import DTYPES
from ..storage.open_files import OpenFiles, open_files
from ..storage.safetensors_header import TensorRecord
from .slots import flat_rows, slots_of

Array = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.int64]


def stored_bytes(record: TensorRecord, begin: int, end: int, files: OpenFiles | None = None) -> Bytes:
    """Bytes ``begin`` to ``end`` of a stored tensor, from ``files`` if there are. Raises UserError(read_failed)."""
    if files is not None:
        return np.frombuffer(files.read(record, begin, max(begin, end)), np.uint8)
    with open_files() as own:
        return np.frombuffer(own.read(record, begin, max(begin, end)), np.uint8)


def from_bfloat16(stored: Bytes) -> npt.NDArray[np.float32]:
    """The values of bytes that are bfloat16, which is the upper half of a float32; flat."""
    return (stored.view("<u2").astype(np.uint32) << np.uint32(16)).view(np.float32)


def whole(record: TensorRecord) -> npt.NDArray[Any]:
    """A stored tensor in its shape, in a dtype that holds its values; exponents (F8_E8M0) as bytes.

    Raises UserError(read_failed).
    """
    stored = stored_bytes(record, 0, record.nbytes)
    if record.dtype == "BF16":
        return from_bfloat16(stored).astype(np.float64).reshape(record.shape)
    name = "uint8" if record.dtype == "F8_E8M0" else DTYPES[record.dtype].torch_name
    return stored.view(np.dtype(name).newbyteorder("<")).reshape(record.shape)


def bit_fields(words: npt.NDArray[Any], bits: int) -> Array:
    """(rows, words) → (rows, fields): each row is one stream of bits, the lowest first."""
    if bits == 4:
        return of_pairs(_HALVES, words.astype("<i4").view(np.uint8).reshape(len(words), -1))
    if bits == 8:
        return words.astype("<i4").view(np.uint8).reshape(len(words), -1).astype(np.float64)
    if 32 % bits == 0:
        shifts = np.arange(0, 32, bits, dtype=np.uint32)
        fields = (words.astype("<i4").view("<u4")[:, :, None] >> shifts) & np.uint32(2**bits - 1)
        return fields.reshape(len(words), -1).astype(np.float64)
    stream = np.unpackbits(words.astype("<i4").view(np.uint8), axis=1, bitorder="little")
    grouped = stream[:, : stream.shape[1] // bits * bits].reshape(len(words), -1, bits)
    return np.asarray(grouped @ 2.0 ** np.arange(bits), dtype=np.float64)


def rounded_by_book(rows: Array, book: Array, block: int) -> Array:
    """Each value the nearest in ``book``, as a multiple of the largest of its block; blocks run over rows' ends."""
    ordered = np.sort(book)
    flat = rows.reshape(-1)
    padded = np.pad(flat, (0, -flat.size % block)).reshape(-1, block)
    largest = largest_of(padded)
    nearest = np.searchsorted((ordered[1:] + ordered[:-1]) / 2, padded / largest)
    return np.asarray((ordered[nearest] * largest).reshape(-1)[: flat.size].reshape(rows.shape))


def largest_of(rows: Array) -> Array:
    """(rows, 1): the largest size in each row, and no zero to divide by."""
    return np.asarray(np.maximum(np.abs(rows).max(axis=1, keepdims=True), np.finfo(np.float64).tiny))


def small_floats(exponent_bits: int, mantissa_bits: int) -> Array:
    """What each code of a small float is worth: sign, exponent, mantissa; none of them infinite or not a number."""
    half = 2 ** (exponent_bits + mantissa_bits)
    code = np.arange(half)
    mantissa = code % 2**mantissa_bits / 2**mantissa_bits
    exponent, bias = code // 2**mantissa_bits, 2 ** (exponent_bits - 1) - 1
    size = np.where(exponent == 0, mantissa * 2.0 ** (1 - bias), (1 + mantissa) * np.exp2(exponent - bias))
    return np.concatenate([size, -size])


def eight_bit_floats(dtype: str) -> Array:
    """What each of the 256 codes is worth: the wider exponent keeps the usual infinities, the other has one NaN."""
    exponent_bits, mantissa_bits = (4, 3) if dtype == "F8_E4M3" else (5, 2)
    plain, code = small_floats(exponent_bits, mantissa_bits), np.arange(256) % 128
    if exponent_bits == 4:
        return np.where(code == 127, np.nan, plain)
    infinity = np.copysign(np.inf, plain)
    return np.where(code < 124, plain, np.where(code == 124, infinity, np.nan))


def scale_values(record: TensorRecord) -> Array:
    """Scales in their shape; one of a byte without sign is a power of two. Raises UserError(read_failed)."""
    if record.dtype == "F8_E4M3":
        return eight_bit_floats(record.dtype)[stored_bytes(record, 0, record.nbytes)].reshape(record.shape)
    stored = whole(record).astype(np.float64)
    return np.exp2(stored - 127) if record.dtype in ("U8", "F8_E8M0") else stored


def grid(packed: PackedTensor, values: Array) -> Array:
    """Scales or zero points as (matrices, block rows, block columns)."""
    height = packed.shape[-2] if len(packed.shape) > 1 else 1
    down, across = -(-height // packed.whole("block_rows")), -(-packed.width // packed.whole("block_columns"))
    return values.reshape(-1, down, across)


def spread(packed: PackedTensor, values: Array, begin: int, end: int) -> Array:
    """What a grid has for every element of rows ``begin`` to ``end``."""
    return of_columns(_of_rows(packed, values, begin, end), packed.width, packed.whole("block_columns"))


def _of_rows(packed: PackedTensor, values: Array, begin: int, end: int) -> Array:
    """Those rows of a grid, (rows, block columns)."""
    height = packed.shape[-2] if len(packed.shape) > 1 else 1
    numbers = np.arange(begin, end)
    matrix = numbers // height if len(values) > 1 else np.zeros_like(numbers)
    return np.asarray(values[matrix, numbers % height // packed.whole("block_rows")])


def of_columns(groups: Array, width: int, length: int) -> Array:
    """(rows, groups) as (rows, width), each ``length`` times over, the last fewer times, if need be; one stays one."""
    if groups.shape[1] == 1:
        return groups
    return np.repeat(groups, length, axis=1)[:, :width]


def narrowed(values: Array, dtype: str) -> Array:
    """Rounded to a dtype, where a format's own steps round in between."""
    if dtype == "F16":
        return values.astype(np.float16).astype(np.float64)
    single = values.astype(np.float32)
    if dtype != "BF16":
        return single.astype(np.float64)
    bits = single.view(np.uint32)
    nearest = bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))
    return (nearest & np.uint32(0xFFFF0000)).view(np.float32).astype(np.float64)


def eight_bit_rows(packed: PackedTensor) -> Callable[[int, int], Array]:
    """Rows of a weight of eight-bit floats: value of code · scale of its block."""
    codes, table = packed.parts["codes"], eight_bit_floats(packed.parts["codes"].dtype)
    scales = grid(packed, scale_values(packed.parts["scales"])) if "scales" in packed.parts else None

    def rows(begin: int, end: int) -> Array:
        stored = stored_bytes(codes, begin * packed.width, end * packed.width).reshape(-1, packed.width)
        return table[stored] if scales is None else table[stored] * spread(packed, scales, begin, end)

    return rows


def four_bit_rows(packed: PackedTensor, divides: bool = False) -> Callable[[int, int], Array]:
    """Rows of four-bit floats: value of code · scale of its group, times or by the overall scale; low halves first."""
    half, book = packed.width // 2, pair_table(small_floats(2, 1))
    scales = grid(packed, scale_values(packed.parts["scales"]))
    overall = float(whole(packed.parts["overall"]).reshape(-1)[0]) if "overall" in packed.parts else 1.0
    scales = scales / overall if divides else scales * overall

    def rows(begin: int, end: int) -> Array:
        stored = stored_bytes(packed.parts["codes"], begin * half, end * half).reshape(-1, half)
        return _scaled(of_pairs(book, stored), spread(packed, scales, begin, end))

    return rows


def edges(book: Array) -> tuple[Array, Array]:
    """Of each code, the least and the most that is rounded to it; of the outermost, all beyond them."""
    levels, place = np.unique(book[np.isfinite(book)], return_inverse=True)
    middles = (levels[1:] + levels[:-1]) / 2
    low, high = np.full(book.shape, np.nan), np.full(book.shape, np.nan)
    low[np.isfinite(book)] = np.concatenate([[-np.inf], middles])[place]
    high[np.isfinite(book)] = np.concatenate([middles, [np.inf]])[place]
    return low, high


def eight_bit_cells(packed: PackedTensor, files: OpenFiles) -> Callable[[int, int], tuple[Array, Array, Array]]:
    """Cells of eight-bit floats."""
    codes, table = packed.parts["codes"], eight_bit_floats(packed.parts["codes"].dtype)
    scales, sides = grid(packed, scale_values(packed.parts["scales"])), (table, *edges(table))

    def cells(begin: int, end: int) -> tuple[Array, Array, Array]:
        stored = stored_bytes(codes, begin * packed.width, end * packed.width, files).reshape(-1, packed.width)
        factor = spread(packed, scales, begin, end)
        worth, low, high = (np.take(side, stored) for side in sides)
        return _scaled(worth, factor), _scaled(low, factor), _scaled(high, factor)

    return cells


def four_bit_cells(
    packed: PackedTensor, files: OpenFiles, divides: bool = False
) -> Callable[[int, int], tuple[Array, Array, Array]]:
    """Cells of four-bit floats."""
    half, book = packed.width // 2, small_floats(2, 1)
    scales = grid(packed, scale_values(packed.parts["scales"]))
    overall = float(whole(packed.parts["overall"]).reshape(-1)[0]) if "overall" in packed.parts else 1.0
    scales = scales / overall if divides else scales * overall
    sides = [pair_table(side) for side in (book, *edges(book))]

    def cells(begin: int, end: int) -> tuple[Array, Array, Array]:
        stored = stored_bytes(packed.parts["codes"], begin * half, end * half, files).reshape(-1, half)
        factor = spread(packed, scales, begin, end)
        worth, low, high = (of_pairs(side, stored) for side in sides)
        return _scaled(worth, factor), _scaled(low, factor), _scaled(high, factor)

    return cells


def pair_table(table: Array) -> npt.NDArray[np.complex128]:
    """Of each byte, what ``table`` has for the codes in its lower and its upper half, side by side."""
    return np.stack([np.tile(table, 16), np.repeat(table, 16)], axis=-1).view(np.complex128)[:, 0]


_HALVES = pair_table(np.arange(16.0))


def of_pairs(table: npt.NDArray[np.complex128], stored: Bytes) -> Array:
    """(rows, bytes) → (rows, 2 · bytes): what a ``pair_table`` has for each of two codes in a byte."""
    return np.take(table, stored).view(np.float64)


def _scaled(values: Array, factor: Array) -> Array:
    values *= factor
    return values


def cells_between(codes: Array, zeros: Array, scales: Array, least: float, most: float) -> tuple[Array, Array, Array]:
    """Cells of integers, all of one shape or what stretches to it: half a step to either side, open at the ends."""
    first, last, half = codes <= least, codes >= most, scales / 2
    worth = codes - zeros
    worth *= scales
    low, high = worth - half, worth + half
    np.putmask(low, first, -np.inf)
    np.putmask(high, last, np.inf)
    return worth, low, high


def integer_cells(packed: PackedTensor, files: OpenFiles) -> Callable[[int, int], tuple[Array, Array, Array]]:
    """Cells of signed bytes."""
    codes, width = packed.parts["codes"], packed.width
    scales = grid(packed, whole(packed.parts["scales"]).astype(np.float64))
    zeros = grid(packed, whole(packed.parts["zeros"]).astype(np.float64)) if "zeros" in packed.parts else None

    def cells(begin: int, end: int) -> tuple[Array, Array, Array]:
        plain = (
            stored_bytes(codes, begin * width, end * width, files).view(np.int8).reshape(-1, width).astype(np.float64)
        )
        middle = np.zeros((1, 1)) if zeros is None else spread(packed, zeros, begin, end)
        return cells_between(plain, middle, spread(packed, scales, begin, end), -128, 127)

    return cells


def integer_rows(packed: PackedTensor) -> Callable[[int, int], Array]:
    """Rows of signed bytes: (code - zero) · scale of its block."""
    codes, width = packed.parts["codes"], packed.width
    scales = grid(packed, whole(packed.parts["scales"]).astype(np.float64))
    zeros = grid(packed, whole(packed.parts["zeros"]).astype(np.float64)) if "zeros" in packed.parts else None

    def rows(begin: int, end: int) -> Array:
        plain = stored_bytes(codes, begin * width, end * width).view(np.int8).reshape(-1, width).astype(np.float64)
        shifted = plain if zeros is None else plain - spread(packed, zeros, begin, end)
        values: Array = shifted * spread(packed, scales, begin, end)
        return values

    return rows


def slotted_rows(packed: PackedTensor, worth: Callable[[Array, Indices], Array]) -> Callable[[int, int], Array]:
    """Rows of codes that share bytes or words. ``worth``: from codes and the group of each to their values."""
    slots, record = slots_of(packed), packed.parts["codes"]

    def rows(begin: int, end: int) -> Array:
        first, last, skipped = flat_rows(packed, begin, end)
        pieces = []
        for shift, top, bottom in slots.pieces(first, last):
            stored = stored_bytes(record, slots.row_bytes(top), slots.row_bytes(bottom))
            words = stored.view("<u4") if slots.size == 4 else stored
            pieces.append((words >> np.asarray(shift, words.dtype)) & np.asarray(slots.mask, words.dtype))
        codes = np.concatenate(pieces).astype(np.float64)
        places = np.arange(first * slots.width, last * slots.width)
        groups = places // slots.width if packed.whole("axis") == 1 else places % slots.width
        taken = slice(skipped, skipped + (end - begin) * packed.width)
        return worth(codes[taken], groups[taken]).reshape(end - begin, packed.width)

    return rows
