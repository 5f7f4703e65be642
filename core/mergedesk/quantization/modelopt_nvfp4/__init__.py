"""NVIDIA Model Optimizer's NVFP4: four-bit floats, sixteen of them sharing an eight-bit float, all of them one more.

Both scales are multiplied in.
"""

from __future__ import annotations

import re

from ...checkpoints.checkpoint import Checkpoint, PackedTensor
from ...storage.open_files import OpenFiles
from ..grid import four_bit_floats, repacks_in_grid, with_overall
from ..packing_format import Cells, ExactRows, PackingFormat, Records, Repacks, require_dtypes

_GROUP = 16


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """A layer's bytes with both kinds of scales."""
    if not name.endswith(".weight") or records[name].dtype != "U8" or f"{name}_scale_2" not in records:
        return None
    parts = {"codes": records[name], "scales": records[f"{name}_scale"], "overall": records[f"{name}_scale_2"]}
    require_dtypes(parts["scales"].dtype == "F8_E4M3" and parts["overall"].dtype == "F32")
    return four_bit_floats(name, parts, _GROUP, checkpoint, "modelopt_nvfp4")


def exact_rows(packed: PackedTensor) -> ExactRows:
    """value of code · scale · overall scale."""
    from .. import exact

    return exact.four_bit_rows(packed)


def cells(packed: PackedTensor, files: OpenFiles) -> Cells:
    """Half a step of codes to either side."""
    from .. import exact

    return exact.four_bit_cells(packed, files)


def repacks(packed: PackedTensor) -> Repacks | None:
    """Codes and groups' scales; the overall one where it no longer suits."""
    return with_overall(repacks_in_grid(packed, "scales"))


FORMAT = PackingFormat(
    find,
    exact_rows,
    part_names=re.compile(r"\.weight_scale_2$"),
    methods=("modelopt",),
    repacks=repacks,
    cells=cells,
)
