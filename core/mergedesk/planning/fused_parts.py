"""Modules that an adapter trained apart, and that the base stores as one: which rows of which tensor each is.

Trainers take fused layers apart: queries, keys and values, gate and up, experts of gpt-oss one by one, its router.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from ..checkpoints.checkpoint import StoredTensor
from ..storage.factor_view import Steps
from .fused_placement import Block, Placement

Config = Mapping[str, Any]
Find = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class _Fused:
    """A layer by its ``name``, the ``parts`` that lie one below the other in it, and model types that have it so.

    ``sizes`` gives the rows of each part; empty where they are all the same.
    """

    name: str
    parts: tuple[str, ...]
    types: frozenset[str]
    sizes: Callable[[Config], Sequence[int]]


def _attention(config: Config) -> Sequence[int]:
    heads = config.get("num_attention_heads") or 0
    groups = config.get("num_key_value_heads") or heads
    size = config.get("head_dim") or (config.get("hidden_size") or 0) // (heads or 1)
    return heads * size, groups * size, groups * size


def _linear_attention(config: Config) -> Sequence[int]:
    keys = (config.get("linear_num_key_heads") or 0) * (config.get("linear_key_head_dim") or 0)
    return keys, keys, (config.get("linear_num_value_heads") or 0) * (config.get("linear_value_head_dim") or 0)


def _alike(_config: Config) -> Sequence[int]:
    return ()


_QKV = ("q_proj", "k_proj", "v_proj")
_QWEN = frozenset({"qwen3_5", "qwen3_5_text", "qwen3_5_moe", "qwen3_5_moe_text"})
_GLM = frozenset({"glm", "glm4", "glm4v", "glm4v_text"})
_PHI = frozenset({"phi3", "phi4_multimodal"})
_LAYERS = (
    _Fused("qkv_proj", _QKV, _PHI, _attention),
    _Fused("W_pack", _QKV, frozenset({"baichuan"}), _attention),
    _Fused("in_proj_qkv", ("in_proj_q", "in_proj_k", "in_proj_v"), _QWEN, _linear_attention),
    _Fused("gate_up_proj", ("gate_proj", "up_proj"), _PHI | _GLM, _alike),
)
# Stored as (experts, inputs, outputs), trained as layers of their own.
_EXPERT = re.compile(r"^(?P<experts>.+\.experts\.(?:gate_up|down)_proj)s\.(?P<number>\d+)\.weight$")
# Stored as a parameter, trained as a layer in it.
_ROUTER = re.compile(r"^(?P<router>.+\.mlp\.router)\.linear\.weight$")
_EXPERT_TYPES = frozenset({"gpt_oss"})


def part_of_fused(
    parameter: str, config: Config, find: Find, checkpoint: Mapping[str, StoredTensor]
) -> Placement | None:
    """Where a weight lies in a fused one; None where there is none. ``find`` gives a parameter's stored name."""
    if (router := _ROUTER.match(parameter)) and _types_of(config) & _EXPERT_TYPES:
        return _all_of(find(f"{router['router']}.weight"), checkpoint)
    module, _, leaf = parameter.removesuffix(".weight").rpartition(".")
    for layer in _LAYERS if parameter.endswith(".weight") else ():
        stored = find(f"{module}.{layer.name}.weight") if leaf in layer.parts else None
        if stored and _types_of(config) & layer.types:
            return _rows(layer, layer.parts.index(leaf), checkpoint[stored], _text_config(config))
    return None


def expert_of_stack(
    parameter: str, config: Config, find: Find, checkpoint: Mapping[str, StoredTensor]
) -> Placement | None:
    """Where the weight of one expert lies that was trained as a layer; None where there is no such stack."""
    match = _EXPERT.match(parameter)
    stored = find(match["experts"]) if match and _types_of(config) & _EXPERT_TYPES else None
    if match is None or stored is None or len(checkpoint[stored].shape) != 3:
        return None
    experts, inputs, outputs = checkpoint[stored].shape
    number = int(match["number"])
    if number >= experts:
        return None
    block = Block(stored, Steps(0, outputs), Steps(0, inputs), None, number * inputs, transposed=True)
    return Placement((outputs, inputs), (block,))


def _all_of(stored: str | None, checkpoint: Mapping[str, StoredTensor]) -> Placement | None:
    if stored is None or len(checkpoint[stored].shape) != 2:
        return None
    rows, columns = checkpoint[stored].shape
    return Placement((rows, columns), (Block(stored, Steps(0, rows), Steps(0, columns), None, 0),))


def _rows(layer: _Fused, place: int, record: StoredTensor, config: Config) -> Placement | None:
    rows, columns = record.shape if len(record.shape) == 2 else (0, 0)
    sizes = layer.sizes(config) or [rows // len(layer.parts)] * len(layer.parts)
    if sum(sizes) != rows or not rows:
        return None
    first = [*accumulate(sizes, initial=0)][place]
    block = Block(record.name, Steps(0, sizes[place]), Steps(0, columns), None, first)
    return Placement((sizes[place], columns), (block,))


def _text_config(config: Config) -> Config:
    inner = config.get("text_config")
    return inner if isinstance(inner, Mapping) else config


def _types_of(config: Config) -> set[str]:
    return {str(part.get("model_type")) for part in (config, _text_config(config))}
