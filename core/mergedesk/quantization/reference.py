"""What packed weights hold, worked out in float64 from the formats' descriptions; nothing here calls the engines.

bitsandbytes (QLoRA, LLM.int8()), eight-bit floats (OCP OFP8), MXFP4 (OCP Microscaling v1.0), GPTQ and AWQ layers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from ..checkpoints.packed_tensor import PackedTensor, Packing
from ..storage.positional_io import open_positional
from ..storage.safetensors_header import TensorRecord
from ..storage.torch_dtypes import torch_dtype

# Libraries work in float32; where that lands on the other side of a rounding's middle, both neighbours are right.
_SLACK = 2.0**-20
# What each group of four bits in an AWQ word belongs to.
_AWQ_ORDER = (0, 2, 4, 6, 1, 3, 5, 7)
_NUMPY: Mapping[str, str] = {"F32": "<f4", "F16": "<f2", "I32": "<i4", "I8": "|i1", "U8": "|u1", "F8_E8M0": "|u1"}

Array = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
# Rows ``begin`` to ``end`` of a packed weight, (rows, width) float64.
Rows = Callable[[int, int], Array]


def packed_rows(packed: PackedTensor) -> Rows:
    """What rows of a packed weight hold. Raises UserError(read_failed)."""
    return _FORMATS[packed.packing](packed)


def as_library_rounds(packed: PackedTensor, exact: Array) -> torch.Tensor:
    """Exact values in the weight's 16-bit dtype, by way of the one it was quantised from."""
    first = str(packed.settings.get("rounded", packed.dtype))
    return torch.from_numpy(exact).to(torch_dtype(first)).to(torch_dtype(packed.dtype))


def holds(written: torch.Tensor, packed: PackedTensor, exact: Array) -> bool:
    """Whether written values are the exact ones, rounded to the weight's dtype and then to the written one."""
    slack = np.abs(exact) * _SLACK
    low = as_library_rounds(packed, exact - slack).to(written.dtype).reshape(written.shape).double()
    high = as_library_rounds(packed, exact + slack).to(written.dtype).reshape(written.shape).double()
    ours = written.double()
    between = (low <= ours) & (ours <= high)
    return bool((between | (ours.isnan() & low.isnan())).all())


def _bytes(record: TensorRecord, begin: int, end: int) -> Bytes:
    buffer = bytearray(max(0, end - begin))
    file = open_positional(record.file)
    try:
        file.read_into(memoryview(buffer), record.offset + begin)
    finally:
        file.close()
    return np.frombuffer(buffer, np.uint8)


def _whole(record: TensorRecord) -> npt.NDArray[Any]:
    stored = _bytes(record, 0, record.nbytes)
    if record.dtype == "BF16":
        return _from_bfloat16(stored).reshape(record.shape)
    return stored.view(_NUMPY[record.dtype]).reshape(record.shape)


def _from_bfloat16(stored: Bytes) -> Array:
    """bfloat16 is the upper half of float32."""
    return (stored.view("<u2").astype(np.uint32) << 16).view(np.float32).astype(np.float64)


