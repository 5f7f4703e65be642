"""How far a job is, and how it is told to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

# Between two readings of a stage: a picture of a screen.
_LEAST_SECONDS = 1 / 60


class Stage(StrEnum):
    """The steps of a merge, in their order."""

    PREFLIGHT = "preflight"
    PLAN = "plan"
    MERGE = "merge"
    VERIFY = "verify"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Progress:
    """One honest reading: bytes are counted when they are done, never guessed.

    ``seconds`` counts from the start of ``stage``; ``total_bytes`` is 0 for a stage that moves no bytes.
    ``job_seconds_left``: until the whole job ends, later stages included; None where that is not known.
    """

    stage: Stage
    done_bytes: int = 0
    total_bytes: int = 0
    seconds: float = 0.0
    detail: str = ""
    job_seconds_left: float | None = None

    @property
    def left(self) -> float | None:
        """Seconds until the job ends, else the stage; None while neither is known."""
        return self.seconds_left if self.job_seconds_left is None else self.job_seconds_left

    @property
    def fraction(self) -> float | None:
        """Share of the stage that is done, 0 to 1; None where nothing can be counted."""
        return min(1.0, self.done_bytes / self.total_bytes) if self.total_bytes else None

    @property
    def bytes_per_second(self) -> float | None:
        """Mean speed since the stage began; None before there is anything to measure."""
        return self.done_bytes / self.seconds if self.done_bytes and self.seconds > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """Time left in this stage at its mean speed so far; None while that is unknown."""
        speed = self.bytes_per_second
        return (self.total_bytes - self.done_bytes) / speed if speed and self.total_bytes else None


Report = Callable[[Progress], None]


def unheard(_progress: Progress) -> None:
    """Where nobody wants to know how far a job is."""


class StageCounter:
    """Counts the bytes of one stage, from any thread; the last reading wins.

    It is told at most so often as somebody can follow: thousands of small tensors would else take the time of their
    telling. What completes the stage is always told.
    """

    def __init__(
        self, report: Report, stage: Stage, total_bytes: int, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._report, self._stage, self._total, self._clock = report, stage, total_bytes, clock
        self._lock, self._done, self._started = threading.Lock(), 0, clock()
        self._told: float | None = None

    def advance(self, count: int, detail: str) -> None:
        """Add ``count`` bytes done on the tensor or file ``detail``."""
        with self._lock:
            self._done += count
            done, now = self._done, self._clock()
            if self._told is not None and done < self._total and now - self._told < _LEAST_SECONDS:
                return
            self._told = now
        self._report(Progress(self._stage, done, self._total, now - self._started, detail))


class Cancelled(Exception):
    """The person asked the job to stop."""


class CancelToken:
    """Set from one thread, looked at from the job's threads."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the job to stop at its next check."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether a stop was asked for."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise ``Cancelled`` if a stop was asked for."""
        if self._event.is_set():
            raise Cancelled
