"""What every step of a merge needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..domain.progress import CancelToken, Progress, Report, Stage, StageCounter
from ..domain.requests import MergeRequest
from ..output.journal_writer import AdapterDigests
from ..output.staging import Staging
from ..planning.preflight import Ready
from ..verification.staged.load_beside import LoadBeside
from .inputs import MergeInputs


@dataclass(frozen=True, slots=True)
class MergeJob:
    """A merge under way: what was asked for, what was read for it, the files that are its inputs, and where it writes.

    ``adapter_digests`` gives the hash of every adapter's weights by their path; ``loads`` loads the result, to check.
    """

    request: MergeRequest
    ready: Ready
    inputs: MergeInputs
    staging: Staging
    adapter_digests: AdapterDigests
    report: Report
    cancel: CancelToken
    loads: LoadBeside

    @property
    def folder(self) -> Path:
        """Where the result is staged."""
        return self.staging.folder

    def start(self, stage: Stage, total_bytes: int = 0) -> StageCounter:
        """Report a stage's beginning. Gives what counts its bytes."""
        self.report(Progress(stage, 0, total_bytes))
        return StageCounter(self.report, stage, total_bytes)
