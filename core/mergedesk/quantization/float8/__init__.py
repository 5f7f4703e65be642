"""Eight-bit floats (OCP OFP8), with one scale for each block, row or tensor, or with none.

The stored scale is multiplied in, whatever its name (DeepSeek-V3 calls it ``weight_scale_inv``, V4 ``scale``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...checkpoints.checkpoint import Checkpoint, PackedTensor
from ...storage.open_files import OpenFiles
from ..grid import eight_bit_floats, method_of, repacks_in_grid
from ..packing_format import (
    Cells,
    ExactRows,
    PackingFormat,
    Records,
    Repacks,
    require,
    target_dtype,
    undone_while_loading,
)

if TYPE_CHECKING:
    from ..exact import Array

_DTYPES = frozenset({"F8_E4M3", "F8_E5M2"})
_LARGEST = 448.0
_SCALES = ("{name}_scale_inv", "{name}_scale", "{module}.scale")
# They have folders of their own; so have those whose parts are named otherwise.
_OTHERS = ("compressed-tensors", "modelopt")
_NAMED_OTHERWISE = (".weight._data", "._weight_qdata", ".weight_scale")


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """A tensor of eight-bit floats, with the scales that lie beside it."""
    codes = records[name]
    if codes.dtype not in _DTYPES or name.endswith(_NAMED_OTHERWISE) or method_of(checkpoint) in _OTHERS:
        return None
    module = name.removesuffix(".weight")
    names = (form.format(name=name, module=module) for form in _SCALES)
    scales = next((records[scale] for scale in names if scale in records), None)
    if scales is not None:
        return eight_bit_floats(name, codes, scales, checkpoint, "float8")
    # Float8 without scales holds the values themselves; scales under a name not known here would be lost.
    require(not any("scale" in other.rpartition(".")[2] for other in records))
    return PackedTensor(name, target_dtype(checkpoint, None), codes.shape, "float8", {"codes": codes})


def exact_rows(packed: PackedTensor) -> ExactRows:
    """value of code · scale of its block."""
    from .. import exact

    return exact.eight_bit_rows(packed)


def cells(packed: PackedTensor, files: OpenFiles) -> Cells:
    """Half a step of codes to either side."""
    from .. import exact

    return exact.eight_bit_cells(packed, files)


def repacks(packed: PackedTensor) -> Repacks | None:
    """Codes and scales; nothing of codes without scales, or of the wider exponent."""
    return None if not _is_kept(packed) else repacks_in_grid(packed, "scales")


def _is_kept(packed: PackedTensor) -> bool:
    return "scales" in packed.parts and packed.parts["codes"].dtype == "F8_E4M3"


def _rounded(rows: Array) -> Array:
    """One scale a row, so that its largest value is the largest code."""
    import numpy as np

    from .. import exact

    values = exact.eight_bit_floats("F8_E4M3")
    return exact.rounded_by_book(rows, values[np.isfinite(values)] / _LARGEST, rows.shape[1])


FORMAT = PackingFormat(
    find,
    exact_rows,
    part_names=re.compile(r"\.weight_scale_inv$"),
    dtypes=_DTYPES,
    methods=("fp8",),
    script=undone_while_loading,
    repacks=repacks,
    cells=cells,
    roundings=lambda: [("8-bit (FP8)", _rounded)],
)
