"""What is said of a crash."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


class CrashKind(Enum):
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
    return {
        CrashKind.WINDOW: _in_window,
        CrashKind.JOB: _in_job,
        CrashKind.EARLIER: _earlier,
        CrashKind.ENDED: _ended,
    }[kind]()


def _in_window() -> CrashText:
    return CrashText(
        translate("CrashReporter", "Something went wrong"),
        translate("CrashReporter", "Something went wrong in the window that should not have."),
        translate(
            "CrashReporter",
            "You can go on; if the window behaves oddly from here on, close it and open it again. Please report "
            "this with the text below: nothing personal is in it.",
        ),
    )


def _in_job() -> CrashText:
    return CrashText(
        translate("CrashReporter", "Something went wrong"),
        translate("CrashReporter", "The job stopped because of a fault in MergeDesk or a library. Nothing was kept."),
        translate(
            "CrashReporter",
            "Base and adapters are as they were. Please report this with the text below: nothing personal is in it.",
        ),
    )


def _earlier() -> CrashText:
    return CrashText(
        translate("CrashReporter", "MergeDesk crashed"),
        translate("CrashReporter", "MergeDesk ended unexpectedly the last time."),
        translate(
            "CrashReporter",
            "Nothing half-written took the name of an output folder. If it happens again, please report it "
            "with the text below: nothing personal is in it.",
        ),
    )


def _ended() -> CrashText:
    return CrashText(
        translate("CrashReporter", "MergeDesk was ended"),
        translate("CrashReporter", "MergeDesk was ended from outside the last time, while it was at work."),
        translate(
            "CrashReporter",
            "The system does that when memory runs out; if so, close other programs first, or use a computer with "
            "more memory. What a merge had written until then lies hidden beside its output folder; the next merge "
            "into that removes it.",
        ),
    )
