"""What is kept of every merge that ended, whichever front asked for it: a line of the list of past merges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto
from pathlib import Path

from .findings import Finding
from .merge_report import MergeStatus
from .requests import MergeRequest


class Front(StrEnum):
    """Where a merge was asked for."""

    WINDOW = "window"
    QUEUE = "queue"
    COMMAND = "command"
    BATCH = "batch"


@dataclass(frozen=True, slots=True)
class MergeRecord:
    """One merge and how it ended. ``when`` has a time zone, and all paths of ``request`` start at the root.

    ``findings`` say why there is no result. Of a result: ``nbytes`` of all files, ``precision``, or what it is packed
    in, and ``place``, its folder's device and number, by which it is known when it is moved.
    """

    when: datetime
    request: MergeRequest
    status: MergeStatus
    front: Front
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    nbytes: int = 0
    precision: str = ""
    place: tuple[int, int] | None = None

    @property
    def is_made(self) -> bool:
        """Whether it came to a result."""
        return self.status is MergeStatus.MERGED


class ResultStanding(Enum):
    """How a past merge's result stands."""

    NONE = auto()
    """There never was one."""
    THERE = auto()
    MOVED = auto()
    REPLACED = auto()
    """By a later merge into the same folder."""
    GONE = auto()


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """How a result stands, and the folder that it is in now, if it is."""

    standing: ResultStanding
    folder: Path | None = None
