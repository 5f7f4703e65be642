"""Tensors that no current class reads from a checkpoint, so that a merge may hold them, or not, and be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...runtime.transformers_class import find_class

# Tables that a class works out for itself: checkpoints of older transformers hold them, those of newer ones do not.
# GPT-2, GPT-J and GPT-Neo keep causal masks under a name that elsewhere is a bias: their masks have four dimensions.
_TABLES = re.compile(r"(^|\.)(rotary_emb\.(inv_freq|cos_cached|sin_cached)|position_ids)$")
_MASK = re.compile(r"(^|\.)(attn|attention)\.bias$")
_MASKED_VALUE = re.compile(r"(^|\.)(attn|attention)\.masked_bias$")


def is_worked_out(name: str, shape: tuple[int, ...]) -> bool:
    """Whether a tensor is a table or a mask that every class works out anew when it loads."""
    if _MASK.search(name):
        return len(shape) == 4
    if _MASKED_VALUE.search(name):
        return shape in ((), (1,))
    return _TABLES.search(name) is not None


def ignored_tensors(names: Iterable[str], config: Mapping[str, Any]) -> tuple[str, ...]:
    """Those of ``names`` that the transformers class says it leaves out when it loads, as it does with MTP heads."""
    patterns = getattr(find_class(config), "_keys_to_ignore_on_load_unexpected", None)
    listed = [one for one in patterns if isinstance(one, str)] if isinstance(patterns, (list, tuple, set)) else []
    return tuple(name for name in names if any(re.search(pattern, name) for pattern in listed))
