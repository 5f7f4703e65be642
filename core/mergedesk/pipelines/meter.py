"""How long a job took, and how much memory at most: both without what heavy imports take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ..domain.merge_report import MergeReport
from ..domain.verdict import Verdict
from ..runtime.memory import forget_earlier_peak, peak_rss_bytes, rss_bytes

Outcome = TypeVar("Outcome", MergeReport, Verdict)


@dataclass(slots=True)
class Meter:
    """Counts from when it is made. Only the first job of a process waits for imports, and all share their memory."""

    _started: float = field(default_factory=lambda: time.perf_counter())
    _at_rest: int = field(default_factory=rss_bytes)

    def __post_init__(self) -> None:
        forget_earlier_peak()

    @contextmanager
    def importing(self) -> Iterator[None]:
        """Count neither the time nor the memory of what is imported inside."""
        before = time.perf_counter()
        yield
        self._started += time.perf_counter() - before
        self._at_rest = rss_bytes()

    def measured(self, outcome: Outcome) -> Outcome:
        """The outcome with what was counted so far."""
        whole = peak_rss_bytes()
        return replace(
            outcome,
            seconds=time.perf_counter() - self._started,
            peak_rss_bytes=whole,
            peak_rss_beyond_imports_bytes=max(0, whole - self._at_rest),
        )
