"""optimum-quanto: bytes with one scale a row; or codes of two and four bits in groups, which share a scale and a shift.

Grouped codes do not tell the weight's width: it is that of the layer's input, by the config.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...checkpoints.checkpoint import Checkpoint, PackedTensor, Setting
from ...storage.safetensors_header import TensorRecord
from ..grid import block_size
from ..packing_format import ExactRows, PackingFormat, Records, require, require_dtypes, target_dtype

_FLOATS = frozenset({"F8_E4M3", "F8_E5M2"})
_SCALES = ("F16", "BF16", "F32")
# The layers of a block that do not take the hidden state, and what a config calls the width of what they take.
_NARROWED = ("down_proj", "fc2", "fc_out", "dense_4h_to_h", "w2", "wo")
_INNER = ("moe_intermediate_size", "intermediate_size", "ffn_dim", "d_ff", "n_inner")
_HIDDEN = ("hidden_size", "d_model", "n_embd")


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """The bytes ``_data`` or the shared bytes ``_data._data`` of a weight."""
    if name.endswith(".weight._data._data"):
        return _in_groups(name, records, checkpoint)
    return _by_rows(name, records, checkpoint) if name.endswith(".weight._data") else None


def _by_rows(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor:
    weight, codes = name.removesuffix("._data"), records[name]
    parts = {"codes": codes, "scales": records[f"{weight}._scale"]}
    require_dtypes(codes.dtype in {"I8", *_FLOATS} and parts["scales"].dtype in _SCALES)
    require(len(codes.shape) > 1)
    block = block_size(codes.shape, parts["scales"].shape)
    settings: dict[str, Setting] = {"block_rows": block[0], "block_columns": block[1]}
    settings["rounded"] = parts["scales"].dtype
    return PackedTensor(weight, target_dtype(checkpoint, parts["scales"].dtype), codes.shape, "quanto", parts, settings)


def _in_groups(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor:
    weight, codes = name.removesuffix("._data._data"), records[name]
    parts = {"codes": codes, "scales": records[f"{weight}._scale"], "shifts": records[f"{weight}._shift"]}
    scales, shifts = parts["scales"], parts["shifts"]
    require(codes.dtype == "U8" and len(codes.shape) == 2 and scales.shape == shifts.shape == (scales.elements, 1))
    require_dtypes(scales.dtype in _SCALES and shifts.dtype in (scales.dtype, "I8"))
    groups, width = scales.elements, codes.shape[1]
    fitting = [bits for bits in (2, 4) if codes.shape[0] == -(-groups * bits // 8)]
    require(len(fitting) == 1)
    inputs = _inputs(weight, checkpoint.config, groups * width)
    require(inputs % width == 0)
    settings: dict[str, Setting] = {
        "bits": fitting[0], "slots": 8 // fitting[0], "slot_bytes": 1, "slot_height": codes.shape[0],
        "slot_width": width, "first_is_high": 0, "axis": 1, "rounded": scales.dtype,
    }  # fmt: skip
    shape = (groups * width // inputs, inputs)
    return PackedTensor(weight, target_dtype(checkpoint, scales.dtype), shape, "quanto", parts, settings)


def _inputs(weight: str, config: Mapping[str, Any], elements: int) -> int:
    """The width of a layer's input. Raises Unreadable where the config does not tell one that fits."""
    inner = config.get("text_config")
    stated = inner if isinstance(inner, Mapping) else config
    layer = weight.split(".")[-2]
    if layer in ("o_proj", "out_proj") and "head_dim" in stated:
        sizes = [int(stated["head_dim"]) * int(stated.get("num_attention_heads") or 0)]
    else:
        sizes = [int(stated.get(name) or 0) for name in (_INNER if layer in _NARROWED else _HIDDEN)]
    fitting = [size for size in sizes if size > 0 and elements % size == 0]
    require(bool(fitting))
    return fitting[0]


def _is_grouped(packed: PackedTensor) -> bool:
    return "shifts" in packed.parts


def _codes(packed: PackedTensor) -> TensorRecord:
    return packed.parts["codes"]


def exact_rows(packed: PackedTensor) -> ExactRows:
    """code · scale, or code · scale - shift; a shift of whole numbers is taken off before."""
    from .. import exact

    if not _is_grouped(packed):
        return exact.eight_bit_rows(packed) if _codes(packed).dtype in _FLOATS else exact.integer_rows(packed)
    scales, shifts = (exact.whole(packed.parts[part]).reshape(-1).astype("f8") for part in ("scales", "shifts"))
    whole, computed = packed.parts["shifts"].dtype == "I8", str(packed.settings["rounded"])

    def worth(codes: exact.Array, groups: exact.Indices) -> exact.Array:
        if whole:
            return exact.narrowed((codes - shifts[groups]) * scales[groups], computed)
        return exact.narrowed(exact.narrowed(codes * scales[groups], computed) - shifts[groups], computed)

    return exact.slotted_rows(packed, worth)


FORMAT = PackingFormat(find, exact_rows, part_names=re.compile(r"\.weight\._(data|scale|shift)$"), methods=("quanto",))
