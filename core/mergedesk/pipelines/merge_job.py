"""What every step of a merge needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..domain.progress import CancelToken, Progress, Report, Stage, StageCounter
from ..domain.requests import MergeRequest
from ..planning.preflight import Ready


@dataclass(frozen=True, slots=True)
class MergeJob:
    """A merge under way: what was asked for, what was read for it, and ``folder``, where its result is staged."""

    request: MergeRequest
    ready: Ready
    folder: Path
    report: Report
    cancel: CancelToken

    def start(self, stage: Stage, total_bytes: int = 0) -> StageCounter:
        """Report a stage's beginning. Gives what counts its bytes."""
        self.report(Progress(stage, 0, total_bytes))
        return StageCounter(self.report, stage, total_bytes)
