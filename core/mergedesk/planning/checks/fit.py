"""What a check of an adapter on a base looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...checkpoints.checkpoint import Checkpoint
from ..resolved_adapter import ResolvedAdapter
from ..vocabulary_resize import Resize


@dataclass(frozen=True, slots=True)
class Fit:
    """One adapter laid over the base, and the resize of the vocabulary that goes with it.

    ``used``: of matrices whose values were looked at already, the rows that hold anything, by the records' identities.
    """

    base: Checkpoint
    mapped: ResolvedAdapter
    resize: Resize | None = None
    used: Mapping[int, tuple[int, int]] = field(default_factory=dict)
