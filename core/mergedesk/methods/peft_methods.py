"""PEFT's methods: which of them can be folded into weights, and the fields of their configs with their defaults.

``config_fields.json`` holds them; ``tests/tools/export_config_fields.py`` writes it from the installed PEFT. A later
PEFT's fields are told from these by ``unknown_fields``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("config_fields.json")
# What ms-swift adds to PEFT's LoRA config: learning rates of LoRA+ and the dtype of training. No weight depends on it.
_ONLY_FOR_TRAINING = frozenset({"lora_dtype", "lorap_lr_ratio", "lorap_emb_lr"})
# What Unsloth says about the packing of expert weights, which ``moe_experts`` reads, and what PEFT writes for all
# methods, though one of them has no such field.
_READ_HERE = frozenset({"lora_B_layout", "modules_to_save"})
_NO_WEIGHTS_TO_FOLD = frozenset({
    "PROMPT_TUNING", "MULTITASK_PROMPT_TUNING", "P_TUNING", "PREFIX_TUNING", "CPT", "CARTRIDGE",
    "ADAPTION_PROMPT", "POLY", "XLORA", "LILY", "SHADOW",
})  # fmt: skip
# What the names of a method's own tensors begin with, where that is not the method's name.
_PART_PREFIXES = {"ADALORA": "lora_", "LOHA": "hada_"}
# All that these store is one vector for the whole model, under no module's name.
_NAMES_NO_MODULE = frozenset({"UNILORA"})


@cache
def config_fields() -> Mapping[str, Mapping[str, Any]]:
    """By method, the default of each field as it stands in JSON."""
    table: Mapping[str, Mapping[str, Any]] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table


@dataclass(frozen=True, slots=True)
class UnknownFields:
    """Config fields this PEFT does not have: those left at nothing, and those that ask for something."""

    idle: tuple[str, ...]
    meaningful: tuple[str, ...]


def unknown_fields(config: Mapping[str, Any], peft_type: str) -> UnknownFields:
    """Sort the fields that ``peft_type`` does not have by whether they say anything about the weights."""
    unknown = sorted(set(config) - config_fields()[peft_type].keys() - _READ_HERE)
    idle = tuple(name for name in unknown if _is_idle(name, config))
    return UnknownFields(idle, tuple(name for name in unknown if name not in idle))


def _is_idle(name: str, config: Mapping[str, Any]) -> bool:
    """Left at nothing, at a default that PEFT has elsewhere, of use to training only, or part of what is off."""
    value = config[name]
    if not value or name in _ONLY_FOR_TRAINING:
        return True
    defaults = (fields.get(name) for fields in config_fields().values())
    # Such as ``use_warp`` for a field ``warp_size``, as ``qalora_group_size`` has.
    switches = [config[field] for field in config if field.startswith("use_") and name.startswith(field[4:] + "_")]
    is_default = any(value == default and type(value) is type(default) for default in defaults)
    return is_default or (bool(switches) and not any(switches))


def cannot_merge(peft_type: str) -> bool:
    """Whether the method adds tokens, routing or terms that no weight can hold, so that nothing can be folded in."""
    return peft_type in _NO_WEIGHTS_TO_FOLD


def is_known(peft_type: str) -> bool:
    """Whether PEFT, as shipped here, has the method."""
    return peft_type in _NO_WEIGHTS_TO_FOLD or peft_type in config_fields()


def part_prefix(peft_type: str) -> str:
    """What the names of the tensors that the method adds to a module begin with, e.g. ``lora_``."""
    return _PART_PREFIXES.get(peft_type, f"{peft_type.lower()}_")


def names_no_module(peft_type: str) -> bool:
    """Whether an adapter of the method does not tell by its tensors' names which modules it changes."""
    return peft_type in _NAMES_NO_MODULE
