"""Stored numbers in float64, for what packed weights hold by their formats' descriptions. Needs numpy, not torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..domain.dtypes import DTYPES
from ..storage.open_files import open_files
from ..storage.safetensors_header import TensorRecord

Array = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]


def stored_bytes(record: TensorRecord, begin: int, end: int) -> Bytes:
    """Bytes ``begin`` to ``end`` of a stored tensor. Raises UserError(read_failed)."""
    with open_files() as files:
        return np.frombuffer(files.read(record, begin, max(begin, end)), np.uint8)


def whole(record: TensorRecord) -> npt.NDArray[Any]:
    """A stored tensor in its shape, in a dtype that holds its values; exponents (F8_E8M0) as bytes.

    Raises UserError(read_failed).
    """
    stored = stored_bytes(record, 0, record.nbytes)
    if record.dtype == "BF16":
        # It is the upper half of a float32.
        return (stored.view("<u2").astype(np.uint32) << 16).view(np.float32).astype(np.float64).reshape(record.shape)
    name = "uint8" if record.dtype == "F8_E8M0" else DTYPES[record.dtype].torch_name
    return stored.view(np.dtype(name).newbyteorder("<")).reshape(record.shape)


def bit_fields(words: npt.NDArray[Any], bits: int) -> Array:
    """(rows, words) → (rows, fields): each row is one stream of bits, the lowest first."""
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