def _bnb_4bit(packed: PackedTensor) -> Rows:
    block, codes = packed.whole("block"), packed.parts["codes"]
    book = _whole(packed.parts["book"]).astype(np.float64)
    scales = _bnb_scales(packed)

    def rows(begin: int, end: int) -> Array:
        first, last = begin * packed.width, end * packed.width
        stored = _bytes(codes, first // 2, (last + 1) // 2)
        places = np.arange(first, last)
        halves = stored[places // 2 - first // 2] >> np.where(places % 2 == 0, 4, 0).astype(np.uint8)
        values: Array = book[halves & 15] * scales[places // block]
        return values.reshape(end - begin, packed.width)

    return rows


def _bnb_scales(packed: PackedTensor) -> Array:
    """One scale for each block. Doubly quantised ones are by definition what float32 makes of code, scale, offset."""
    stored = _whole(packed.parts["scales"]).reshape(-1)
    if "nested" not in packed.parts:
        return stored.astype(np.float64)
    book, nested = _whole(packed.parts["nested_book"]), _whole(packed.parts["nested"])
    blocks = np.arange(stored.size) // packed.whole("nested_block")
    plain = book[stored.astype(np.int64)] * nested[blocks] + np.float32(packed.settings["offset"])
    return np.asarray(plain, dtype=np.float64)


def _bnb_int8(packed: PackedTensor) -> Rows:
    codes = packed.parts["codes"]
    scales = _whole(packed.parts["scales"]).reshape(-1, 1).astype(np.float64)

    def rows(begin: int, end: int) -> Array:
        stored = _bytes(codes, begin * packed.width, end * packed.width).view(np.int8)
        return stored.reshape(-1, packed.width) * scales[begin:end] / 127

    return rows


def _float8(packed: PackedTensor) -> Rows:
    codes = packed.parts["codes"]
    table = _float8_table(*((4, 3) if codes.dtype == "F8_E4M3" else (5, 2)))
    height = packed.shape[-2] if len(packed.shape) > 1 else 1
    tall, wide = int(packed.settings.get("block_rows", height)), int(packed.settings.get("block_columns", packed.width))
    scales = _float8_scales(packed).reshape(-1, -(-height // tall), -(-packed.width // wide))
    across = np.arange(packed.width) // wide

    def rows(begin: int, end: int) -> Array:
        stored = _bytes(codes, begin * packed.width, end * packed.width).reshape(-1, packed.width)
        numbers = np.arange(begin, end)
        matrix = numbers // height if len(scales) > 1 else np.zeros_like(numbers)
        return table[stored] * scales[matrix, numbers % height // tall][:, across]

    return rows


def _float8_scales(packed: PackedTensor) -> Array:
    record = packed.parts.get("scales")
    if record is None:
        return np.ones(1)
    stored = _whole(record).astype(np.float64)
    return np.exp2(stored - 127) if record.dtype in ("U8", "F8_E8M0") else stored


def _float8_table(exponent_bits: int, mantissa_bits: int) -> Array:
    """What each of the 256 codes is worth: sign, exponent, mantissa."""
    code = np.arange(256)
    mantissa = code % 2**mantissa_bits / 2**mantissa_bits
    exponent = code // 2**mantissa_bits % 2**exponent_bits
    bias, top = 2 ** (exponent_bits - 1) - 1, 2**exponent_bits - 1
    size = np.where(exponent == 0, mantissa * 2.0 ** (1 - bias), (1 + mantissa) * np.exp2(exponent - bias))
    if exponent_bits == 5:  # the wider exponent keeps the usual infinities
        size = np.where(exponent == top, np.where(mantissa == 0, np.inf, np.nan), size)
    else:
        size = np.where(code % 128 == 127, np.nan, size)
    return np.where(code < 128, size, -size)


def _mxfp4(packed: PackedTensor) -> Rows:
    _, inputs, outputs = packed.shape
    book = np.array([_e2m1(code) for code in range(16)])

    def expert(number: int, begin: int, end: int) -> Array:
        codes = _slice(packed.parts["codes"], number, packed.shape[0]).reshape(outputs, -1)
        scales = _slice(packed.parts["scales"], number, packed.shape[0]).reshape(outputs, -1)
        places = np.arange(begin, end)
        halves = codes[:, places // 2] >> (places % 2 * 4).astype(np.uint8)
        values: Array = book[halves & 15] * np.exp2(scales[:, places // 32].astype(np.float64) - 127)
        return values.T

    def rows(begin: int, end: int) -> Array:
        return np.concatenate([
            expert(number, max(begin - number * inputs, 0), min(end - number * inputs, inputs))
            for number in range(begin // inputs, -(-end // inputs))
        ])  # fmt: skip

    return rows


def _slice(record: TensorRecord, number: int, count: int) -> Bytes:
    size = record.nbytes // count
    return _bytes(record, number * size, (number + 1) * size)


def _e2m1(code: int) -> float:
    """A four-bit float: one sign bit, two of exponent, one of mantissa."""
    exponent, mantissa = code >> 1 & 3, code & 1
    size = mantissa / 2 if exponent == 0 else (1 + mantissa / 2) * 2.0 ** (exponent - 1)
    return -size if code & 8 else size


def _gptq(packed: PackedTensor) -> Rows:
    bits, (outputs, inputs) = packed.whole("bits"), packed.shape
    words = _whole(packed.parts["codes"])
    zeros = _fields(_whole(packed.parts["zeros"]), bits)[:, :outputs]
    zeros = (zeros + packed.whole("zero_shift")) % 2**bits
    scales = _whole(packed.parts["scales"]).astype(np.float64)
    stated = packed.parts.get("groups")
    groups = _whole(stated).astype(np.int64) if stated else np.arange(inputs) // packed.whole("group")

    def rows(begin: int, end: int) -> Array:
        codes = _fields(np.ascontiguousarray(words[:, begin:end].T), bits)[:, :inputs]
        values: Array = (codes - zeros[groups, begin:end].T) * scales[groups, begin:end].T
        return values

    return rows


def _fields(words: npt.NDArray[Any], bits: int) -> Array:
    """(rows, words) → (rows, fields): each row is one stream of bits, the lowest first."""
    stream = np.unpackbits(words.astype("<i4").view(np.uint8), axis=1, bitorder="little")
    grouped = stream[:, : stream.shape[1] // bits * bits].reshape(len(words), -1, bits)
    return np.asarray(grouped @ 2.0 ** np.arange(bits), dtype=np.float64)


def _awq(packed: PackedTensor) -> Rows:
    words, inputs = _whole(packed.parts["codes"]), packed.width
    zeros = _awq_fields(_whole(packed.parts["zeros"]))
    scales = _whole(packed.parts["scales"]).astype(np.float64)
    groups = np.arange(inputs) // packed.whole("group")

    def rows(begin: int, end: int) -> Array:
        first, last = begin // 8, -(-end // 8)
        codes = _awq_fields(words[:, first:last])[:, begin - first * 8 : end - first * 8]
        return ((codes - zeros[groups, begin:end]) * scales[groups, begin:end]).T

    return rows


def _awq_fields(words: npt.NDArray[Any]) -> Array:
    fields = _fields(np.ascontiguousarray(words), 4).reshape(len(words), -1, 8)
    ordered = np.empty_like(fields)
    ordered[:, :, _AWQ_ORDER] = fields
    return ordered.reshape(len(words), -1)


_FORMATS: Mapping[Packing, Callable[[PackedTensor], Rows]] = {
    Packing.BNB_4BIT: _bnb_4bit,
    Packing.BNB_INT8: _bnb_int8,
    Packing.FLOAT8: _float8,
    Packing.MXFP4: _mxfp4,
    Packing.GPTQ: _gptq,
    Packing.AWQ: _awq,
}
