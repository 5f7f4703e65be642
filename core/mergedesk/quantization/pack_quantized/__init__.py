"""compressed-tensors' ``pack-quantized``: integers of 1 to 8 bits, (code - zero) · scale for each group, row or tensor.

Each row's codes are one stream of bits in 32-bit words, each column's zero points too; both are stored without sign.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Mapping
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ...checkpoints.checkpoint import Checkpoint, PackedTensor, Setting
from ...storage.open_files import OpenFiles
from ...storage.safetensors_header import TensorRecord
from ..packing_format import (
    Cells,
    ExactRows,
    Find,
    PackingFormat,
    Quantization,
    Records,
    Repacks,
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
_ODD = {"zeros": "weight_zero_point", "groups": "weight_g_idx"}
_ODD_ENDS = tuple(f".{part}" for part in _ODD.values())
_FEW = 20_000  # tensors of a checkpoint, up to which every stored shape is read
_WHOLE = {"I64": "q", "I32": "i"}


class _Kind(NamedTuple):
    """All that a part says without being read."""

    dtype: str
    shape: tuple[int, ...]


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """A layer's words, with scales, shape, and zero points where it is not symmetric."""
    return prepare(records, checkpoint)(name)


def prepare(records: Records, checkpoint: Checkpoint) -> Find:
    """``find`` for the thousands of experts of one checkpoint."""
    bits = frozenset(_stated_bits(quantization_config(checkpoint.config) or {}))
    target = cache(partial(target_dtype, checkpoint))
    is_wide, is_odd = len(records) > _FEW, any(name.endswith(_ODD_ENDS) for name in records)

    def of(name: str) -> PackedTensor | None:
        if not name.endswith(_CODES) or records[name].dtype != "I32":
            return None
        module = name.removesuffix(_CODES)
        codes, scales, stored = records[name], records[f"{module}.weight_scale"], records[f"{module}.weight_shape"]
        parts = {"codes": codes, "scales": scales, "shape": stored}
        if is_odd:
            parts |= _odd_parts(records, module)
        told = _told_by_headers(codes.shape, scales.shape, bits) if is_wide else None
        shape = told or _shape(stored)
        kinds = _Kind(codes.dtype, codes.shape), _Kind(scales.dtype, scales.shape)
        settings = _settings(shape, bits, *kinds, _kind(parts.get("zeros")), _kind(parts.get("groups")))
        return PackedTensor(f"{module}.weight", target(scales.dtype), shape, "pack_quantized", parts, settings)

    return of


def _odd_parts(records: Records, module: str) -> dict[str, TensorRecord]:
    """Zero points and groups, which most checkpoints have none of."""
    stored = {role: records.get(f"{module}.{part}") for role, part in _ODD.items()}
    return {role: part for role, part in stored.items() if part is not None}


def _kind(part: TensorRecord | None) -> _Kind | None:
    return None if part is None else _Kind(part.dtype, part.shape)


@lru_cache(maxsize=1024)
def _settings(
    shape: tuple[int, int],
    stated: frozenset[int],
    codes: _Kind,
    scales: _Kind,
    zeros: _Kind | None,
    groups: _Kind | None,
) -> Mapping[str, Setting]:
    """What parts of these dtypes and shapes say: the same for all of the thousands of experts. Raises Unreadable."""
    require(codes.shape[0] == shape[0])
    bits = _bits(codes.shape, shape[1], stated)
    grid = _grid(scales, shape)
    settings: dict[str, Setting] = {"bits": bits, "scale_rows": grid[0], "groups": grid[1], "rounded": scales.dtype}
    if zeros is not None:
        settings["zeros_packed"] = int(_are_zeros_packed(zeros, bits, shape[0], grid))
    if groups is not None:
        require(groups.dtype in _WHOLE and groups.shape == (shape[1],))
    return settings


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


