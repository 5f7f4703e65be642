"""Whether a checkpoint's weights are quantised, and what its 16-bit original is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .safetensors_header import TensorRecord

_UNMERGEABLE = frozenset({"gptq", "awq", "aqlm", "hqq", "eetq", "quip", "vptq", "higgs", "spqr", "auto-round"})
_PACKED_SUFFIXES = (".absmax", ".SCB", ".qweight", ".qzeros", ".weight_scale_inv", "_blocks", ".quant_map")
_PACKED_DTYPES = frozenset({"I32", "U32", "U8", "I8", "F8_E4M3", "F8_E5M2", "F4", "F6_E2M3", "F6_E3M2"})
_QUANTISED_NAME = re.compile(
    r"[-_.](unsloth-)?(bnb-)?(4bit|8bit|int4|int8|nf4|fp8|fp4|mxfp4|nvfp4|gptq|awq|w4a16|w8a8|w8a16|eetq|hqq|aqlm|exl2|gguf)\b.*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantisation:
    """How weights are stored. ``bits`` is None where the config does not say."""

    method: str
    bits: int | None

    @property
    def mergeable_after_dequantising(self) -> bool:
        """False for formats whose packed weights PEFT itself refuses to merge into."""
        return self.method not in _UNMERGEABLE

    @property
    def label(self) -> str:
        """For example ``bitsandbytes 4-bit``."""
        return f"{self.method} {self.bits}-bit" if self.bits else self.method


def find_quantisation(config: Mapping[str, Any], tensors: Mapping[str, TensorRecord]) -> Quantisation | None:
    """How the weights are packed, by config and tensors; None where they are plain, whatever the config says."""
    named = any(name.endswith(_PACKED_SUFFIXES) or ".quant_state." in name for name in tensors)
    packed = any(len(record.shape) > 1 and record.dtype in _PACKED_DTYPES for record in tensors.values())
    if not named and not packed:
        return None
    return stated_quantisation(config) or Quantisation("packed", None)


def stated_quantisation(config: Mapping[str, Any]) -> Quantisation | None:
    """What the config says of quantisation, true or left over."""
    stated = config.get("quantization_config") or _nested(config)
    if not isinstance(stated, Mapping):
        return None
    return Quantisation(str(stated.get("quant_method") or _bitsandbytes_kind(stated)), _bits(stated))


def original_name(name: str) -> str | None:
    """The likely name of the 16-bit original: ``…-bnb-4bit`` and kin cut off; None if nothing to cut."""
    shorter = _QUANTISED_NAME.sub("", name)
    return shorter if shorter and shorter != name else None


def _nested(config: Mapping[str, Any]) -> Any:
    inner = config.get("text_config")
    return inner.get("quantization_config") if isinstance(inner, Mapping) else None


def _bitsandbytes_kind(stated: Mapping[str, Any]) -> str:
    return "bitsandbytes" if stated.get("load_in_4bit") or stated.get("load_in_8bit") else "unknown"


def _bits(stated: Mapping[str, Any]) -> int | None:
    if stated.get("load_in_4bit"):
        return 4
    if stated.get("load_in_8bit"):
        return 8
    bits = stated.get("bits") or stated.get("w_bit")
    return bits if isinstance(bits, int) else None
