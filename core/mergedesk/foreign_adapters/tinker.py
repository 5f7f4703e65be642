"""tinker: PEFT's files, with its own names for experts, which lie stacked, and for the head.

Experts' ``w1``, ``w3`` and ``w2`` are gate, up and down; A is (experts, r, inputs), B (experts, outputs, r), and one
that all experts share has a single matrix. Source: ``tinker_cookbook.weights``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from msgspec import structs

from ..checkpoints.adapter import Adapter
from ..checkpoints.adapter_keys import PEFT_PREFIX
from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code
from ..storage.safetensors_header import TensorRecord
from .interleaved_experts import ONE_EXPERT, config_of, whole_pairs
from .origin import Origin
from .peft_form import odd_tensors
from .views import matrix_of

_NAME = "tinker"
_HEAD, _TRANSFORMERS_HEAD = "model.unembed_tokens.", "lm_head."
_STACK = re.compile(r"^(?P<experts>.+\.experts)\.(?P<leaf>w[123])\.(?P<part>lora_[AB])\.weight$")
_STACKED = ".experts.w"
_LEAVES = {"w1": "gate_proj", "w2": "down_proj", "w3": "up_proj"}
# Their experts' gate and up lie in turn in one tensor.
_INTERLEAVED = frozenset({"gpt_oss"})


def _adopt(adapter: Adapter) -> Adapter | None:
    own = [name for name in adapter.tensors if _HEAD in name or (_STACKED in name and _STACK.match(name))]
    if adapter.peft_type != "LORA" or not own:
        return None
    tensors = {record.name: record for old in adapter.tensors.values() for record in _renamed(old, adapter)}
    modules = sorted({name.removeprefix(PEFT_PREFIX).partition(".lora_")[0] for name in tensors})
    config = {**adapter.config, "target_modules": modules}
    return replace(adapter, config=config, tensors=tensors, repaired=True, origin=_NAME)


def _renamed(record: TensorRecord, adapter: Adapter) -> Iterator[TensorRecord]:
    match = _STACK.match(record.name)
    if match is None:
        yield structs.replace(record, name=record.name.replace(_HEAD, _TRANSFORMERS_HEAD))
    elif record.elements:  # a model without that matrix has empty ones
        if len(record.shape) != 3:
            raise odd_tensors(_NAME, [record.name])
        for expert in range(_experts(match, adapter)):
            name = f"{match['experts']}.{expert}.{_LEAVES[match['leaf']]}.{match['part']}.weight"
            matrix = matrix_of(record, expert if record.shape[0] > 1 else 0)
            yield structs.replace(matrix, name=name)


def _experts(match: re.Match[str], adapter: Adapter) -> int:
    """As many as either of the two factors has."""
    stem = f"{match['experts']}.{match['leaf']}"
    both = [adapter.tensors.get(f"{stem}.lora_{part}.weight") for part in "AB"]
    counts = {record.shape[0] for record in both if record is not None and len(record.shape) == 3}
    if not counts or None in both or len(counts - {1}) > 1:
        raise odd_tensors(_NAME, [stem])
    return max(counts)


def _settle(adapter: Adapter, base: Checkpoint) -> Adapter:
    if base.model_type not in _INTERLEAVED:
        return adapter
    named = {name.replace(".attn.", ".self_attn."): record for name, record in adapter.tensors.items()}
    apart = {name: structs.replace(record, name=name) for name, record in named.items() if not ONE_EXPERT.match(name)}
    pairs = whole_pairs(_NAME, {name: record for name, record in named.items() if name not in apart})
    if odd := [pair.parameter for pair in pairs if pair.experts != base.config.get("num_local_experts", pair.experts)]:
        raise odd_tensors(_NAME, odd)
    modules = sorted({name.removeprefix(PEFT_PREFIX).partition(".lora_")[0] for name in apart})
    config = {**adapter.config, "target_modules": modules, **(config_of(pairs, adapter.config) if pairs else {})}
    tensors = {**apart, **{record.name: record for pair in pairs for record in (pair.a, pair.b)}}
    return replace(adapter, tensors=tensors, config=config)


ORIGIN = Origin(_NAME, Code.FOREIGN_READ_TINKER, adopt=_adopt, settle=_settle)
