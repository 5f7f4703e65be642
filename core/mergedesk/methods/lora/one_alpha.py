"""A LoRA in the form of tools that know one alpha for all, and divide it by each module's own rank."""

from __future__ import annotations

import math
from dataclasses import replace

from ...checkpoints.adapter import Adapter
from ...checkpoints.adapter_keys import sort_contents
from .config import scaling

_SAME = 1e-9
_FOLDED = ("use_rslora", "alpha_pattern", "rank_pattern")


def with_one_alpha(adapter: Adapter) -> Adapter | None:
    """The same, its config without patterns and rank stabilisation; None where modules would need several alphas.

    So that alpha ÷ rank is what PEFT scales each module by: with rank-stabilised LoRA alpha is √r times as large.
    """
    pairs = [pair for pair in sort_contents(adapter.tensors, ()).lora if pair.rank]
    try:
        alphas = [scaling(adapter.config, pair.configured_as, pair.rank) * pair.rank for pair in pairs]
    except (TypeError, ValueError, ArithmeticError):  # an alpha that is no number
        return None
    if not alphas or not all(math.isclose(alpha, alphas[0], rel_tol=_SAME) for alpha in alphas):
        return None
    config = {name: value for name, value in adapter.config.items() if name not in _FOLDED}
    return replace(adapter, config={**config, "lora_alpha": alphas[0]})
