"""Numbers of an adapter's config against what is stored: PEFT makes its layers from the config alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.config_counts import whole_numbers

_ALWAYS_MADE = 1_000
# Scalings, seeds, moments of training and names of tokens are stated as large as anyone likes, and cost nothing.
_COSTS_NOTHING = re.compile(r"alpha|scal|seed|key|step|init|final|indices|token|warmup|_lr|layers_to_transform")


def beyond_stored(base: Checkpoint, adapter: Adapter) -> Iterator[tuple[str, int]]:
    """Sizes in the config that are far larger than any of base and adapter."""
    stored = (*base.tensors.values(), *adapter.tensors.values())
    most = max(2 * max((size for one in stored for size in one.shape), default=0), _ALWAYS_MADE)
    return (
        (name, number)
        for name, number in whole_numbers(adapter.config)
        if abs(number) > most and not _COSTS_NOTHING.search(name)
    )
