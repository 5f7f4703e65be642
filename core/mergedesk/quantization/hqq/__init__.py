"""HQQ (Badri & Shaji 2023): (code - zero) · scale for groups of rows or columns, zero points being no whole numbers.

The weight is reshaped to (groups, size) or (size, groups) first, and that is cut into parts that share bytes. What it
needs to know lies beside it as tensors of its own: numbers, and texts as bytes.
"""

from __future__ import annotations

import math
import re
import struct

from ...checkpoints.checkpoint import Checkpoint, PackedTensor, Setting
from ...storage.safetensors_header import TensorRecord
from ..packing_format import ExactRows, PackingFormat, Records, read_state, require, require_dtypes, target_dtype

_SHAPES = {
    "8bit_u8": (8, 1, 1),
    "4bit_u8": (4, 2, 1),
    "3bit_32": (3, 10, 4),
    "2bit_u8": (2, 4, 1),
    "1bit_u8": (1, 8, 1),
}
_COMPUTED = {"torch.float16": "F16", "torch.bfloat16": "BF16", "torch.float32": "F32"}
_PARTS = {"scale": "scales", "zero": "zeros", "W_q": "codes"}
_STATE = (
    "nbits", "group_size", "shape", "axis", "packing", "unpack_view_dtype", "view_as_float", "quant_scale",
    "quant_zero", "compute_dtype", "offload_meta", "encoded_state_dict", "stores_quant_config", "channel_wise",
    "optimize", "round_zero",
)  # fmt: skip
_NUMBERS = {"I64": "q", "I32": "i", "U8": "B", "F32": "f", "BOOL": "?", "F64": "d"}


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """The codes ``W_q``, and all that lies beside them."""
    module = name.removesuffix(".W_q")
    if module == name:
        return None
    named = {part: records[f"{module}.{part}"] for part in _STATE if f"{module}.{part}" in records}
    parts = {role: records[f"{module}.{part}"] for part, role in _PARTS.items()}
    parts |= named
    shape = tuple(int(size) for size in _numbers(parts["shape"]))
    packing, axis = _text(parts["packing"]), int(_number(parts["axis"]))
    require(len(shape) == 2 and packing in _SHAPES and axis in (0, 1))
    require(not any(_number(parts[part]) for part in ("quant_scale", "quant_zero", "view_as_float") if part in parts))
    group = int(_number(parts["group_size"])) if "group_size" in parts else 0
    require_dtypes(parts["scales"].dtype == parts["zeros"].dtype and parts["scales"].dtype in _COMPUTED.values())
    settings = _layout(parts, (shape[0], shape[1]), packing, axis, group)
    computed = _COMPUTED.get(_text(parts["compute_dtype"]), "") if "compute_dtype" in parts else "F16"
    require_dtypes(parts["scales"].dtype == computed)
    dtype = target_dtype(checkpoint, computed)
    return PackedTensor(f"{module}.weight", dtype, shape, "hqq", parts, {**settings, "rounded": computed})


def _layout(
    parts: dict[str, TensorRecord], shape: tuple[int, int], packing: str, axis: int, group: int
) -> dict[str, Setting]:
    """How codes lie in their parts; checked against all stored shapes."""
    bits, slots, size = _SHAPES[packing]
    elements = math.prod(shape)
    require(elements > 0 and (not group or elements % group == 0))
    whole = (elements // group, group) if group and axis == 1 else (group, elements // group) if group else shape
    height = -(-whole[0] // slots)
    require(slots in (1, 10) or whole[0] % slots == 0)
    codes, scales, zeros = parts["codes"], parts["scales"], parts["zeros"]
    require(codes.shape == (height, whole[1]) and codes.dtype == ("I32" if size == 4 else "U8"))
    grid = (whole[0], 1) if axis == 1 else (1, whole[1])
    require(scales.shape == zeros.shape == grid)
    return {
        "bits": bits, "slots": slots, "slot_bytes": size, "slot_height": height, "slot_width": whole[1],
        "first_is_high": 1, "axis": axis,
    }  # fmt: skip


def _numbers(record: TensorRecord) -> tuple[float, ...]:
    return struct.unpack(f"<{record.elements}{_NUMBERS[record.dtype]}", read_state(record))


def _number(record: TensorRecord) -> float:
    require(record.elements == 1)
    return _numbers(record)[0]


def _text(record: TensorRecord) -> str:
    require(record.dtype == "U8")
    return read_state(record).decode("latin-1")


def exact_rows(packed: PackedTensor) -> ExactRows:
    """(code - zero) · scale, in the steps of the dtype that the library computes in."""
    from .. import exact

    computed = str(packed.settings["rounded"])
    scales, zeros = (exact.whole(packed.parts[part]).reshape(-1) for part in ("scales", "zeros"))

    def worth(codes: exact.Array, groups: exact.Indices) -> exact.Array:
        shifted = exact.narrowed(codes - zeros[groups].astype("f8"), computed)
        return exact.narrowed(shifted * scales[groups].astype("f8"), computed)

    return exact.slotted_rows(packed, worth)


FORMAT = PackingFormat(find, exact_rows, part_names=re.compile(r"\.W_q$"), methods=("hqq",))
