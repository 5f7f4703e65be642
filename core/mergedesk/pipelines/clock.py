"""How long a job took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Clock:
    """Seconds since the start, without those of heavy imports, which only the first job of a process waits for."""

    started: float = field(default_factory=lambda: time.perf_counter())

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Do not count what happens inside."""
        before = time.perf_counter()
        yield
        self.started += time.perf_counter() - before

    @property
    def seconds(self) -> float:
        """What was counted so far."""
        return time.perf_counter() - self.started
