"""Weights whose scales lie in a grid: one for each block of rows and columns. Found by names and shapes; no torch."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..checkpoints.checkpoint import Checkpoint, PackedTensor, Setting
from ..domain.dtypes import DTYPES
from ..storage.safetensors_header import TensorRecord
from .packing_format import Records, Repacks, quantization_config, require, require_dtypes, target_dtype

Block = tuple[int, int]
# Elements of rows that only go together.
_MOST_HELD = 1 << 23
_SCALE_DTYPES = frozenset({"F32", "F16", "BF16", "U8", "F8_E8M0"})


def method_of(checkpoint: Checkpoint) -> str:
    """What the config calls the packing, empty where it does not."""
    return str((quantization_config(checkpoint.config) or {}).get("quant_method") or "")


def block_size(shape: Sequence[int], scales: Sequence[int], stated: Sequence[Block] = ()) -> Block:
    """Rows and columns of the weight that share one scale. A grid that does not divide evenly needs a stated block.

    Raises Unreadable where they do not go together.
    """
    rows, columns = (shape[-2] if len(shape) > 1 else 1), shape[-1]
    if math.prod(scales) == 1:
        return rows, columns
    if len(scales) == 2 * len(shape) and set(scales[1::2]) == {1}:
        scales = scales[::2]  # a dimension of one within each block
    if len(scales) == 1:
        scales = (*scales, 1)
    require(len(scales) >= 2 and math.prod(scales[:-2]) in (1, math.prod(shape[:-2])))
    down, across = scales[-2:]
    for tall, wide in stated:
        if (-(-rows // tall), -(-columns // wide)) == (down, across):
            return tall, wide
    require(not stated or down == rows)  # where blocks are stated, only groups within rows are of another size
    require(down > 0 and across > 0 and rows % down == 0 and columns % across == 0)
    return rows // down, columns // across


def stated_blocks(config: Mapping[str, Any]) -> list[Block]:
    """Every size of blocks that a config states."""
    stated = quantization_config(config) or {}
    groups = stated.get("config_groups")
    schemes = list(groups.values()) if isinstance(groups, Mapping) else []
    weights = [scheme.get("weights") for scheme in schemes if isinstance(scheme, Mapping)]
    blocks = [stated.get("weight_block_size"), *(one.get("block_structure") for one in weights if one)]
    return [(int(block[0]), int(block[1])) for block in blocks if isinstance(block, list) and len(block) == 2]


def stated_groups(config: Mapping[str, Any]) -> frozenset[int]:
    """The sizes of groups within rows that a config states; empty where it may mean other blocks than groups too."""
    stated = quantization_config(config) or {}
    groups = stated.get("config_groups")
    schemes = list(groups.values()) if isinstance(groups, Mapping) else []
    stated_weights = [scheme.get("weights") for scheme in schemes if isinstance(scheme, Mapping)]
    weights = [scheme for scheme in stated_weights if isinstance(scheme, Mapping)]
    in_groups = all(scheme.get("strategy") in ("group", "tensor_group") for scheme in weights)
    sizes = {scheme.get("group_size") for scheme in weights}
    whole = frozenset(size for size in sizes if isinstance(size, int) and size > 0)
    return whole if in_groups and len(whole) == len(sizes) else frozenset()


def is_in_groups_of(packed: PackedTensor, sizes: frozenset[int]) -> bool:
    """Whether its scales are of groups of one of these sizes; so are all where none is stated."""
    if not sizes:
        return True
    if "groups" in packed.settings:
        return packed.width // packed.whole("groups") in sizes
    return "block_columns" not in packed.settings or packed.whole("block_columns") in sizes


def eight_bit_floats(
    name: str, codes: TensorRecord, scales: TensorRecord, checkpoint: Checkpoint, packing: str, rounded: bool = False
) -> PackedTensor:
    """A weight of eight-bit floats. ``rounded``: its library rounds to the scales' dtype first.

    Raises Unreadable where it does not go together with its scales.
    """
    require_dtypes(scales.dtype in _SCALE_DTYPES)
    require(scales.name != name and bool(codes.shape))
    own = scales.dtype if scales.dtype in ("F16", "BF16") else None
    block = block_size(codes.shape, scales.shape, stated_blocks(checkpoint.config))
    settings: dict[str, Setting] = {"block_rows": block[0], "block_columns": block[1]}
    if rounded and DTYPES[scales.dtype].floating:
        settings["rounded"] = scales.dtype
    parts = {"codes": codes, "scales": scales}
    return PackedTensor(name, target_dtype(checkpoint, own), codes.shape, packing, parts, settings)


def four_bit_floats(
    name: str, parts: Mapping[str, TensorRecord], group: int, checkpoint: Checkpoint, packing: str
) -> PackedTensor:
    """A weight of four-bit floats, two in a byte along inputs. Parts: codes, scales, and one overall scale or none.

    Raises Unreadable where they do not go together.
    """
    codes, scales = parts["codes"], parts["scales"]
    shape = (*codes.shape[:-1], codes.shape[-1] * 2)
    require(codes.dtype == "U8" and len(shape) > 1 and scales.shape == (*shape[:-1], shape[-1] // group))
    require(shape[-1] % group == 0 and all(part.elements == 1 for role, part in parts.items() if role == "overall"))
    settings: dict[str, Setting] = {"block_rows": 1, "block_columns": group}
    return PackedTensor(name, target_dtype(checkpoint, None), shape, packing, parts, settings)


def repacks_in_grid(packed: PackedTensor, *roles: str) -> Repacks | None:
    """Codes by rows, and ``roles`` of the grid: one for each block, or one for the whole weight.

    None where blocks run over matrices' ends, or are too large to be held.
    """
    height, grid = packed.whole("block_rows"), packed.parts[roles[0]]
    row = packed.parts["codes"].nbytes // packed.rows
    if grid.elements == 1 and packed.rows * packed.width > packed.whole("block_columns"):
        return Repacks(1, {"codes": row}, roles)
    matrix = packed.shape[-2] if len(packed.shape) > 1 else 1
    across = -(-packed.width // packed.whole("block_columns"))
    whole = grid.elements == -(-packed.rows // height) * across
    if not whole or (matrix != packed.rows and matrix % height) or height * packed.width > _MOST_HELD:
        return None
    sizes = {role: across * packed.parts[role].nbytes // grid.elements for role in roles}
    return Repacks(height, {"codes": row * height, **sizes})


def with_overall(found: Repacks | None) -> Repacks | None:
    """The same with a scale that the whole weight shares besides."""
    return None if found is None else replace(found, overall=("overall",))


def beside(records: Records, module: str, **names: str) -> Iterator[tuple[str, TensorRecord]]:
    """Role and record of those parts that are stored."""
    found = ((role, records.get(f"{module}.{name}")) for role, name in names.items())
    return ((role, record) for role, record in found if record is not None)
