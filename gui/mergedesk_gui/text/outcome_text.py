"""How a finished merge is headlined."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mergedesk.domain.findings import CheckStatus
from mergedesk.domain.merge_report import MergeReport, MergeStatus

from ..theme.tone import Tone
from .messages import say


class HeadlineKind(StrEnum):
    """The ways a merge ends, as the person sees them."""

    PROVEN = "proven"
    REMARKS = "remarks"
    REFUTED = "refuted"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline, what it means, and its icon."""

    kind: HeadlineKind
    headline: str
    meaning: str
    icon: str
    tone: Tone


def headline_of(report: MergeReport) -> Headline:
    """The verdict on a finished merge."""
    kind = _kind(report)
    counted = {HeadlineKind.PROVEN: CheckStatus.PASS, HeadlineKind.REMARKS: CheckStatus.WARN}
    number = count(report, counted.get(kind, CheckStatus.FAIL))
    icon, tone = ("proof", Tone.SUCCESS) if kind in counted else ("error", Tone.ERROR)
    headline, meaning = (say(f"headline.{kind}.{part}", count=number) for part in ("title", "meaning"))
    return Headline(kind, headline, meaning, icon, tone)


def _kind(report: MergeReport) -> HeadlineKind:
    if count(report, CheckStatus.FAIL):
        return HeadlineKind.REFUTED
    if report.status is MergeStatus.MERGED:
        return HeadlineKind.REMARKS if count(report, CheckStatus.WARN) else HeadlineKind.PROVEN
    return HeadlineKind.REFUSED if report.status is MergeStatus.REFUSED else HeadlineKind.FAILED


def count(report: MergeReport, status: CheckStatus) -> int:
    """How many checks ended with ``status``."""
    return sum(check.status is status for check in report.checks)
