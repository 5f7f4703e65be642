"""compressed-tensors' ``float-quantized`` and ``mxfp8-quantized``: eight-bit floats, scaled by tensor, row or block."""

from __future__ import annotations

from ...checkpoints.checkpoint import Checkpoint, PackedTensor
from ...storage.open_files import OpenFiles
from ..grid import eight_bit_floats, method_of, repacks_in_grid
from ..packing_format import Cells, Codes, ExactRows, PackingFormat, Records, Repacks, undone_while_loading

_METHOD = "compressed-tensors"


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """A weight of eight-bit floats; the library rounds to the scales' dtype."""
    codes = records[name]
    if codes.dtype != "F8_E4M3" or not name.endswith(".weight") or method_of(checkpoint) != _METHOD:
        return None
    return eight_bit_floats(name, codes, records[f"{name}_scale"], checkpoint, "float_quantized", rounded=True)


def exact_rows(packed: PackedTensor) -> ExactRows:
    """value of code · scale of its block."""
    from .. import exact

    return exact.eight_bit_rows(packed)


def cells(packed: PackedTensor, files: OpenFiles) -> Cells:
    """Half a step of codes to either side."""
    from .. import exact

    return exact.eight_bit_cells(packed, files)


def repacks(packed: PackedTensor) -> Repacks | None:
    """Codes and scales."""
    return repacks_in_grid(packed, "scales")


FORMAT = PackingFormat(
    find,
    exact_rows,
    dtypes=frozenset({"F8_E4M3"}),
    methods=(_METHOD,),
    script=undone_while_loading,
    repacks=repacks,
    cells=cells,
    codes=Codes(largest=448.0, by_power=224.0),
)
