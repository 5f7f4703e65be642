"""What every contestant gives: a merge that is ready to run, with everything imported that it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Claim:
    """What the tool itself says of its merge: seconds, in all and by stage."""

    seconds: float
    stages: Mapping[str, float] = field(default_factory=dict)


Run = Callable[[], Claim | None]
"""Merges, and returns what the tool claims, if it claims anything."""
