"""Eight-bit floats (OCP OFP8), with one scale for each block, row or tensor, or with none.

The stored scale is multiplied in, whatever its name (DeepSeek-V3 calls it ``weight_scale_inv``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...checkpoints.checkpoint import Checkpoint, PackedTensor, Setting
from ..packing_format import (
    ExactRows,
    PackingFormat,
    Records,
    Unreadable,
    quantization_config,
    require,
    target_dtype,
    undone_while_loading,
)

if TYPE_CHECKING:
    from ..exact import Array

_DTYPES = frozenset({"F8_E4M3", "F8_E5M2"})
_SCALE_DTYPES = frozenset({"F32", "F16", "BF16", "U8", "F8_E8M0"})
_LARGEST = 448.0
_SCALES = ("{name}_scale_inv", "{name}_scale", "{module}.scale")


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """A tensor of eight-bit floats, with the scales that lie beside it."""
    codes = records[name]
    if codes.dtype not in _DTYPES:
        return None
    module = name.removesuffix(".weight")
    names = (form.format(name=name, module=module) for form in _SCALES)
    scales = next((records[scale] for scale in names if scale in records), None)
    if scales is None:
        # Float8 without scales holds the values themselves; scales under a name not known here would be lost.
        require(not any("scale" in other.rpartition(".")[2] for other in records))
        return PackedTensor(name, target_dtype(checkpoint, None), codes.shape, "float8", {"codes": codes})
    if scales.name == name or scales.dtype not in _SCALE_DTYPES or not codes.shape:
        raise Unreadable(name)
    own = scales.dtype if scales.dtype in ("F16", "BF16") else None
    block = _block_size(codes.shape, scales.shape, checkpoint.config)
    settings: dict[str, Setting] = {"block_rows": block[0], "block_columns": block[1]}
    parts = {"codes": codes, "scales": scales}
    return PackedTensor(name, target_dtype(checkpoint, own), codes.shape, "float8", parts, settings)


def _block_size(shape: tuple[int, ...], scales: tuple[int, ...], config: Mapping[str, Any]) -> tuple[int, int]:
    """Rows and columns of the weight that share one scale. A grid that does not divide evenly needs the config."""
    rows, columns = (shape[-2] if len(shape) > 1 else 1), shape[-1]
    if math.prod(scales) == 1:
        return rows, columns
    if len(scales) == 1:
        scales = (*scales, 1)
    require(len(scales) >= 2 and math.prod(scales[:-2]) in (1, math.prod(shape[:-2])))
    stated = (quantization_config(config) or {}).get("weight_block_size")
    if isinstance(stated, list) and len(stated) == 2:
        tall, wide = int(stated[0]), int(stated[1])
        if (-(-rows // tall), -(-columns // wide)) == scales[-2:]:
            return tall, wide
    require(rows % scales[-2] == 0 and columns % scales[-1] == 0)
    return rows // scales[-2], columns // scales[-1]


def exact_rows(packed: PackedTensor) -> ExactRows:
    """value of code · scale of its block."""
    import numpy as np

    from .. import exact

    codes = packed.parts["codes"]
    table = _values(*((4, 3) if codes.dtype == "F8_E4M3" else (5, 2)))
    height = packed.shape[-2] if len(packed.shape) > 1 else 1
    tall, wide = int(packed.settings.get("block_rows", height)), int(packed.settings.get("block_columns", packed.width))
    scales = _scales(packed).reshape(-1, -(-height // tall), -(-packed.width // wide))
    across = np.arange(packed.width) // wide

    def rows(begin: int, end: int) -> Array:
        stored = exact.stored_bytes(codes, begin * packed.width, end * packed.width).reshape(-1, packed.width)
        numbers = np.arange(begin, end)
        matrix = numbers // height if len(scales) > 1 else np.zeros_like(numbers)
        values: Array = table[stored] * scales[matrix, numbers % height // tall][:, across]
        return values

    return rows


def _scales(packed: PackedTensor) -> Array:
    """A scale of one byte is a power of two."""
    import numpy as np

    from .. import exact

    record = packed.parts.get("scales")
    if record is None:
        return np.ones(1)
    stored = exact.whole(record).astype(np.float64)
    return np.exp2(stored - 127) if record.dtype in ("U8", "F8_E8M0") else stored


def _values(exponent_bits: int, mantissa_bits: int) -> Array:
    """What each of the 256 codes is worth: the wider exponent keeps the usual infinities, the other has one NaN."""
    import numpy as np

    from .. import exact

    plain, code = exact.small_floats(exponent_bits, mantissa_bits), np.arange(256) % 128
    if exponent_bits == 4:
        return np.where(code == 127, np.nan, plain)
    infinity = np.copysign(np.inf, plain)
    return np.where(code < 124, plain, np.where(code == 124, infinity, np.nan))


def _rounded(rows: Array) -> Array:
    """One scale a row, so that its largest value is the largest code."""
    import numpy as np

    from .. import exact

    values = _values(4, 3)
    return exact.rounded_by_book(rows, values[np.isfinite(values)] / _LARGEST, rows.shape[1])


FORMAT = PackingFormat(
    find,
    exact_rows,
    part_names=re.compile(r"\.weight_scale_inv$"),
    dtypes=_DTYPES,
    methods=("fp8",),
    script=undone_while_loading,
    roundings=lambda: [("8-bit (FP8)", _rounded)],
)
