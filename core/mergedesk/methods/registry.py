"""The methods that stream: a folder beside this file and a line here each.

The folder itself is what the method does, as data, and imports no torch; its ``tile`` is how a tile changes, in PEFT's
order of steps. Verification holds that to the update's formula or, where that is no plain algebra, to ``reference``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

from .update import Method, Parts, Update

# Made from pairs of low-rank factors, by ``planning.changes``.
LOW_RANK = ("lora", "convolution", "lora_bias", "dora", "combined")
# Made by their own METHOD, from the parts that PEFT stores for a module.
BY_PARTS = (
    "adalora",
    "ia3",
    "loha",
    "lokr",
    "miss",
    "tokens",
)


def methods() -> tuple[Method, ...]:
    """What those say of themselves that store parts of their own."""
    return tuple(import_module(f".{name}", __package__).METHOD for name in BY_PARTS)


def is_streamed(peft_type: str) -> bool:
    """Whether adapters of this type, other than LoRA, may stream."""
    return any(method.peft_type == peft_type for method in methods())


def part_names() -> tuple[str, ...]:
    """Every name that one of them gives to a tensor of a module."""
    return tuple(part for method in methods() for part in method.parts)


def method_of(parts: Iterable[str]) -> Method | None:
    """The method that stores such parts for a module; None for parts of several, or of none."""
    names = set(parts)
    return next((method for method in methods() if names <= {*method.parts}), None)


def streamable(peft_type: str, config: Mapping[str, Any], parts: Parts) -> Method | None:
    """The method of a module's parts, if it can stream them in an adapter of this type."""
    method = method_of(parts)
    mine = method is not None and peft_type in (method.peft_type, *method.also_in)
    return method if mine and method is not None and method.streams(parts, config) else None


def module_of(update: Update, name: str) -> Any:
    """``tile`` or ``reference`` of the method that an update is of."""
    return import_module(f"{type(update).__module__}.{name}")
