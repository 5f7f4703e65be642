"""How far a job is, in words."""

from __future__ import annotations

from mergedesk.domain.progress import Progress, Stage
from mergedesk.domain.units import human_bytes, human_seconds

from .lines import joined
from .messages import say


def progress_title(progress: Progress, *, verifies: bool) -> str:
    """What is going on; ``verifies`` for the verification of a merge that is there already."""
    if verifies and progress.stage is Stage.VERIFY:
        return say("progress.comparing")
    return say(f"stage.{progress.stage}.sentence")


def progress_numbers(progress: Progress) -> str:
    """How much is done, how fast, and how long it will take; empty while nothing is counted."""
    if not progress.total_bytes:
        return ""
    speed, left = progress.bytes_per_second, progress.seconds_left
    done, total = human_bytes(progress.done_bytes), human_bytes(progress.total_bytes)
    return joined(
        say("progress.amount", done=done, total=total),
        f"{human_bytes(round(speed))}/s" if speed else "",
        say("progress.left", time=human_seconds(left)) if left is not None else "",
    )


def progress_sentence(progress: Progress, *, verifies: bool) -> str:
    """All of it as one line."""
    return joined(progress_title(progress, verifies=verifies), progress_numbers(progress))
