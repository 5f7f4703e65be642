"""How a finished merge is headlined."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from mergedesk.domain.findings import CheckStatus
from mergedesk.domain.merge_report import MergeReport, MergeStatus

from ..theme.tone import Tone

translate = QCoreApplication.translate


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
    headline, meaning = _words(kind, report)
    icon, tone = {
        HeadlineKind.PROVEN: ("proof", Tone.SUCCESS),
        HeadlineKind.REMARKS: ("proof", Tone.SUCCESS),
        HeadlineKind.REFUTED: ("error", Tone.ERROR),
        HeadlineKind.REFUSED: ("error", Tone.ERROR),
        HeadlineKind.FAILED: ("error", Tone.ERROR),
    }[kind]
    return Headline(kind, headline, meaning, icon, tone)


def _kind(report: MergeReport) -> HeadlineKind:
    if count(report, CheckStatus.FAIL):
        return HeadlineKind.REFUTED
    if report.status is MergeStatus.MERGED:
        return HeadlineKind.REMARKS if count(report, CheckStatus.WARN) else HeadlineKind.PROVEN
    return HeadlineKind.REFUSED if report.status is MergeStatus.REFUSED else HeadlineKind.FAILED


def _words(kind: HeadlineKind, report: MergeReport) -> tuple[str, str]:
    passed, remarks, failed = (
        count(report, status) for status in (CheckStatus.PASS, CheckStatus.WARN, CheckStatus.FAIL)
    )
    return {
        HeadlineKind.PROVEN: (
            translate("Headline", "Merged and verified"),
            translate("Headline", "%n check(s) passed.", None, passed),
        ),
        HeadlineKind.REMARKS: (
            translate("Headline", "Merged and verified, with remarks"),
            translate("Headline", "%n check(s) with a remark.", None, remarks),
        ),
        HeadlineKind.REFUTED: (
            translate("Headline", "%n check(s) failed", None, failed),
            translate("Headline", "The result was not published. Base and adapter are unchanged."),
        ),
        HeadlineKind.REFUSED: (
            translate("Headline", "Not started"),
            translate("Headline", "No file was changed."),
        ),
        HeadlineKind.FAILED: (
            translate("Headline", "The merge failed"),
            translate("Headline", "Nothing was left behind."),
        ),
    }[kind]


def count(report: MergeReport, status: CheckStatus) -> int:
    """How many checks ended with ``status``."""
    return sum(check.status is status for check in report.checks)
