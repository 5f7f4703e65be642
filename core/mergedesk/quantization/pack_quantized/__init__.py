"""compressed-tensors' ``pack-quantized``: integers of 1 to 8 bits, (code - zero) · scale for each group, row or tensor.

Each row's codes are one stream of bits in 32-bit words, each column's zero points too; both are stored without sign.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ...checkpoints.checkpoint import Checkpoint, PackedTensor, Setting
from ...storage.safetensors_header import TensorRecord
from ..packing_format import (
    ExactRows,
    PackingFormat,
    Quantization,
    Records,
    quantization_config,
    read_state,
    require,
    require_dtypes,
    target_dtype,
    undone_while_loading,
)

if TYPE_CHECKING:
    from ..exact import Array

METHOD = "compressed-tensors"
_CODES = ".weight_packed"
_PARTS = {"scales": "weight_scale", "shape": "weight_shape", "zeros": "weight_zero_point", "groups": "weight_g_idx"}
_FEW = 20_000  # tensors of a checkpoint, up to which every stored shape is read
_WHOLE = {"I64": "q", "I32": "i"}


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """A layer's words, with scales, shape, and zero points where it is not symmetric."""
    if not name.endswith(_CODES):
        return None
    module, codes = name.removesuffix(_CODES), records[name]
    if codes.dtype != "I32":
        return None
    beside = {role: records.get(f"{module}.{suffix}") for role, suffix in _PARTS.items()}
    needed = {role: records[f"{module}.{_PARTS[role]}"] for role in ("scales", "shape")}
    parts = {"codes": codes, **needed, **{role: part for role, part in beside.items() if part is not None}}
    scales, stated = parts["scales"], frozenset(_stated_bits(quantization_config(checkpoint.config) or {}))
    told = _told_by_headers(codes.shape, scales.shape, stated) if len(records) > _FEW else None
    shape = told or _shape(parts["shape"])
    bits = _bits(codes.shape, shape[1], stated)
    grid = _grid(scales, shape)
    settings: dict[str, Setting] = {"bits": bits, "scale_rows": grid[0], "groups": grid[1], "rounded": scales.dtype}
    if "zeros" in parts:
        settings["zeros_packed"] = int(_are_zeros_packed(parts["zeros"], bits, shape[0], grid))
    if "groups" in parts:
        require(parts["groups"].dtype in _WHOLE and parts["groups"].shape == (shape[1],))
    dtype = target_dtype(checkpoint, scales.dtype)
    return PackedTensor(f"{module}.weight", dtype, shape, "pack_quantized", parts, settings)


def _shape(record: TensorRecord) -> tuple[int, int]:
    require(record.shape == (2,))
    rows, width = struct.unpack(f"<2{_WHOLE[record.dtype]}", read_state(record))
    require(rows > 0 and width > 0)
    return rows, width


@lru_cache(maxsize=1024)
def _told_by_headers(codes: tuple[int, ...], scales: tuple[int, ...], bits: frozenset[int]) -> tuple[int, int] | None:
    """The shape that words and groups leave no choice of; None where they do.

    A stored shape is a read of its own, and a model of many experts would need a minute of them on a slow disk.
    """
    if len(codes) != 2 or len(scales) != 2 or len(bits) != 1 or not scales[1]:
        return None
    [size] = bits
    widest, narrowest = codes[1] * 32 // size, (codes[1] - 1) * 32 // size + 1
    whole = [width for width in range(narrowest, widest + 1) if width % scales[1] == 0]
    return (codes[0], whole[0]) if len(whole) == 1 and scales[1] > 1 and codes[0] else None


@lru_cache(maxsize=1024)
def _bits(codes: tuple[int, ...], width: int, stated: frozenset[int]) -> int:
    """The bits of a code, by how many words a row takes; for narrow rows, where several would do, as it is stated."""
    fitting = [bits for bits in range(1, 9) if codes[1:] == (-(-width * bits // 32),)]
    possible = [bits for bits in fitting if not stated or bits in stated]
    require(len(possible) == 1)
    return possible[0]


def _grid(scales: TensorRecord, shape: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns of the scales: one each for a group, a row, or the tensor."""
    require_dtypes(scales.dtype in ("F16", "BF16", "F32"))
    require(len(scales.shape) <= 2)
    rows, groups = ((*scales.shape, 1, 1)[:2]) if scales.shape else (1, 1)
    require(rows in (1, shape[0]) and groups > 0 and shape[1] % groups == 0)
    return rows, groups


def _are_zeros_packed(zeros: TensorRecord, bits: int, rows: int, grid: tuple[int, int]) -> bool:
    """Zero points are packed like codes, along rows; a tensor's only one is a signed byte."""
    if zeros.dtype == "I8":
        require(zeros.elements == grid[0] * grid[1])
        return False
    require(zeros.dtype == "I32" and zeros.shape == (-(-rows * bits // 32), grid[1]) and grid[0] == rows)
    return True


def _stated_bits(config: Mapping[str, Any]) -> set[int]:
    groups = config.get("config_groups")
    schemes = groups.values() if isinstance(groups, Mapping) else ()
    weights = [scheme.get("weights") for scheme in schemes if isinstance(scheme, Mapping)]
    whole = [args.get("num_bits") for args in weights if isinstance(args, Mapping) and args.get("type", "int") == "int"]
    return {bits for bits in whole if isinstance(bits, int)}


def _stated(config: Mapping[str, Any]) -> Quantization | None:
    bits = _stated_bits(config) if config.get("quant_method") == METHOD else set()
    return Quantization(METHOD, bits.pop()) if len(bits) == 1 else None


def exact_rows(packed: PackedTensor) -> ExactRows:
    """(code - zero) · scale; without zero points the middle of the codes stands for zero."""
    import numpy as np

    from .. import exact

    bits, width, codes = packed.whole("bits"), packed.width, packed.parts["codes"]
    scales = exact.whole(packed.parts["scales"]).astype(np.float64).reshape(packed.whole("scale_rows"), -1)
    zeros = _zeros(packed)
    stated = packed.parts.get("groups")
    groups = exact.whole(stated) if stated else np.arange(width) // (width // packed.whole("groups"))
    row_bytes = codes.nbytes // packed.rows

    def rows(begin: int, end: int) -> Array:
        words = exact.stored_bytes(codes, begin * row_bytes, end * row_bytes).view("<i4").reshape(end - begin, -1)
        of_rows = slice(begin, end) if len(scales) > 1 else slice(None)
        plain = exact.bit_fields(words, bits)[:, :width]
        values: Array = (plain - zeros[of_rows][:, groups]) * scales[of_rows][:, groups]
        return values

    return rows


def _zeros(packed: PackedTensor) -> Array:
    """As they are stored, without sign, in the rows and columns of the scales."""
    import numpy as np

    from .. import exact

    bits, rows, groups = packed.whole("bits"), packed.whole("scale_rows"), packed.whole("groups")
    record = packed.parts.get("zeros")
    if record is None:
        return np.full((rows, groups), 2.0 ** (bits - 1))
    stored = exact.whole(record)
    if not packed.whole("zeros_packed"):
        return np.asarray(stored.reshape(rows, groups) + 2.0 ** (bits - 1), dtype=np.float64)
    return exact.bit_fields(np.ascontiguousarray(stored.T), bits)[:, :rows].T


FORMAT = PackingFormat(
    find,
    exact_rows,
    part_names=re.compile(r"\.weight_packed$"),
    methods=(METHOD,),
    stated=_stated,
    script=undone_while_loading,
)
