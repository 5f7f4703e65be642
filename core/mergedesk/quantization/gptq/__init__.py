"""GPTQ (Frantar et al. 2022): (code - zero) · scale, the transposed weight packed in 32-bit words along inputs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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
    from ..exact import Array

_FORMS = (None, "gptq", "gptq_v2")


def find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """A layer of which the codes are as wide as its scales: AWQ's are packed along outputs."""
    parts = integer_layer(name, records)
    if parts is None or parts["codes"].shape[1] != parts["scales"].shape[1]:
        return None
    if (groups := records.get(f"{name.removesuffix('.qweight')}.g_idx")) is not None:
        parts["groups"] = groups
    stated = quantization_config(checkpoint.config) or {}
    form = stated.get("checkpoint_format") or stated.get("format")
    outputs = parts["scales"].shape[1]
    bits = parts["zeros"].shape[1] * 32 // outputs
    inputs = parts["codes"].shape[0] * 32 // max(bits, 1)
    require(form in _FORMS and bits in (2, 3, 4, 8) and stated.get("quant_method") in (None, "gptq"))
    require(parts["zeros"].shape[1] * 32 == bits * outputs and parts["codes"].shape[0] * 32 == bits * inputs)
    require(groups is None or (groups.dtype == "I32" and groups.shape == (inputs,)))
    group = int(stated.get("group_size") or -1)
    group = inputs if group < 1 else group
    require(groups is not None or -(-inputs // group) == parts["scales"].shape[0])
    settings: dict[str, Setting] = {"bits": bits, "zero_shift": int(form != "gptq_v2"), "group": group}
    dtype = target_dtype(checkpoint, parts["scales"].dtype)
    return PackedTensor(f"{name.removesuffix('.qweight')}.weight", dtype, (outputs, inputs), "gptq", parts, settings)


def exact_rows(packed: PackedTensor) -> ExactRows:
    """Each column of words is one stream of codes; the first form of the format stored each zero point less one."""
    import numpy as np

    from .. import exact

    bits, (outputs, inputs) = packed.whole("bits"), packed.shape
    words = exact.whole(packed.parts["codes"])
    zeros = exact.bit_fields(exact.whole(packed.parts["zeros"]), bits)[:, :outputs]
    zeros = (zeros + packed.whole("zero_shift")) % 2**bits
    scales = exact.whole(packed.parts["scales"]).astype(np.float64)
    stated = packed.parts.get("groups")
    groups = exact.whole(stated).astype(np.int64) if stated else np.arange(inputs) // packed.whole("group")

    def rows(begin: int, end: int) -> Array:
        codes = exact.bit_fields(np.ascontiguousarray(words[:, begin:end].T), bits)[:, :inputs]
        values: Array = (codes - zeros[groups, begin:end].T) * scales[groups, begin:end].T
        return values

    return rows


FORMAT = PackingFormat(find, exact_rows, part_names=re.compile(r"\.q(weight|zeros)$"), methods=("gptq",))
