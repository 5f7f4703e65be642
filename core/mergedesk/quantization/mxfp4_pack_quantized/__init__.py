"""compressed-tensors' ``mxfp4-pack-quantized``: four-bit floats, 32 of them sharing a power of two."""

from __future__ import annotations

import re

from ...checkpoints.checkpoint import Checkpoint, PackedTensor
from ...storage.open_files import OpenFiles
from ..grid import four_bit_floats, repacks_in_grid
from ..packing_format import (
    Cells,
    Codes,
    ExactRows,
    PackingFormat,
    Records,
    Repacks,
    require_dtypes,
    undone_while_loading,
)

_GROUP = 32


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """A layer's bytes with their exponents."""
    module = name.removesuffix(".weight_packed")
    if module == name or records[name].dtype != "U8" or f"{module}.weight_global_scale" in records:
        return None
    parts = {"codes": records[name], "scales": records[f"{module}.weight_scale"]}
    require_dtypes(parts["scales"].dtype in ("U8", "F8_E8M0"))
    return four_bit_floats(f"{module}.weight", parts, _GROUP, checkpoint, "mxfp4_pack_quantized")


def exact_rows(packed: PackedTensor) -> ExactRows:
    """value of code · 2 ** (exponent - 127)."""
    from .. import exact

    return exact.four_bit_rows(packed)


def cells(packed: PackedTensor, files: OpenFiles) -> Cells:
    """Half a step of codes to either side."""
    from .. import exact

    return exact.four_bit_cells(packed, files)


def repacks(packed: PackedTensor) -> Repacks | None:
    """Codes and exponents."""
    return repacks_in_grid(packed, "scales")


FORMAT = PackingFormat(
    find,
    exact_rows,
    part_names=re.compile(r"\.weight_packed$"),
    methods=("compressed-tensors",),
    script=undone_while_loading,
    repacks=repacks,
    cells=cells,
    codes=Codes(by_power=3.5),
)
