"""compressed-tensors' ``nvfp4-pack-quantized``: four-bit floats, sixteen of them sharing an eight-bit float.

Groups' scales were multiplied by one number for the whole tensor, which they are divided by again.
"""

from __future__ import annotations

import re

from msgspec import structs

from ...checkpoints.checkpoint import Checkpoint, PackedTensor
from ...storage.open_files import OpenFiles
from ..grid import beside, four_bit_floats, repacks_in_grid, with_overall
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

_GROUP = 16


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """A layer's bytes with both kinds of scales."""
    module = name.removesuffix(".weight_packed")
    if module == name or records[name].dtype != "U8" or f"{module}.weight_global_scale" not in records:
        return None
    parts = {"codes": records[name], "scales": records[f"{module}.weight_scale"]}
    parts |= beside(records, module, overall="weight_global_scale")
    require_dtypes(parts["scales"].dtype == "F8_E4M3" and parts["overall"].dtype == "F32")
    packed = four_bit_floats(f"{module}.weight", parts, _GROUP, checkpoint, "nvfp4_pack_quantized")
    return structs.replace(packed, settings={**packed.settings, "rounded": "BF16"})


def exact_rows(packed: PackedTensor) -> ExactRows:
    """value of code · scale / overall scale."""
    from .. import exact

    return exact.four_bit_rows(packed, divides=True)


def cells(packed: PackedTensor, files: OpenFiles) -> Cells:
    """Half a step of codes to either side."""
    from .. import exact

    return exact.four_bit_cells(packed, files, divides=True)


def repacks(packed: PackedTensor) -> Repacks | None:
    """Codes and groups' scales; the overall one where it no longer suits."""
    return with_overall(repacks_in_grid(packed, "scales"))


FORMAT = PackingFormat(
    find,
    exact_rows,
    part_names=re.compile(r"\.weight_global_scale$|\.weight_packed$"),
    methods=("compressed-tensors",),
    script=undone_while_loading,
    repacks=repacks,
    cells=cells,
    codes=Codes(largest=6.0 * 16 / 17, finest=0.85),  # its scales are themselves rounded to a sixteenth
)
