"""Pairs of factors that lie as PEFT has them, and only go by other names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ..storage.safetensors_header import TensorRecord
from .peft_form import Pair, odd_tensors

_A, _B, _MAGNITUDE = ("lora_a", "lora_b", "magnitude")


def pairs_by_name(
    origin: str,
    tensors: Mapping[str, TensorRecord],
    pattern: re.Pattern[str],
    rename: Callable[[str], str | None],
) -> dict[str, Pair]:
    """Pairs by transformers' names. ``pattern`` finds ``module`` and ``part`` (lora_a, lora_b, magnitude) in a name.

    Raises UserError(foreign_tensors_odd) for a name that is not known, or half a pair.
    """
    matches = {name: pattern.match(name) for name in tensors}
    parts: dict[str, dict[str, TensorRecord]] = {}
    for name, match in matches.items():
        if match and (module := rename(match["module"])):
            parts.setdefault(module, {})[match["part"].lower()] = tensors[name]
    known = sum(map(len, parts.values()))
    halves = [module for module, own in parts.items() if not {_A, _B} <= own.keys()]
    if known < len(tensors) or halves or not parts:
        odd = [name for name, match in matches.items() if not (match and rename(match["module"]))]
        raise odd_tensors(origin, odd or halves)
    return {module: Pair(own[_A], own[_B], own.get(_MAGNITUDE)) for module, own in parts.items()}


def stated_number(value: object) -> float | None:
    """A number that a config states; None for anything else."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
