"""What a proof found, as data and as JSON: whether a folder is the merge it should be, and why not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from .findings import Check, Data, Finding, Severity
from .json_objects import as_json, json_object, six_digits
from .weight_delta import ModuleDelta, WeightDelta

RIGHT_STORIES = frozenset(
    {"right", "rounded_twice", "rounded_in_turn", "rounded_by_chance", "imprecise", "within_step"}
)
"""What a targeted tensor of a right merge may turn out to be."""


class VerifyStatus(StrEnum):
    """How a proof ended; only ``proved`` has a verdict."""

    PROVED = "proved"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ModuleVerdict:
    """One targeted tensor. ``story`` is what became of it, ``factor`` how many times the delta was added.

    ``delta_share`` is ‖ΔW‖/‖W‖; ``lost_share`` the share of elements whose delta the precision rounds away.
    """

    name: str
    story: str
    factor: float
    delta_share: float
    exact_share: float
    lost_share: float

    @property
    def is_right(self) -> bool:
        """Whether the tensor is what base and adapter give, however it was rounded."""
        return self.story in RIGHT_STORIES


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finished proof. ``reason`` is an error exactly where the merge is refuted; ``findings`` are of the inputs.

    ``quick``: samples of every tensor were looked at, not all rows. ``logits``: the models' outputs compared, as JSON,
    where that was asked for.
    """

    status: VerifyStatus
    merged: Path
    reason: Finding | None = None
    checks: tuple[Check, ...] = ()
    modules: tuple[ModuleVerdict, ...] = ()
    findings: tuple[Finding, ...] = ()
    quick: bool = False
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    peak_rss_bytes: int = 0
    peak_rss_beyond_imports_bytes: int = 0
    logits: Mapping[str, Data] | None = None

    @property
    def matches(self) -> bool | None:
        """Whether the merge is right; None where it could not be told."""
        if self.status is not VerifyStatus.PROVED or self.reason is None:
            return None
        return self.reason.severity is not Severity.ERROR


def effect_of(verdict: Verdict) -> WeightDelta | None:
    """What the adapter does in a merge that was verified; None where no module was looked at.

    The change is the one that is found there: nothing where a tensor is the base's, and twice as much where the
    adapter went in twice. Norms are relative to ‖W‖, which a verification does not tell.
    """
    modules = (
        ModuleDelta(module.name, 1.0, abs(module.delta_share * module.factor), unmoved=module.lost_share)
        for module in verdict.modules
        if math.isfinite(module.delta_share * module.factor)
    )
    return WeightDelta(deltas) if (deltas := tuple(modules)) else None


def verdict_json(verdict: Verdict) -> dict[str, Data]:
    """What ``verify --json`` prints."""
    return json_object(
        verdict,
        *("status", "verdict", "reason", "checks", "modules", "findings", "merged", "quick", "logits", "versions"),
        *("seconds", "peak_rss_bytes", "peak_rss_beyond_imports_bytes"),
        verdict={True: "match", False: "mismatch", None: None}[verdict.matches],
        modules=six_digits(as_json(verdict.modules)),
        seconds=round(verdict.seconds, 3),
    )
