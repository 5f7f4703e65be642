"""PEFT methods by whether their effect can be folded into weights at all."""

from __future__ import annotations

from .config_fields import config_fields

_NO_WEIGHTS_TO_FOLD = frozenset({
    "PROMPT_TUNING", "MULTITASK_PROMPT_TUNING", "P_TUNING", "PREFIX_TUNING", "CPT", "CARTRIDGE",
    "ADAPTION_PROMPT", "POLY", "XLORA", "LILY", "SHADOW",
})  # fmt: skip

# What the names of a method's own tensors begin with, where that is not the method's name.
_PART_PREFIXES = {"ADALORA": "lora_", "LOHA": "hada_"}
# All that these store is one vector for the whole model, under no module's name.
_NAMES_NO_MODULE = frozenset({"UNILORA"})


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