def _grid(scales: _Kind, shape: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns of the scales: one each for a group, a row, or the tensor."""
    require_dtypes(scales.dtype in ("F16", "BF16", "F32"))
    require(len(scales.shape) <= 2)
    rows, groups = ((*scales.shape, 1, 1)[:2]) if scales.shape else (1, 1)
    require(rows in (1, shape[0]) and groups > 0 and shape[1] % groups == 0)
    return rows, groups


def _are_zeros_packed(zeros: _Kind, bits: int, rows: int, grid: tuple[int, int]) -> bool:
    """Zero points are packed like codes, along rows; a tensor's only one is a signed byte."""
    if zeros.dtype == "I8":
        require(math.prod(zeros.shape) == grid[0] * grid[1])
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

    read = _codes_zeros_scales(packed)

    def rows(begin: int, end: int) -> Array:
        codes, zeros, scales = read(begin, end)
        return np.asarray((codes - zeros) * scales)

    return rows


def cells(packed: PackedTensor, files: OpenFiles) -> Cells:
    """Half a step to either side of each code."""
    from .. import exact

    read, most = _codes_zeros_scales(packed, files), 2.0 ** packed.whole("bits") - 1
    return lambda begin, end: exact.cells_between(*read(begin, end), 0, most)


def _codes_zeros_scales(
    packed: PackedTensor, files: OpenFiles | None = None
) -> Callable[[int, int], tuple[Array, Array, Array]]:
    """Of rows ``begin`` to ``end``, each (rows, width); codes and zero points without sign."""
    import numpy as np

    from .. import exact

    bits, width, codes = packed.whole("bits"), packed.width, packed.parts["codes"]
    scales = exact.whole(packed.parts["scales"]).astype(np.float64).reshape(packed.whole("scale_rows"), -1)
    zeros = _zeros(packed)
    stated = packed.parts.get("groups")
    groups, length = (exact.whole(stated) if stated else None), width // packed.whole("groups")
    row_bytes = codes.nbytes // packed.rows

    def beside(side: Array, begin: int, end: int) -> Array:
        rows = side[begin:end] if len(side) > 1 else side
        return exact.of_columns(rows, width, length) if groups is None or side.size == 1 else rows[:, groups]

    def read(begin: int, end: int) -> tuple[Array, Array, Array]:
        stored = exact.stored_bytes(codes, begin * row_bytes, end * row_bytes, files)
        fields = exact.bit_fields(stored.view("<i4").reshape(end - begin, -1), bits)[:, :width]
        return fields, beside(zeros, begin, end), beside(scales, begin, end)

    return read


def repacks(packed: PackedTensor) -> Repacks | None:
    """Words and scales by rows, zero points by as many rows as fill words; or words alone, and one scale for all."""
    bits, scales, zeros = packed.whole("bits"), packed.parts["scales"], packed.parts.get("zeros")
    row = packed.parts["codes"].nbytes // packed.rows
    if packed.whole("scale_rows") == packed.rows > 1 or (packed.rows == 1 and packed.whole("groups") > 1):
        if zeros is not None and not packed.whole("zeros_packed"):
            return None
        unit = 1 if zeros is None else 32 // math.gcd(bits, 32)
        sizes = {"codes": row * unit, "scales": scales.nbytes // packed.rows * unit}
        return Repacks(
            unit, sizes if zeros is None else {**sizes, "zeros": unit * bits // 32 * packed.whole("groups") * 4}
        )
    if packed.whole("groups") > 1 or "groups" in packed.parts or (zeros is not None and packed.whole("zeros_packed")):
        return None
    return Repacks(1, {"codes": row}, ("scales", "zeros") if zeros is not None else ("scales",))


def _zeros(packed: PackedTensor) -> Array:
    """As they are stored, without sign, in the rows and columns of the scales."""
    import numpy as np

    from .. import exact

    bits, rows, groups = packed.whole("bits"), packed.whole("scale_rows"), packed.whole("groups")
    record = packed.parts.get("zeros")
    if record is None:
        return np.full((1, 1), 2.0 ** (bits - 1))
    stored = exact.whole(record)
    if not packed.whole("zeros_packed"):
        return np.asarray(stored.reshape(rows, groups) + 2.0 ** (bits - 1), dtype=np.float64)
    return exact.bit_fields(np.ascontiguousarray(stored.T), bits)[:, :rows].T


FORMAT = PackingFormat(
    find,
    exact_rows,
    prepare=prepare,
    part_names=re.compile(r"\.weight_packed$"),
    methods=(METHOD,),
    stated=_stated,
    script=undone_while_loading,
    repacks=repacks,
    cells=cells,
)
