"""Tensors and settings of rotary embeddings that follow from a config alone, by transformers' own description."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any


def rope_of(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The rotary embedding's parameters, of the layers that attend to everything where a config tells them apart."""
    stated = config.get("rope_parameters") or config.get("rope_scaling") or {}
    stated = stated if isinstance(stated, Mapping) else {}
    whole = stated.get("full_attention")
    parameters = dict(whole if isinstance(whole, Mapping) else stated)
    parameters.setdefault("rope_theta", config.get("rope_theta"))
    parameters.setdefault("rope_type", parameters.get("type") or "default")
    return parameters


def head_width(config: Mapping[str, Any]) -> int:
    """Elements of one head."""
    heads = int(config.get("num_attention_heads") or 1)
    return int(config.get("head_dim") or int(config.get("hidden_size") or 0) // heads)


def rope_tensors(architecture: str, config: Mapping[str, Any]) -> dict[str, Sequence[float]]:
    """Factors by which frequencies are divided, by the names of the tensors that hold them."""
    rope = rope_of(config)
    if rope["rope_type"] == "llama3" and architecture in ("llama", "smollm3", "granite"):
        return {"rope_freqs.weight": _llama3(rope, head_width(config))}
    if architecture == "phi3" and rope.get("long_factor") and rope.get("short_factor"):
        names = {"rope_factors_long.weight": "long_factor", "rope_factors_short.weight": "short_factor"}
        return {name: rope[key] for name, key in names.items()}
    return {}


def _llama3(rope: Mapping[str, Any], width: int) -> list[float]:
    theta, factor = float(rope["rope_theta"] or 10000.0), float(rope.get("factor", 8.0))
    low, high = float(rope.get("low_freq_factor", 1.0)), float(rope.get("high_freq_factor", 4.0))
    context = float(rope.get("original_max_position_embeddings", 8192))
    return [
        _llama3_factor(2 * math.pi * theta ** (place / width), factor, low, high, context)
        for place in range(0, width, 2)
    ]


def _llama3_factor(length: float, factor: float, low: float, high: float, context: float) -> float:
    if length < context / high:
        return 1.0
    if length > context / low:
        return factor
    smooth = (context / length - low) / (high - low)
    return 1 / ((1 - smooth) / factor + smooth)
