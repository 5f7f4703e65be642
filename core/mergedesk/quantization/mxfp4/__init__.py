"""MXFP4: pairs of four-bit floats, 32 of them sharing a power of two (OCP Microscaling Formats v1.0, section 5).

gpt-oss stores experts as (experts, outputs, groups, 16 bytes) and means (experts, inputs, outputs).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...checkpoints.checkpoint import Checkpoint, PackedTensor
from ...storage.open_files import OpenFiles
from ...storage.safetensors_header import TensorRecord
from ..packing_format import (
    Cells,
    ExactRows,
    PackingFormat,
    Records,
    Repacks,
    require,
    require_dtypes,
    target_dtype,
    undone_while_loading,
)

if TYPE_CHECKING:
    from ..exact import Array, Bytes

_GROUP_BYTES = 16
# Elements of an expert, all of which are packed at once.
_MOST_HELD = 1 << 25


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """The stacked experts that ``_blocks`` and ``_scales`` stand for."""
    logical = name.removesuffix("_blocks")
    scales = records.get(f"{logical}_scales")
    if logical == name or scales is None:
        return None
    codes = records[name]
    require_dtypes(codes.dtype == "U8" and scales.dtype in ("U8", "F8_E8M0"))
    require(len(codes.shape) == 4)
    require(codes.shape[-1] == _GROUP_BYTES and codes.shape[:-1] == scales.shape)
    experts, outputs, groups, _ = codes.shape
    shape = (experts, groups * _GROUP_BYTES * 2, outputs)
    parts = {"codes": codes, "scales": scales}
    return PackedTensor(logical, target_dtype(checkpoint, None), shape, "mxfp4", parts)


def exact_rows(packed: PackedTensor) -> ExactRows:
    """value of code · 2 ** (exponent - 127); the first of two codes is in the lower half of a byte."""
    from .. import exact

    return _scaled_rows(packed, exact.small_floats(2, 1))


def cells(packed: PackedTensor, files: OpenFiles) -> Cells:
    """Half a step of codes to either side."""
    from .. import exact

    book = exact.small_floats(2, 1)
    worth, low, high = (_scaled_rows(packed, side, files) for side in (book, *exact.edges(book)))
    return lambda begin, end: (worth(begin, end), low(begin, end), high(begin, end))


def repacks(packed: PackedTensor) -> Repacks | None:
    """Codes and exponents of whole experts, whose inputs lie across rows."""
    experts, inputs, outputs = packed.shape
    if inputs * outputs > _MOST_HELD:
        return None
    return Repacks(inputs, {role: part.nbytes // experts for role, part in packed.parts.items()})


def _scaled_rows(packed: PackedTensor, book: Array, files: OpenFiles | None = None) -> ExactRows:
    """What ``book`` has for each code, scaled."""
    import numpy as np

    _, inputs, outputs = packed.shape

    def expert(number: int, begin: int, end: int) -> Array:
        codes = _expert(packed.parts["codes"], number, packed.shape[0], files).reshape(outputs, -1)
        scales = _expert(packed.parts["scales"], number, packed.shape[0], files).reshape(outputs, -1)
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


def _expert(record: TensorRecord, number: int, count: int, files: OpenFiles | None) -> Bytes:
    from .. import exact

    size = record.nbytes // count
    return exact.stored_bytes(record, number * size, (number + 1) * size, files)


FORMAT = PackingFormat(
    find,
    exact_rows,
    part_names=re.compile("_blocks$"),
    methods=("mxfp4",),
    script=undone_while_loading,
    repacks=repacks,
    cells=cells,
)
