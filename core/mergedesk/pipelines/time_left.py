"""How long a merge still takes, to its very end: by the speed of the stage going on, and by what comes after it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp
from statistics import median

from ..domain.progress import Progress, Report, Stage
from ..planning.preflight import Ready
from .forecast import kind_of
from .past_merges import past_merges

# What comes after the writing ÷ the writing, where no merge went before.
_AFTER = 0.15
_LEAST_STEP, _STEADY, _CALM = 0.1, 2.0, 1.5


@dataclass(frozen=True, slots=True)
class Prospects:
    """``after``: seconds that follow the stage that writes ÷ its own; ``synced``: bytes a second to the disk."""

    after: float = _AFTER
    synced: float | None = None


def prospects_of(ready: Ready) -> Prospects:
    """By earlier merges of the kind, and what a check measured of the disk."""
    past = past_merges()
    after = past.pace(kind_of(ready)).after
    synced = past.measured.speeds.disk.synced if past.measured else None
    return Prospects(median(after) if after else _AFTER, synced)


class TimeLeft:
    """Adds to each reading of a job how long it takes to the job's end. Readings may come from any thread."""

    def __init__(self, prospects: Prospects, clock: Callable[[], float] = time.monotonic) -> None:
        self._prospects, self._clock, self._lock = prospects, clock, threading.Lock()
        self._speed = _SteadySpeed()
        self._end = _CalmMoment()
        self._foreseen: float | None = None

    def hearing(self, report: Report) -> Report:
        """The same, with the time that is left."""

        def heard(progress: Progress) -> None:
            with self._lock:
                left = self._left(progress, self._clock())
            report(replace(progress, job_seconds_left=left))

        return heard

    def _left(self, progress: Progress, now: float) -> float | None:
        if progress.stage is Stage.MERGE:
            self._foresee(progress, now)
        if self._foreseen is None:
            return None
        # A stage that turns out slower than was foreseen puts the end off.
        own = progress.seconds_left or 0.0 if progress.stage is Stage.VERIFY else 0.0
        return max(0.0, self._end.told(max(self._foreseen, now + own), now) - now)

    def _foresee(self, progress: Progress, now: float) -> None:
        speed = self._speed.of(progress.done_bytes, progress.seconds)
        if not speed:
            return
        writing = (progress.total_bytes - progress.done_bytes) / speed
        whole = progress.seconds + writing
        disk = progress.total_bytes / self._prospects.synced - whole if self._prospects.synced else 0.0
        self._foreseen = now + writing + max(whole * self._prospects.after, disk)


class _SteadySpeed:
    """Bytes a second of late, over a time that grows with the stage's."""

    def __init__(self) -> None:
        self._bytes, self._seconds, self._speed = 0, 0.0, 0.0

    def of(self, done: int, seconds: float) -> float:
        step = seconds - self._seconds
        if done > self._bytes and step >= _LEAST_STEP:
            latest = (done - self._bytes) / step
            share = 1 - exp(-step / max(_STEADY, seconds / 4)) if self._speed else 1.0
            self._speed += share * (latest - self._speed)
            self._bytes, self._seconds = done, seconds
        return self._speed


class _CalmMoment:
    """A moment to come that is told anew with every reading, and does not leap."""

    def __init__(self) -> None:
        self._told: float | None = None
        self._when = 0.0

    def told(self, moment: float, now: float) -> float:
        share = 1.0 if self._told is None else 1 - exp(-(now - self._when) / _CALM)
        before = moment if self._told is None else self._told
        self._told, self._when = before + share * (moment - before), now
        return self._told
