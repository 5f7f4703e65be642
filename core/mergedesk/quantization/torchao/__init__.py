"""torchao's tensors as safetensors hold them: codes, scales and zero points apart, what they are in the header.

Bytes and eight-bit floats are scaled by blocks; of four bits two share a byte, and groups have a scale and an offset.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...checkpoints.checkpoint import Checkpoint, PackedTensor, Setting
from ...domain.dtypes import DTYPES
from ...storage.bounded_json import parse_json
from ...storage.safetensors_header import TensorRecord
from ..grid import block_size
from ..packing_format import ExactRows, PackingFormat, Records, require, require_dtypes, target_dtype

_BYTES, _FLOATS, _HALVES = ("Int8Tensor", "IntxUnpackedToInt8Tensor"), ("Float8Tensor",), ("Int4Tensor",)
_CODES = "._weight_qdata"
_ROLES = {"qdata": "codes", "scale": "scales", "zero_point": "zeros"}
_RUN_TIME_ONLY = ("act_quant_scale", "act_quant_zero_point")


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """The codes of a tensor whose kind and parts the file's header tells."""
    module = name.removesuffix(_CODES)
    if module == name:
        return None
    said = _said_of(f"{module}.weight", records[name], checkpoint)
    kind, named = said["_type"], said["_tensor_data_names"]
    require(kind in (*_BYTES, *_FLOATS, *_HALVES) and set(named) <= {*_ROLES, *_RUN_TIME_ONLY})
    parts = {_ROLES.get(part, part): records[f"{module}._weight_{part}"] for part in named}
    codes, scales = parts["codes"], parts["scales"]
    require_dtypes(DTYPES[scales.dtype].floating)
    require(len(codes.shape) == 2)
    settings: dict[str, Setting] = {"kind": kind, "rounded": scales.dtype}
    shape = _halves(parts, settings) if kind in _HALVES else _blocks(parts, said["_data"], settings)
    dtype = target_dtype(checkpoint, scales.dtype)
    return PackedTensor(f"{module}.weight", dtype, shape, "torchao", parts, settings)


def _said_of(weight: str, record: TensorRecord, checkpoint: Checkpoint) -> Mapping[str, Any]:
    headers = (header for header in checkpoint.headers if record.name in header.tensors)
    found = parse_json(next(header.metadata for header in headers)[weight])
    require(isinstance(found, dict) and isinstance(found["_tensor_data_names"], list))
    return found if isinstance(found, dict) else {}


def _blocks(
    parts: Mapping[str, TensorRecord], said: Mapping[str, Any], settings: dict[str, Setting]
) -> tuple[int, ...]:
    """One scale for each block, and a zero point where it is not symmetric."""
    codes, scales, zeros = parts["codes"], parts["scales"], parts.get("zeros")
    require(codes.dtype == ("F8_E4M3" if settings["kind"] in _FLOATS else "I8"))
    require(zeros is None or (zeros.dtype == "I8" and zeros.shape == scales.shape))
    block = block_size(codes.shape, scales.shape)
    stated = said.get("block_size")
    require(stated is None or [min(pair) for pair in zip(stated, codes.shape, strict=True)] == [*block])
    settings |= {"block_rows": block[0], "block_columns": block[1]}
    return codes.shape


def _halves(parts: Mapping[str, TensorRecord], settings: dict[str, Setting]) -> tuple[int, ...]:
    """Scales and offsets are (groups, outputs)."""
    codes, scales, zeros = parts["codes"], parts["scales"], parts["zeros"]
    outputs, inputs = codes.shape[0], codes.shape[1] * 2
    require(codes.dtype in ("I8", "U8") and scales.shape == zeros.shape and scales.dtype == zeros.dtype)
    require(len(scales.shape) == 2 and scales.shape[1] == outputs and inputs % scales.shape[0] == 0)
    settings |= {"group": inputs // scales.shape[0], "rounded": "F32"}
    return outputs, inputs


def exact_rows(packed: PackedTensor) -> ExactRows:
    """(code - zero) · scale of its block; of four bits code · scale + offset of its group."""
    from .. import exact

    if packed.settings["kind"] in _FLOATS:
        return exact.eight_bit_rows(packed)
    return _half_rows(packed) if packed.settings["kind"] in _HALVES else exact.integer_rows(packed)


def _half_rows(packed: PackedTensor) -> ExactRows:
    import numpy as np

    from .. import exact

    half, groups = packed.width // 2, np.arange(packed.width) // packed.whole("group")
    scales, offsets = (exact.whole(packed.parts[part]).astype("f8").T for part in ("scales", "zeros"))

    def rows(begin: int, end: int) -> exact.Array:
        stored = exact.stored_bytes(packed.parts["codes"], begin * half, end * half).reshape(-1, half)
        codes = np.stack([stored & 15, stored >> 4], axis=-1).reshape(-1, packed.width).astype("f8")
        signed = np.where(codes > 7, codes - 16, codes)
        values: exact.Array = signed * scales[begin:end][:, groups] + offsets[begin:end][:, groups]
        return values

    return rows


FORMAT = PackingFormat(
    find,
    exact_rows,
    part_names=re.compile(r"\._weight_(qdata|scale|zero_point|act_quant_scale|act_quant_zero_point|act_pre_scale)$"),
    methods=("torchao",),
)
