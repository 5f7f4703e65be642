"""AWQ (Lin et al. 2023): (code - zero) · scale, the transposed weight packed along outputs, even ones first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...checkpoints.checkpoint import Checkpoint, PackedTensor, Setting
from ..packing_format import (
    ExactRows,
    PackingFormat,
    Records,
    integer_layer,
    quantization_config,
    require,
    target_dtype,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..exact import Array

_VERSIONS = (None, "gemm", "exllama", "ipex")
# What each group of four bits in a word belongs to.
_ORDER = (0, 2, 4, 6, 1, 3, 5, 7)


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """A layer of which the codes are narrower than its scales: GPTQ's are packed along inputs."""
    parts = integer_layer(name, records)
    if parts is None or parts["codes"].shape[1] == parts["scales"].shape[1]:
        return None
    stated = quantization_config(checkpoint.config) or {}
    version = stated.get("version")
    inputs, outputs = parts["codes"].shape[0], parts["scales"].shape[1]
    groups = parts["scales"].shape[0]
    require((str(version).lower() if version else None) in _VERSIONS)
    require(parts["codes"].shape[1] * 8 == outputs == parts["zeros"].shape[1] * 8 and inputs % groups == 0)
    size = stated.get("group_size", stated.get("q_group_size"))
    require(not isinstance(size, int) or size < 1 or size == inputs // groups)
    settings: dict[str, Setting] = {"group": inputs // groups}
    dtype = target_dtype(checkpoint, parts["scales"].dtype)
    return PackedTensor(f"{name.removesuffix('.qweight')}.weight", dtype, (outputs, inputs), "awq", parts, settings)


def exact_rows(packed: PackedTensor) -> ExactRows:
    """Each word holds four bits of each of eight outputs."""
    import numpy as np

    from .. import exact

    words, inputs = exact.whole(packed.parts["codes"]), packed.width
    zeros = _fields(exact.whole(packed.parts["zeros"]))
    scales = exact.whole(packed.parts["scales"]).astype(np.float64)
    groups = np.arange(inputs) // packed.whole("group")

    def rows(begin: int, end: int) -> Array:
        first, last = begin // 8, -(-end // 8)
        codes = _fields(words[:, first:last])[:, begin - first * 8 : end - first * 8]
        values: Array = ((codes - zeros[groups, begin:end]) * scales[groups, begin:end]).T
        return values

    return rows


def _fields(words: npt.NDArray[Any]) -> Array:
    import numpy as np

    from .. import exact

    fields = exact.bit_fields(np.ascontiguousarray(words), 4).reshape(len(words), -1, 8)
    ordered = np.empty_like(fields)
    ordered[:, :, _ORDER] = fields
    return ordered.reshape(len(words), -1)


FORMAT = PackingFormat(find, exact_rows, part_names=re.compile(r"\.q(weight|zeros)$"), methods=("awq",))
