"""How far a job is, in words."""

from __future__ import annotations

from mergedesk.domain.progress import Progress, Stage

from .lines import joined
from .messages import say
from .numbers import human_bytes, human_seconds


def progress_title(progress: Progress, *, verifies: bool) -> str:
    """What is going on; ``verifies`` for the verification of a merge that is there already."""
    if verifies and progress.stage is Stage.VERIFY:
        return say("progress.comparing")
    return say(f"stage.{progress.stage}.sentence")


def progress_numbers(progress: Progress) -> str:
    """How much is done, how fast, and how long the job will take; empty while nothing is known."""
    left = say("progress.left", time=human_seconds(progress.left)) if progress.left else ""
    if not progress.total_bytes:
        return left
    speed = progress.bytes_per_second
    done, total = human_bytes(progress.done_bytes), human_bytes(progress.total_bytes)
    return joined(
        say("progress.amount", done=done, total=total),
        f"{human_bytes(round(speed))}/s" if speed else "",
        left,
    )


def progress_sentence(progress: Progress, *, verifies: bool) -> str:
    """All of it as one line."""
    return joined(progress_title(progress, verifies=verifies), progress_numbers(progress))
