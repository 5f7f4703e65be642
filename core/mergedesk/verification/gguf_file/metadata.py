"""A GGUF file's metadata against the folder's configs: the model's shape, its rotary embedding, its words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...domain.findings import Check, CheckCode, check_of
from ...storage.gguf_header import GgufHeader
from .rope import head_width, rope_of

# Each as the file calls it, and as configs do.
_SIZES: Mapping[str, tuple[str, ...]] = {
    "block_count": ("num_hidden_layers",),
    "embedding_length": ("hidden_size",),
    "feed_forward_length": ("intermediate_size",),
    "attention.head_count": ("num_attention_heads",),
    "attention.head_count_kv": ("num_key_value_heads", "num_attention_heads"),
    "attention.layer_norm_rms_epsilon": ("rms_norm_eps",),
    "expert_count": ("num_local_experts", "num_experts"),
    "expert_used_count": ("num_experts_per_tok",),
    "attn_logit_softcapping": ("attn_logit_softcapping",),
    "final_logit_softcapping": ("final_logit_softcapping",),
}
_MUST_BE_THERE = frozenset({"block_count", "embedding_length", "attention.head_count"})


@dataclass(frozen=True, slots=True)
class Differing:
    """One value that is another in the file than in the folder."""

    name: str
    stored: Any
    wanted: Any

    def __str__(self) -> str:
        return f"{self.name}: {_short(self.stored)}, not {_short(self.wanted)}"


def _short(value: Any) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def size_check(header: GgufHeader, config: Mapping[str, Any]) -> Check:
    """Layers, widths, heads, experts."""
    wrong = [str(one) for one in _sizes(header, config)]
    return check_of(CheckCode.GGUF_SIZES, not wrong, differences=wrong, count=len(_SIZES))


def _sizes(header: GgufHeader, config: Mapping[str, Any]) -> Iterator[Differing]:
    for name, keys in _SIZES.items():
        wanted = next((config[key] for key in keys if isinstance(config.get(key), (int, float))), None)
        stored = header.of_architecture(name)
        if stored is None and (wanted is None or name not in _MUST_BE_THERE):
            continue
        if wanted is not None and not _same(stored, wanted):
            yield Differing(name, stored, wanted)


def _same(stored: Any, wanted: float) -> bool:
    """A value for each layer is the same where all of them are."""
    values = stored if isinstance(stored, list) else [stored]
    return bool(values) and all(
        isinstance(value, (int, float)) and math.isclose(value, wanted, rel_tol=1e-6) for value in values
    )


def rope_check(header: GgufHeader, config: Mapping[str, Any]) -> Check:
    """Base and scaling of the rotary embedding, and the context's length."""
    wrong = [str(one) for one in _rope(header, config)]
    context = header.of_architecture("context_length")
    return check_of(
        CheckCode.GGUF_ROPE,
        not wrong,
        differences=wrong,
        base=header.of_architecture("rope.freq_base"),
        context=context,
    )


def _rope(header: GgufHeader, config: Mapping[str, Any]) -> Iterator[Differing]:
    rope = rope_of(config)
    if (wanted := config.get("max_position_embeddings")) and header.of_architecture("context_length") != wanted:
        yield Differing("context_length", header.of_architecture("context_length"), wanted)
    theta, base = rope["rope_theta"], header.of_architecture("rope.freq_base")
    # What a file leaves out llama.cpp takes for 10,000.
    if theta is not None and not math.isclose(float(base if base is not None else 10000.0), float(theta), rel_tol=1e-6):
        yield Differing("rope.freq_base", base, theta)
    yield from _scaling(header, rope)
    if (count := header.of_architecture("rope.dimension_count")) is not None:
        wanted_width = int(head_width(config) * float(rope.get("partial_rotary_factor") or 1.0))
        if count != wanted_width:
            yield Differing("rope.dimension_count", count, wanted_width)


def _scaling(header: GgufHeader, rope: Mapping[str, Any]) -> Iterator[Differing]:
    kind = {"linear": "linear", "yarn": "yarn", "longrope": None, "llama3": None}.get(str(rope["rope_type"]))
    stored = header.of_architecture("rope.scaling.type")
    if stored not in (None, "none", "longrope") and kind != stored:
        yield Differing("rope.scaling.type", stored, kind or "none")
    if kind is not None and stored != kind:
        yield Differing("rope.scaling.type", stored, kind)
    if kind is not None and not _same(header.of_architecture("rope.scaling.factor"), float(rope.get("factor") or 1)):
        yield Differing("rope.scaling.factor", header.of_architecture("rope.scaling.factor"), rope.get("factor"))
