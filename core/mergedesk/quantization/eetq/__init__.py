"""EETQ: signed bytes with a scale for each output, laid out for the tensor cores of NVIDIA's compute 7.5 to 8.9.

Inputs are swapped about in sixteens, two outputs alternate every 64 inputs, bytes are 128 more than their codes, and
of every four the inner two change places (FasterTransformer's layout for a float16 product with an int8 matrix).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...checkpoints.checkpoint import Checkpoint, PackedTensor
from ..packing_format import ExactRows, PackingFormat, Records, require, require_dtypes, target_dtype

if TYPE_CHECKING:
    from ..exact import Array

TILE = 64
# Where in sixteen inputs the stored ones come from.
ORDER = tuple(8 * (place % 4 // 2) + place % 2 + 2 * (place // 4) for place in range(16))
_SWAPPED = (0, 2, 1, 3)


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """Bytes of (inputs, outputs) beside the outputs' scales."""
    codes, scales = records[name], records.get(f"{name}_scales")
    if not name.endswith(".weight") or scales is None:
        return None
    require_dtypes(codes.dtype == "I8" and scales.dtype in ("F16", "BF16", "F32"))
    require(len(codes.shape) == 2)
    inputs, outputs = codes.shape
    require(scales.shape == (outputs,) and inputs % TILE == 0 and outputs % 2 == 0)
    settings = {"rounded": scales.dtype}
    parts = {"codes": codes, "scales": scales}
    return PackedTensor(name, target_dtype(checkpoint, scales.dtype), (outputs, inputs), "eetq", parts, settings)


def places(inputs: int) -> list[int]:
    """For each stored byte of one output, the input that it belongs to."""
    four = [start + inner for start in range(0, inputs, 4) for inner in _SWAPPED]
    return [place // 16 * 16 + ORDER[place % 16] for place in four]


def exact_rows(packed: PackedTensor) -> ExactRows:
    """code · scale of its output."""
    import numpy as np

    from .. import exact

    width = packed.width
    scales = exact.whole(packed.parts["scales"]).astype("f8").reshape(-1, 1)

    def rows(begin: int, end: int) -> Array:
        first, last = begin // 2, -(-end // 2)
        stored = exact.stored_bytes(packed.parts["codes"], first * 2 * width, last * 2 * width)
        outputs = stored.reshape(last - first, width // TILE, 2, TILE).swapaxes(1, 2).reshape(-1, width)
        codes = np.empty(outputs.shape)
        codes[:, places(width)] = outputs.astype("f8") - 128
        skipped = begin - 2 * first
        values: Array = codes[skipped : skipped + end - begin] * scales[begin:end]
        return values

    return rows


FORMAT = PackingFormat(find, exact_rows, part_names=re.compile(r"\.weight_scales$"), methods=("eetq",))
