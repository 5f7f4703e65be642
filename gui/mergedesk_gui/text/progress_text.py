"""How far a job is, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from mergedesk.domain.progress import Progress, Stage
from mergedesk.domain.units import human_bytes, human_seconds

from .lines import SEPARATOR
from .messages import stage_sentence

translate = QCoreApplication.translate


def getting_ready() -> str:
    """What a job is at before anything is counted."""
    return translate("Progress", "Getting ready")


def progress_title(progress: Progress, *, verifies: bool) -> str:
    """What is going on; ``verifies`` for the verification of a merge that is there already."""
    if verifies and progress.stage is Stage.VERIFY:
        return translate("Progress", "Comparing the weights")
    return stage_sentence(progress.stage)


def progress_numbers(progress: Progress) -> str:
    """How much is done, how fast, and how long it will take; empty while nothing is counted."""
    if not progress.total_bytes:
        return ""
    done, total = human_bytes(progress.done_bytes), human_bytes(progress.total_bytes)
    parts = [translate("Progress", "{done} of {total}").format(done=done, total=total)]
    if progress.bytes_per_second:
        parts.append(f"{human_bytes(round(progress.bytes_per_second))}/s")
    if progress.seconds_left is not None:
        left = translate("Progress", "about {time} left")
        parts.append(left.format(time=human_seconds(progress.seconds_left)))
    return SEPARATOR.join(parts)


def progress_sentence(progress: Progress, *, verifies: bool) -> str:
    """All of it as one line."""
    parts = (progress_title(progress, verifies=verifies), progress_numbers(progress))
    return SEPARATOR.join(part for part in parts if part)
