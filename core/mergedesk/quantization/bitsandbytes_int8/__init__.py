"""bitsandbytes int8: eight-bit integers with a scale for each row (LLM.int8(), Dettmers et al. 2022, section 2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...checkpoints.checkpoint import Checkpoint, PackedTensor
from ...storage.open_files import OpenFiles
from ..packing_format import (
    Cells,
    ExactRows,
    PackingFormat,
    Quantization,
    Records,
    Repacks,
    read_state,
    require,
    require_dtypes,
    target_dtype,
    undone_afterwards,
)

if TYPE_CHECKING:
    from ..exact import Array


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """The weight that an ``SCB`` lies beside."""
    module = name.removesuffix(".weight")
    scales = records.get(f"{module}.SCB")
    if not name.endswith(".weight") or scales is None:
        return None
    codes = records[name]
    require_dtypes(codes.dtype == "I8" and scales.dtype == "F32")
    require(len(codes.shape) == 2 and scales.elements == codes.shape[0])
    parts = {"codes": codes, "scales": scales}
    if (order := records.get(f"{module}.weight_format")) is not None:
        require(not any(read_state(order)))  # zero stands for rows; older GPU orders are not supported
        parts["order"] = order
    return PackedTensor(name, target_dtype(checkpoint, None), codes.shape, "bitsandbytes_int8", parts)


def _stated(config: Mapping[str, Any]) -> Quantization | None:
    return Quantization(str(config.get("quant_method") or "bitsandbytes"), 8) if config.get("load_in_8bit") else None


def exact_rows(packed: PackedTensor) -> ExactRows:
    """code · scale / 127."""
    read = _codes_and_scales(packed)

    def rows(begin: int, end: int) -> Array:
        codes, scales = read(begin, end)
        return codes * scales / 127

    return rows


def cells(packed: PackedTensor, files: OpenFiles) -> Cells:
    """Half a step to either side of each code."""
    import numpy as np

    from .. import exact

    read = _codes_and_scales(packed, files)

    def sides(begin: int, end: int) -> tuple[Array, Array, Array]:
        codes, scales = read(begin, end)
        return exact.cells_between(codes, np.zeros((1, 1)), scales / 127, -127, 127)

    return sides


def _codes_and_scales(
    packed: PackedTensor, files: OpenFiles | None = None
) -> Callable[[int, int], tuple[Array, Array]]:
    """Of rows ``begin`` to ``end``: (rows, width) and (rows, 1)."""
    import numpy as np

    from .. import exact

    codes = packed.parts["codes"]
    scales = exact.whole(packed.parts["scales"]).reshape(-1, 1).astype(np.float64)

    def read(begin: int, end: int) -> tuple[Array, Array]:
        stored = exact.stored_bytes(codes, begin * packed.width, end * packed.width, files).view(np.int8)
        return stored.reshape(-1, packed.width).astype(np.float64), scales[begin:end]

    return read


def repacks(packed: PackedTensor) -> Repacks | None:
    """Codes and scales, both by rows."""
    return Repacks(1, {"codes": packed.width, "scales": 4})


def _rounded(rows: Array) -> Array:
    """One scale a row."""
    import numpy as np

    from .. import exact

    scale = exact.largest_of(rows) / 127
    return np.asarray(np.round(rows / scale) * scale)


FORMAT = PackingFormat(
    find,
    exact_rows,
    part_names=re.compile(r"\.SCB$"),
    methods=("bitsandbytes",),
    stated=_stated,
    script=undone_afterwards,
    repacks=repacks,
    cells=cells,
    roundings=lambda: [("8-bit (int8)", _rounded)],
)
