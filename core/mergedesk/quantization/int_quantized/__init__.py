"""compressed-tensors' ``int-quantized``: signed bytes, (code - zero) · scale for each tensor, row, group or block."""

from __future__ import annotations

from ...checkpoints.checkpoint import Checkpoint, PackedTensor, Setting
from ..grid import beside, block_size, stated_blocks
from ..packing_format import ExactRows, PackingFormat, Records, require, target_dtype, undone_while_loading


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """A layer's bytes, with scales, and zero points where it is not symmetric."""
    module = name.removesuffix(".weight")
    codes, scales = records[name], records.get(f"{module}.weight_scale")
    if module == name or codes.dtype != "I8" or scales is None:
        return None
    parts = {"codes": codes, **dict(beside(records, module, scales="weight_scale", zeros="weight_zero_point"))}
    require(len(codes.shape) > 1 and scales.dtype in ("F16", "BF16", "F32") and f"{module}.weight_g_idx" not in records)
    require("zeros" not in parts or (parts["zeros"].dtype, parts["zeros"].shape) == ("I8", scales.shape))
    block = block_size(codes.shape, scales.shape, stated_blocks(checkpoint.config))
    settings: dict[str, Setting] = {"block_rows": block[0], "block_columns": block[1], "rounded": scales.dtype}
    return PackedTensor(name, target_dtype(checkpoint, scales.dtype), codes.shape, "int_quantized", parts, settings)


def exact_rows(packed: PackedTensor) -> ExactRows:
    """(code - zero) · scale."""
    from .. import exact

    return exact.integer_rows(packed)


FORMAT = PackingFormat(
    find, exact_rows, dtypes=frozenset({"I8"}), methods=("compressed-tensors",), script=undone_while_loading
)
