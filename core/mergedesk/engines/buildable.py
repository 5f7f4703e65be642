"""Whether a base's class can be built from its config at all, tried where that can be ended."""

from __future__ import annotations

from pathlib import Path

from ..checkpoints.checkpoint import Checkpoint, read_checkpoint
from ..checkpoints.config_counts import is_modest
from ..domain.findings import Code, UserError
from ..runtime.bounded_call import LimitMet, Limits, bounded
from ..runtime.transformers_class import LOCALLY, find_class, quiet

_SECONDS, _NBYTES = 300.0, 4_000_000_000


def refuse_unbuildable(base: Checkpoint) -> None:
    """Load a base elsewhere once, if its config speaks of more than is stored. Raises UserError(config_unbuildable)."""
    if is_modest(base.config, base.tensors):
        return
    try:
        bounded(loads, base.folder, limits=Limits(_SECONDS, _NBYTES + base.weight_bytes))
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
