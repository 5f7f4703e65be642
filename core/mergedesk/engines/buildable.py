"""Whether a base's class can be built from its config at all, tried where that can be ended."""

from __future__ import annotations

from pathlib import Path

from ..checkpoints.checkpoint import Checkpoint, read_checkpoint
from ..checkpoints.config_counts import load_limits
from ..domain.findings import Code, UserError
from ..runtime.bounded_call import LimitMet, bounded
from ..runtime.transformers_class import LOCALLY, find_class, quiet


def refuse_unbuildable(base: Checkpoint) -> None:
    """Load a base elsewhere once, if its config speaks of more than is stored. Raises UserError(config_unbuildable)."""
    limits = load_limits(base)
    if limits is None:
        return
    try:
        bounded(loads, base.folder, limits=limits)
    except LimitMet as met:
        raise UserError(Code.CONFIG_UNBUILDABLE, reason=met.reason) from met


def loads(folder: Path) -> bool:
    """Whether loading comes to an end without an error; which one it is shows where it is loaded in earnest."""
    model_class = find_class(read_checkpoint(folder).config)
    try:
        with quiet():
            return model_class is not None and bool(model_class.from_pretrained(folder, dtype="auto", **LOCALLY))
    except MemoryError:
        raise
    except Exception:
        return False
