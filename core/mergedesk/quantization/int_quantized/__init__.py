"""compressed-tensors' ``int-quantized``: signed bytes, (code - zero) · scale for each tensor, row, group or block."""

from __future__ import annotations

from ...checkpoints.checkpoint import Checkpoint, PackedTensor, Setting
from ...storage.open_files import OpenFiles
from ..grid import beside, block_size, method_of, repacks_in_grid, stated_blocks
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

# What configs call it; it is told by its names where there is none.
_METHODS = ("compressed-tensors", "")


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """A layer's bytes, with scales, and zero points where it is not symmetric."""
    module = name.removesuffix(".weight")
    codes, scales = records[name], records.get(f"{module}.weight_scale")
    if module == name or codes.dtype != "I8" or scales is None or method_of(checkpoint) not in _METHODS:
        return None
    parts = {"codes": codes, **dict(beside(records, module, scales="weight_scale", zeros="weight_zero_point"))}
    require_dtypes(scales.dtype in ("F16", "BF16", "F32") and ("zeros" not in parts or parts["zeros"].dtype == "I8"))
    require(len(codes.shape) > 1 and f"{module}.weight_g_idx" not in records)
    require("zeros" not in parts or parts["zeros"].shape == scales.shape)
    block = block_size(codes.shape, scales.shape, stated_blocks(checkpoint.config))
    settings: dict[str, Setting] = {"block_rows": block[0], "block_columns": block[1], "rounded": scales.dtype}
    return PackedTensor(name, target_dtype(checkpoint, scales.dtype), codes.shape, "int_quantized", parts, settings)


def exact_rows(packed: PackedTensor) -> ExactRows:
    """(code - zero) · scale."""
    from .. import exact

    return exact.integer_rows(packed)


def cells(packed: PackedTensor, files: OpenFiles) -> Cells:
    """Half a step to either side of each code."""
    from .. import exact

    return exact.integer_cells(packed, files)


def repacks(packed: PackedTensor) -> Repacks | None:
    """Codes, scales and zero points."""
    return repacks_in_grid(packed, *(role for role in ("scales", "zeros") if role in packed.parts))


FORMAT = PackingFormat(
    find,
    exact_rows,
    dtypes=frozenset({"I8"}),
    methods=_METHODS[:1],
    script=undone_while_loading,
    repacks=repacks,
    cells=cells,
)
