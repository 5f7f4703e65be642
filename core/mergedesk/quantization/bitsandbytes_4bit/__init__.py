"""bitsandbytes NF4 and FP4: four-bit codes with a scale for each block of values (QLoRA, Dettmers et al. 2023, 3).

What is no tensor is kept as JSON in a tensor of bytes (``QuantState.as_dict``). Blocks run over rows' ends.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import partial
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from ...checkpoints.checkpoint import Checkpoint, PackedTensor, Setting
from ...domain.dtypes import BY_TORCH_NAME
from ...storage.bounded_json import parse_json
from ..packing_format import (
    ExactRows,
    PackingFormat,
    Quantization,
    Records,
    Rounding,
    read_state,
    require,
    require_dtypes,
    target_dtype,
    undone_afterwards,
)

if TYPE_CHECKING:
    from ..exact import Array

_STATE_MARK = ".quant_state.bitsandbytes__"
_BLOCKS = (64, 128, 256, 32)
_EDGE = 0.9677083
_FP4 = (0.0, 0.0052083333, 0.66666667, 1.0, 0.33333333, 0.5, 0.16666667, 0.25)


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """The weight that a state lies beside; only the state is read."""
    states = [records[key] for kind in ("nf4", "fp4") if (key := f"{name}{_STATE_MARK}{kind}") in records]
    if not states:
        return None
    state = parse_json(read_state(states[0]).decode())
    require(isinstance(state, dict))
    stated = BY_TORCH_NAME[state["dtype"]]
    require(stated.floating and stated.bits <= 32)
    shape = tuple(int(size) for size in state["shape"])
    require(bool(shape) and min(shape) > 0)
    block, nested = int(state["blocksize"]), f"{name}.nested_absmax" in records
    settings: dict[str, Setting] = {"block": block, "rounded": stated.name}
    parts = {
        "codes": records[name],
        "scales": records[f"{name}.absmax"],
        "book": records[f"{name}.quant_map"],
        "state": states[0],
    }
    if nested:
        settings |= {"nested_block": int(state["nested_blocksize"]), "offset": float(state["nested_offset"])}
        parts |= {"nested": records[f"{name}.nested_absmax"], "nested_book": records[f"{name}.nested_quant_map"]}
    blocks = -(-math.prod(shape) // block)
    require(parts["codes"].nbytes == (math.prod(shape) + 1) // 2 and parts["scales"].elements == blocks)
    require_dtypes(parts["scales"].dtype == ("U8" if nested else "F32"))
    require(parts["book"].shape == (16,))
    return PackedTensor(name, target_dtype(checkpoint, stated.name), shape, "bitsandbytes_4bit", parts, settings)


def _stated(config: Mapping[str, Any]) -> Quantization | None:
    return Quantization(str(config.get("quant_method") or "bitsandbytes"), 4) if config.get("load_in_4bit") else None


def exact_rows(packed: PackedTensor) -> ExactRows:
    """book[code] · scale; the first of two codes is in the upper half of a byte."""
    import numpy as np

    from .. import exact

    block, codes = packed.whole("block"), packed.parts["codes"]
    book = exact.whole(packed.parts["book"]).astype(np.float64)
    scales = _scales(packed)

    def rows(begin: int, end: int) -> Array:
        first, last = begin * packed.width, end * packed.width
        stored = exact.stored_bytes(codes, first // 2, (last + 1) // 2)
        places = np.arange(first, last)
        halves = stored[places // 2 - first // 2] >> np.where(places % 2 == 0, 4, 0).astype(np.uint8)
        values: Array = book[halves & 15] * scales[places // block]
        return values.reshape(end - begin, packed.width)

    return rows


def _scales(packed: PackedTensor) -> Array:
    """One scale for each block. Doubly quantised ones are by definition what float32 makes of code, scale, offset."""
    import numpy as np

    from .. import exact

    stored = exact.whole(packed.parts["scales"]).reshape(-1)
    if "nested" not in packed.parts:
        return stored.astype(np.float64)
    book, nested = exact.whole(packed.parts["nested_book"]), exact.whole(packed.parts["nested"])
    blocks = np.arange(stored.size) // packed.whole("nested_block")
    plain = book[stored.astype(np.int64)] * nested[blocks] + np.float32(packed.settings["offset"])
    return np.asarray(plain, dtype=np.float64)


def _roundings() -> Iterator[tuple[str, Rounding]]:
    import numpy as np

    from .. import exact

    for name, book in (("NF4", _nf4()), ("FP4", np.array([*_FP4, *(-value for value in _FP4)]))):
        for block in _BLOCKS:
            yield f"4-bit ({name})", partial(exact.rounded_by_book, book=book, block=block)


def _nf4() -> Array:
    """Quantiles of a normal distribution, 8 above zero and 7 below it, scaled to ±1."""
    import numpy as np

    quantile = NormalDist().inv_cdf
    above = [quantile(_EDGE + (0.5 - _EDGE) * step / 8) for step in range(8)]
    below = [-quantile(_EDGE + (0.5 - _EDGE) * step / 7) for step in range(7)]
    return np.array([*above, 0.0, *below]) / above[0]


FORMAT = PackingFormat(
    find,
    exact_rows,
    part_names=re.compile(r"\.(absmax|quant_map)$|\.quant_state\."),
    methods=("bitsandbytes",),
    stated=_stated,
    script=undone_afterwards,
    roundings=_roundings,
)
