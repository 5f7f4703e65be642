"""What a check of an adapter on a base looks at."""

from __future__ import annotations

from dataclasses import dataclass

from ...checkpoints.checkpoint import Checkpoint
from ..resolved_adapter import ResolvedAdapter
from ..vocabulary_resize import Resize


@dataclass(frozen=True, slots=True)
class Fit:
    """One adapter laid over the base, and the resize of the vocabulary that goes with it."""

    base: Checkpoint
    mapped: ResolvedAdapter
    resize: Resize | None = None
