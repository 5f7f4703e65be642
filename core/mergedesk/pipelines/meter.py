"""How long a job took, and how much memory at most: both without what heavy imports take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ..domain.merge_report import MergeReport
from ..domain.progress import Progress, Report, Stage
from ..domain.verdict import Verdict
from ..runtime.memory import forget_earlier_peak, peak_rss_bytes, rss_bytes

Outcome = TypeVar("Outcome", MergeReport, Verdict)


@dataclass(slots=True)
class Meter:
    """Counts from when it is made. Only the first job of a process waits for imports, and all share their memory."""

    _started: float = field(default_factory=lambda: time.perf_counter())
    _at_rest: int = field(default_factory=rss_bytes)
    _begun: dict[Stage, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        forget_earlier_peak()

    @contextmanager
    def importing(self) -> Iterator[None]:
        """Count neither the time nor the memory of what is imported inside."""
        before = time.perf_counter()
        yield
        self.excuse(time.perf_counter() - before)
        self._at_rest = rss_bytes()

    def excuse(self, seconds: float) -> None:
        """Count these last seconds no longer: they went by while something was imported."""
        self._started += seconds
        self._begun = {stage: moment + seconds for stage, moment in self._begun.items()}

    def hearing(self, report: Report) -> Report:
        """The same, and the stages are timed."""

        def heard(progress: Progress) -> None:
            self._begun.setdefault(progress.stage, time.perf_counter())
            report(progress)

        return heard

    @property
    def stage_seconds(self) -> dict[str, float]:
        """How long each stage took, the last until now."""
        ends = [*list(self._begun.values())[1:], time.perf_counter()]
        return {stage.value: end - begun for (stage, begun), end in zip(self._begun.items(), ends, strict=True)}

    def measured(self, outcome: Outcome) -> Outcome:
        """The outcome with what was counted so far."""
        whole = peak_rss_bytes()
        return replace(
            outcome,
            seconds=time.perf_counter() - self._started,
            peak_rss_bytes=whole,
            peak_rss_beyond_imports_bytes=max(0, whole - self._at_rest),
        )
