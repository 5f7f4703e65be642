"""How many layers and experts a config speaks of, against what is stored: a class is built from the config alone."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..runtime.bounded_call import Limits
from .checkpoint import Checkpoint, StoredTensor

_COUNTS = re.compile(r"(layers?|blocks?|experts?|depth)$")
_ALWAYS_BUILT = 1_000
_LOAD_SECONDS, _LOAD_BYTES = 300.0, 4_000_000_000

# Positions, frequencies and ids are stated far beyond what is stored, and cost nothing.
_COSTS_NOTHING = re.compile(r"position|theta|_ids?$|_token|max_.*len|window|context|seq_len|_size_limit")


def asks_too_much(config: Mapping[str, Any], tensors: Mapping[str, StoredTensor]) -> tuple[str, int] | None:
    """The first count that is more than there are tensors, by far more than a class takes a second to build."""
    most = max(len(tensors), _ALWAYS_BUILT)
    return next(((name, number) for name, number in whole_numbers(config) if _counts(name) and number > most), None)


def is_modest(config: Mapping[str, Any], tensors: Mapping[str, StoredTensor]) -> bool:
    """Whether building the config's class takes no more than what is stored: no count or size is larger than that."""
    largest = max((size for tensor in tensors.values() for size in tensor.shape), default=0)
    most = max(2 * largest, _ALWAYS_BUILT)
    numbers = dict(whole_numbers(config))
    counted = math.prod(max(1, number) for name, number in numbers.items() if _counts(name))
    plain = (number <= most or _COSTS_NOTHING.search(name) for name, number in numbers.items())
    return counted <= max(len(tensors), _ALWAYS_BUILT) * 100 and all(plain)


def load_limits(checkpoint: Checkpoint) -> Limits | None:
    """What loading it with transformers may take elsewhere; None where the config is modest and needs no limit."""
    if is_modest(checkpoint.config, checkpoint.tensors):
        return None
    return Limits(_LOAD_SECONDS, _LOAD_BYTES + checkpoint.weight_bytes)


def _counts(name: str) -> bool:
    return _COUNTS.search(name) is not None and not _COSTS_NOTHING.search(name)


def whole_numbers(fields: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, int]]:
    """Every whole number in a config and in what it holds, by its dotted name."""
    for name, value in fields.items():
        if isinstance(value, Mapping):
            yield from whole_numbers(value, f"{prefix}{name}.")
        elif isinstance(value, int) and not isinstance(value, bool):
            yield f"{prefix}{name}", value
