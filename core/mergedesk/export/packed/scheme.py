"""The packed forms that servers load, as data: which format holds their weights, and what a config says of them.

All are compressed-tensors': vLLM and SGLang read them, transformers does with that library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_METHOD = "compressed-tensors"
_WORD_BITS = 32


class PackedForm(StrEnum):
    """What a model may be packed as."""

    FP8 = "fp8"
    INT8 = "int8"
    INT4 = "int4"


class Scales(StrEnum):
    """What shares a scale: a row of the weight, a square block of it, or a group within a row."""

    CHANNEL = "channel"
    BLOCK = "block"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Part:
    """One stored tensor of a packed weight; ``name`` is beneath its module, ``value`` what is known beforehand."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    value: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to pack: ``size`` is the side of a block, or the length of a group."""

    form: PackedForm
    scales: Scales
    size: int = 0

    def fits(self, shape: Sequence[int]) -> bool:
        """Whether a weight can be packed so: the groups of a row are whole, and so are its words.

        Of blocks they are too: inputs are rounded in groups as long as a block is wide.
        """
        if len(shape) != 2 or 0 in shape:
            return False
        return self.scales is Scales.CHANNEL or shape[1] % self.size == 0

    def parts(self, dtype: str, shape: tuple[int, int]) -> tuple[Part, ...]:
        """What is stored of a weight, the packed values first; scales are of the weight's own ``dtype``."""
        rows, width = shape
        scales = Part("weight_scale", dtype, self._grid(rows, width))
        if self.form is PackedForm.INT4:
            words = Part("weight_packed", "I32", (rows, width * self.bits // _WORD_BITS))
            return words, scales, Part("weight_shape", "I64", (2,), shape)
        return Part("weight", "F8_E4M3" if self.form is PackedForm.FP8 else "I8", shape), scales

    def _grid(self, rows: int, width: int) -> tuple[int, int]:
        if self.scales is Scales.CHANNEL:
            return rows, 1
        down = self.size if self.scales is Scales.BLOCK else 1
        return -(-rows // down), -(-width // self.size)

    @property
    def bits(self) -> int:
        """Of one code."""
        return 4 if self.form is PackedForm.INT4 else 8

    def config(self, plain: Sequence[str]) -> dict[str, Any]:
        """``quantization_config``; ``plain`` are the modules that are not packed."""
        return {
            "quant_method": _METHOD,
            "format": {
                PackedForm.FP8: "float-quantized",
                PackedForm.INT8: "int-quantized",
                PackedForm.INT4: "pack-quantized",
            }[self.form],
            "quantization_status": "compressed",
            "config_groups": {
                "group_0": {"targets": ["Linear"], "weights": self._weights(), "input_activations": self._activations()}
            },
            "ignore": list(plain),
            "kv_cache_scheme": None,
            "global_compression_ratio": None,
        }

    def _weights(self) -> dict[str, Any]:
        said = self._numbers() | {"num_bits": self.bits, "strategy": str(self.scales), "dynamic": False}
        if self.scales is Scales.BLOCK:
            said["block_structure"] = [self.size, self.size]
        if self.scales is Scales.GROUP:
            said["group_size"] = self.size
        return said

    def _activations(self) -> dict[str, Any] | None:
        """Eight-bit weights are multiplied by eight-bit inputs, which the server rounds as it runs."""
        if self.form is PackedForm.INT4:
            return None
        said = self._numbers() | {"num_bits": 8, "dynamic": True}
        if self.scales is Scales.BLOCK:
            return said | {"strategy": "group", "group_size": self.size}
        return said | {"strategy": "token"}

    def _numbers(self) -> dict[str, Any]:
        return {"type": "float" if self.form is PackedForm.FP8 else "int", "symmetric": True}


SHORT_GROUPS = Scheme(PackedForm.INT4, Scales.GROUP, 32)
SCHEMES: Mapping[str, Scheme] = {
    "fp8": Scheme(PackedForm.FP8, Scales.CHANNEL),
    "fp8-block": Scheme(PackedForm.FP8, Scales.BLOCK, 128),
    "int8": Scheme(PackedForm.INT8, Scales.CHANNEL),
    "int4": Scheme(PackedForm.INT4, Scales.GROUP, 128),
    "int4-32": SHORT_GROUPS,
}


class GroupSize(StrEnum):
    """How many values share a scale in int4, as it may be asked for."""

    SMALL = "32"
    LARGE = "128"


class ScaleGrid(StrEnum):
    """What shares a scale in fp8, as it may be asked for."""

    CHANNEL = "channel"
    BLOCK = "block"


def scheme_name(form: PackedForm, group_size: GroupSize, scales: ScaleGrid) -> str:
    """The one of ``SCHEMES`` that is meant."""
    if form is PackedForm.FP8 and scales is ScaleGrid.BLOCK:
        return "fp8-block"
    return "int4-32" if form is PackedForm.INT4 and group_size is GroupSize.SMALL else form.value
