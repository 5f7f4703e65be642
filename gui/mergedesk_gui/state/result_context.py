"""Which merge the pages of results are about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.requests import SUM, AdapterChoice, Combination, MergeRequest
from mergedesk.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class ResultContext:
    """A merged folder and what it was made of; ``report`` if it was made here, ``verdict`` if it was checked.

    At least one of the two is there. After a check the folder may be a wrong merge, or not a model at all.
    """

    base: Path
    adapters: tuple[AdapterChoice, ...]
    merged: Path
    combination: Combination = SUM
    report: MergeReport | None = None
    verdict: Verdict | None = None


def subject_of(request: MergeRequest, report: MergeReport) -> ResultContext | None:
    """What a finished merge leaves to be looked at; None where it left no folder."""
    if report.status is not MergeStatus.MERGED or report.output is None:
        return None
    return ResultContext(request.base, request.adapters, report.output, request.combination, report)
