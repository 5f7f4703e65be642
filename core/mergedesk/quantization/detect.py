"""Whether a checkpoint's weights are quantised, and what its 16-bit original is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..checkpoints.checkpoint import PackedTensor, StoredTensor
from .packing_format import Quantization, ScriptLines, quantization_config
from .registry import FORMATS

# Dtypes that no library keeps plain matrices in, whatever packed them.
_PACKED_DTYPES = frozenset({"I32", "U32", "U8", "I8", "F4", "F6_E2M3", "F6_E3M2"})
# How repositories of quantised models are named after that of their original.
_QUANTIZED_NAME = re.compile(
    r"[-_.](unsloth-)?(bnb-)?(4bit|8bit|int4|int8|nf4|fp8|fp4|mxfp4|nvfp4|gptq|awq|w4a16|w8a8|w8a16|eetq|hqq|aqlm|exl2|gguf)\b.*$",
    re.IGNORECASE,
)


def find_quantization(config: Mapping[str, Any], tensors: Mapping[str, StoredTensor]) -> Quantization | None:
    """How the weights are packed, by config and tensors; None where they are plain, whatever the config says."""
    packed = [tensor for tensor in tensors.values() if looks_packed(tensor)]
    if not packed:
        return None
    dtypes = {tensor.dtype for tensor in packed}
    by_dtypes = next((name for name, known in FORMATS.items() if dtypes <= known.dtypes), "packed")
    return stated_quantization(config) or Quantization(by_dtypes, None)


def looks_packed(tensor: StoredTensor) -> bool:
    """Whether a stored tensor is a packed weight or belongs to one."""
    if isinstance(tensor, PackedTensor):
        return True
    if any(known.part_names and known.part_names.search(tensor.name) for known in FORMATS.values()):
        return True
    its_own = any(tensor.dtype in known.dtypes for known in FORMATS.values())
    return len(tensor.shape) > 1 and (its_own or tensor.dtype in _PACKED_DTYPES)


def stated_quantization(config: Mapping[str, Any]) -> Quantization | None:
    """What the config says of quantisation, true or left over."""
    stated = quantization_config(config)
    if stated is None:
        return None
    bits = stated.get("bits") or stated.get("w_bit")
    generally = Quantization(str(stated.get("quant_method") or "unknown"), bits if isinstance(bits, int) else None)
    by_format = (known.stated(stated) for known in FORMATS.values())
    return next((told for told in by_format if told is not None), generally)


def script_lines(label: str, folder: str) -> ScriptLines | None:
    """How a script of transformers' gets plain weights from a folder of that quantisation; None where it cannot."""
    method = label.partition(" ")[0]
    known = next((one for one in FORMATS.values() if one.script and method in one.methods), None)
    return known.script(folder) if known and known.script else None


def original_name(name: str) -> str | None:
    """The likely name of the 16-bit original: ``…-bnb-4bit`` and kin cut off; None if nothing to cut."""
    shorter = _QUANTIZED_NAME.sub("", name)
    return shorter if shorter and shorter != name else None
