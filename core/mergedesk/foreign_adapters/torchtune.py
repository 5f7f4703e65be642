"""torchtune: ``adapter_model.pt`` (before 0.5 ``adapter_0.pt``), names of its own, PEFT's config beside it.

Its models rotate queries and keys as Meta's do, but for Qwen's and Phi's. Source: ``torchtune.models.convert_weights``.
Beside its own form it writes PEFT's, where up to 0.6.1 it turns rows of Qwen's too, and leaves DoRA's magnitudes as
they are.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.files import ADAPTER_CONFIG, ADAPTER_WEIGHTS, PICKLED_ADAPTER, read_or_empty
from ..domain.findings import Code, UserError
from ..storage.pickle.weights import read_pickled
from .named_pairs import pairs_by_name, stated_number
from .origin import Origin, Source
from .peft_form import ForeignContents, as_peft
from .rotary import with_halves

_NAME = "torchtune"
_WEIGHTS = re.compile(r"adapter_(model|\d+)\.pt$")
_OWN, _MAGNITUDE = "adapter_model.pt", ".lora_magnitude_vector"
_EPOCH = re.compile(r"\d+")
_MODULES = {
    "attn.q_proj": "self_attn.q_proj", "attn.k_proj": "self_attn.k_proj", "attn.v_proj": "self_attn.v_proj",
    "attn.output_proj": "self_attn.o_proj", "mlp.w1": "mlp.gate_proj", "mlp.w2": "mlp.down_proj",
    "mlp.w3": "mlp.up_proj",
}  # fmt: skip
_TOP = {"output": "lm_head"}
_PAIRED = frozenset({"llama", "mistral", "gemma", "gemma2"})
_HALVED = frozenset({"qwen2", "qwen3", "phi3"})
_PART = re.compile(r"^(?P<module>.+)\.(?P<part>lora_a|lora_b|magnitude)(?:\.weight)?$")


def _find(source: Source) -> Path | None:
    """Its own form, where PEFT's does not lie beside it; of several epochs' the last."""
    if source.file is None and source.names & {ADAPTER_WEIGHTS, PICKLED_ADAPTER}:
        return None
    files = [name for name in source.names if _WEIGHTS.match(name) and source.has(name)]
    return source.folder / max(files, key=_age) if files else None


def _age(name: str) -> tuple[bool, int]:
    epoch = _EPOCH.search(name)
    return epoch is None, int(epoch[0]) if epoch else 0


def _read(source: Source, file: Path) -> Adapter:
    config = read_or_empty(source.folder / ADAPTER_CONFIG)
    pairs = pairs_by_name(_NAME, read_pickled(file).header.tensors, _PART, _module)
    alpha = _alpha(config)
    base = config.get("base_model_name_or_path")
    contents = ForeignContents(pairs, lambda _rank: alpha, base=base if isinstance(base, str) else None)
    return as_peft(_NAME, source.folder, file, contents)


def _alpha(config: dict[str, Any]) -> float:
    alpha = stated_number(config.get("lora_alpha"))
    if alpha is None:
        raise UserError(Code.FOREIGN_SCALING_UNKNOWN, tool=_NAME, file=ADAPTER_CONFIG, name="lora_alpha")
    return alpha


def _module(name: str) -> str | None:
    """What transformers calls a module."""
    if name in _TOP:
        return _TOP[name]
    layers, _, rest = name.partition(".")
    layer, _, module = rest.partition(".")
    known = _MODULES.get(module)
    return f"model.layers.{layer}.{known}" if known and layers == "layers" and layer.isdigit() else None


def _adopt(adapter: Adapter) -> Adapter | None:
    """PEFT's form with its own beside it."""
    is_its = adapter.peft_type == "LORA" and (adapter.folder / _OWN).is_file()
    return replace(adapter, origin=_NAME) if is_its else None


def _settle(adapter: Adapter, base: Checkpoint) -> Adapter:
    if not adapter.repaired:
        turned = any(name.endswith(_MAGNITUDE) for name in adapter.tensors)
        if base.model_type not in _HALVED and not turned:
            return adapter
        adapter = _read(Source(adapter.folder, frozenset()), adapter.folder / _OWN)
    return with_halves(adapter, base, _PAIRED, _HALVED)


ORIGIN = Origin(_NAME, Code.FOREIGN_READ_ROTATED, find=_find, read=_read, adopt=_adopt, settle=_settle, needs_base=True)
