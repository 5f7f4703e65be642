"""Whether a checkpoint's weights are quantised, and what its 16-bit original is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..checkpoints.packed_tensor import PackedTensor, StoredTensor

_PACKED_SUFFIXES = (".absmax", ".SCB", ".qweight", ".qzeros", ".weight_scale_inv", "_blocks", ".quant_map")
_PACKED_DTYPES = frozenset({"I32", "U32", "U8", "I8", "F8_E4M3", "F8_E5M2", "F4", "F6_E2M3", "F6_E3M2"})
_FLOAT8 = frozenset({"F8_E4M3", "F8_E5M2"})
_QUANTIZED_NAME = re.compile(
    r"[-_.](unsloth-)?(bnb-)?(4bit|8bit|int4|int8|nf4|fp8|fp4|mxfp4|nvfp4|gptq|awq|w4a16|w8a8|w8a16|eetq|hqq|aqlm|exl2|gguf)\b.*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantization:
    """How weights are stored. ``bits`` is None where the config does not say."""

    method: str
    bits: int | None

    @property
    def label(self) -> str:
        """For example ``bitsandbytes 4-bit``."""
        return f"{self.method} {self.bits}-bit" if self.bits else self.method


def find_quantization(config: Mapping[str, Any], tensors: Mapping[str, StoredTensor]) -> Quantization | None:
    """How the weights are packed, by config and tensors; None where they are plain, whatever the config says."""
    packed = [one for one in tensors.values() if looks_packed(one)]
    if not packed:
        return None
    plain_float8 = all(one.dtype in _FLOAT8 for one in packed)
    return stated_quantization(config) or Quantization("float8" if plain_float8 else "packed", None)


def looks_packed(tensor: StoredTensor) -> bool:
    """Whether a stored tensor is a packed weight or belongs to one."""
    if isinstance(tensor, PackedTensor) or tensor.name.endswith(_PACKED_SUFFIXES) or ".quant_state." in tensor.name:
        return True
    return len(tensor.shape) > 1 and tensor.dtype in _PACKED_DTYPES


def stated_quantization(config: Mapping[str, Any]) -> Quantization | None:
    """What the config says of quantisation, true or left over."""
    stated = quantization_config(config)
    if stated is None:
        return None
    return Quantization(str(stated.get("quant_method") or _bitsandbytes_kind(stated)), _bits(stated))


def quantization_config(config: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The config's own words on quantisation, from a nested text config where they are there."""
    inner = config.get("text_config")
    nested = inner.get("quantization_config") if isinstance(inner, Mapping) else None
    stated = config.get("quantization_config") or config.get("compression_config") or nested
    return stated if isinstance(stated, Mapping) else None


def original_name(name: str) -> str | None:
    """The likely name of the 16-bit original: ``…-bnb-4bit`` and kin cut off; None if nothing to cut."""
    shorter = _QUANTIZED_NAME.sub("", name)
    return shorter if shorter and shorter != name else None


def _bitsandbytes_kind(stated: Mapping[str, Any]) -> str:
    return "bitsandbytes" if stated.get("load_in_4bit") or stated.get("load_in_8bit") else "unknown"


def _bits(stated: Mapping[str, Any]) -> int | None:
    if stated.get("load_in_4bit"):
        return 4
    if stated.get("load_in_8bit"):
        return 8
    bits = stated.get("bits") or stated.get("w_bit")
    return bits if isinstance(bits, int) else None
