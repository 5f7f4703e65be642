"""What every step of a merge needs to know."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ..checkpoints.checkpoint import Checkpoint, StoredTensor
from ..domain.progress import CancelToken, Progress, Report, Stage, StageCounter
from ..domain.requests import MergeRequest
from ..output.journal_writer import AdapterDigests
from ..output.staging import Staging
from ..planning.preflight import Ready
from .inputs import MergeInputs


class Loads(Protocol):
    """What really loads the result, to check it: ``verification.staged.load_beside``, which libraries come with."""

    def load(self, checkpoint: Checkpoint, check: Callable[[], None]) -> Any:
        """What the load gave; ``check`` may raise while that goes on elsewhere."""

    def imported_after(self, moment: float) -> float:
        """Seconds after ``moment`` that went by before everything was imported."""


class Supplies(Protocol):
    """What brings pieces of a base's files one by one: ``base_supply``."""

    @property
    def files(self) -> frozenset[Path]:
        """The files of which only headers are here."""

    @property
    def beside_bytes(self) -> int:
        """What pieces take at the most."""

    def kept_bytes(self, tensors: Sequence[StoredTensor]) -> int:
        """What the pieces take that hold any of these."""

    def moved(self, tensor: StoredTensor) -> StoredTensor:
        """A tensor of the base where its piece will lie."""

    def bring_early(self, tensors: Sequence[StoredTensor]) -> None:
        """Have a few values in the outline itself until ``begin``. Raises UserError, Cancelled."""

    def bring_back(self, tensors: Sequence[StoredTensor]) -> None:
        """Have once more what a few tensors that were ``moved`` are in. Raises UserError, Cancelled."""

    def begin(self, kept: Collection[Path]) -> None:
        """From now on what has not been brought cannot be read. ``kept`` stay once they are there."""

    def feed(self, work: Sequence[Any]) -> Iterator[Any]:
        """As ``engines.streaming.Supply``."""

    def finish(self, files: frozenset[Path]) -> None:
        """As there."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who wants a merge: hears how far it is, and may cancel it.

    ``apart``: in a process that does nothing else, which a mapped file that shrinks may end. ``supply``: what brings
    the base, where that is an outline.
    """

    report: Report
    cancel: CancelToken
    apart: bool
    supply: Supplies | None = None


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
    caller: Caller
    loads: Loads

    @property
    def cancel(self) -> CancelToken:
        """What tells that the merge shall stop."""
        return self.caller.cancel

    @property
    def folder(self) -> Path:
        """Where the result is staged."""
        return self.staging.folder

    def start(self, stage: Stage, total_bytes: int = 0) -> StageCounter:
        """Report a stage's beginning. Gives what counts its bytes."""
        self.caller.report(Progress(stage, 0, total_bytes))
        return StageCounter(self.caller.report, stage, total_bytes)
