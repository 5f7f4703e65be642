"""What can be done about what a run left behind, or about one that failed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mergedesk.domain.findings import Code, Finding, Severity

_REMOVABLE = frozenset({
    Code.LEFTOVER_RESUMABLE, Code.LEFTOVER_UNFINISHED, Code.LEFTOVER_REPLACED, Code.LEFTOVER_BASE,
    Code.LEFTOVER_OUT_OF_REACH,
})  # fmt: skip
_AFTERWARDS = _REMOVABLE | {
    Code.LEFTOVER_SET_ASIDE,
    Code.OUTPUT_PUT_BACK,
    Code.NAME_NOT_SYNCED,
    Code.RESUMED,
    Code.RESUME_NOTHING,
    Code.RESUME_NEEDS_STREAMING,
}
# What a disk or another program did may be over by the next time.
_PASSING = frozenset(
    {
        Code.READ_FAILED,
        Code.INPUT_CHANGED,
        Code.INPUT_GONE,
        Code.WRITE_FAILED,
        Code.DISK_FILLED_UP,
        Code.OUTPUT_MOVED,
        Code.OUTPUT_SET_ASIDE,
        Code.STAGING_IN_USE,
        Code.OUT_OF_MEMORY,
        # The next attempt begins from the start.
        Code.RESUME_INPUT_DIFFERS,
        Code.RESUME_PLAN_DIFFERS,
    }
)


class Step(StrEnum):
    """What is done."""

    GO_ON = "go_on"
    REMOVE = "remove"
    TRY_AGAIN = "try_again"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """``path`` is what is left; none of anything after an attempt that is to be made again."""

    step: Step
    path: Path = Path()


def follow_ups(finding: Finding, output: Path | None = None) -> Iterator[FollowUp]:
    """What can be done about a finding; ``output`` is where a merge could start now, or go on with what is left."""
    if finding.code in _REMOVABLE:
        path = Path(str(finding.data["path"]))
        if finding.code is Code.LEFTOVER_RESUMABLE and is_left_of(output, finding):
            yield FollowUp(Step.GO_ON, path)
        yield FollowUp(Step.REMOVE, path)
    if finding.severity is Severity.ERROR and finding.code in _PASSING:
        yield FollowUp(Step.TRY_AGAIN)


def is_left_of(output: Path | None, finding: Finding) -> bool:
    """Whether a run left it that was making ``output``."""
    return output is not None and finding.data.get("output") == os.path.realpath(output)


def told_afterwards(findings: Sequence[Finding], *, errors: bool) -> tuple[Finding, ...]:
    """What only the end of a merge could tell, and with ``errors`` why it ended so."""
    return tuple(one for one in findings if one.code in _AFTERWARDS or (errors and one.severity is Severity.ERROR))
