"""mistral-finetune: ``lora.safetensors`` by Mistral's own names, ``params.json`` with the scaling.

Mistral's checkpoints rotate queries and keys as Meta's do. Source: ``finetune.checkpointing`` and ``model.lora``.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.files import read_or_empty
from ..domain.findings import Code, UserError
from ..storage.safetensors_header import read_header
from .named_pairs import pairs_by_name, stated_number
from .origin import Origin, Source
from .peft_form import ForeignContents, as_peft
from .rotary import with_halves

_NAME = "mistral-finetune"
_WEIGHTS, _PARAMS = "lora.safetensors", "params.json"
_MODULES = {
    "attention.wq": "self_attn.q_proj", "attention.wk": "self_attn.k_proj", "attention.wv": "self_attn.v_proj",
    "attention.wo": "self_attn.o_proj", "feed_forward.w1": "mlp.gate_proj", "feed_forward.w2": "mlp.down_proj",
    "feed_forward.w3": "mlp.up_proj",
}  # fmt: skip
_PART = re.compile(r"^(?P<module>.+)\.(?P<part>lora_A|lora_B)\.weight$")
_LAYER = re.compile(r"^layers\.(?P<layer>\d+)\.(?P<module>.+)$")
_EXPERT = re.compile(r"^feed_forward\.(?P<expert>experts\.\d+\.w[123])$")
_PAIRED = frozenset({"mistral", "mixtral", "llama"})


def _find(source: Source) -> Path | None:
    return source.folder / _WEIGHTS if source.has(_WEIGHTS) else None


def _read(source: Source, file: Path) -> Adapter:
    pairs = pairs_by_name(_NAME, read_header(file).tensors, _PART, _module)
    lora = read_or_empty(source.folder / _PARAMS).get("lora")
    scaling = stated_number(lora.get("scaling")) if isinstance(lora, dict) else None
    if scaling is None:
        raise UserError(Code.FOREIGN_SCALING_UNKNOWN, tool=_NAME, file=_PARAMS, name="lora.scaling")
    return as_peft(_NAME, source.folder, file, ForeignContents(pairs, lambda rank: scaling * rank))


def _module(name: str) -> str | None:
    """What transformers calls a module."""
    match = _LAYER.match(name)
    if match is None:
        return "lm_head" if name == "output" else None
    expert = _EXPERT.match(match["module"])
    known = f"block_sparse_moe.{expert['expert']}" if expert else _MODULES.get(match["module"])
    return known and f"model.layers.{match['layer']}.{known}"


def _settle(adapter: Adapter, base: Checkpoint) -> Adapter:
    return with_halves(adapter, base, _PAIRED, ())


ORIGIN = Origin(_NAME, Code.FOREIGN_READ_ROTATED, find=_find, read=_read, settle=_settle, needs_base=True)
