"""Processor time of a chunk of work, user and system, with that of processes which it started and saw the end of."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Self


class Spent:
    """Within ``with``: ``seconds`` of processor time."""

    seconds = 0.0

    def __enter__(self) -> Self:
        self._before = _so_far()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds = _so_far() - self._before


def _so_far() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
