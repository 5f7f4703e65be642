"""What is said of a crash."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto

from ..text.messages import say


class CrashKind(StrEnum):
    """Where it happened."""

    WINDOW = auto()
    JOB = auto()
    EARLIER = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class CrashText:
    """What the dialog says: its title, what happened, and what now."""

    title: str
    sentence: str
    hint: str


def crash_text(kind: CrashKind) -> CrashText:
    """A crash in words."""
    return CrashText(*(say(f"crash.{kind}.{part}") for part in ("title", "sentence", "hint")))
