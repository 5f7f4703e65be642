"""What is the same for layers that are alike, of which a wide model has thousands."""

from __future__ import annotations

from collections.abc import Hashable

from ..checkpoints.adapter_keys import LoraModule
from ..checkpoints.checkpoint import Checkpoint
from .resolved_adapter import ResolvedAdapter


def layer_kind(base: Checkpoint, mapped: ResolvedAdapter, pair: LoraModule, name: str) -> Hashable | None:
    """Shapes of factors and weight, and the module's own name; None for what is no plain layer of the base.

    ``name``: the pair's, which takes a while to make.
    """
    stored = base.tensors.get(mapped.keys.matched.get(name, ""))
    if stored is None or pair.magnitude is not None:
        return None
    return stored.shape, pair.a.shape, pair.b.shape, pair.embedding, pair.module.rpartition(".")[2]
