"""How a finished merge is headlined."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from mergedesk.domain.findings import CheckStatus
from mergedesk.domain.merge_report import MergeReport, MergeStatus

from .folder_text import Tone

translate = QCoreApplication.translate


class VerdictKind(StrEnum):
    """The ways a merge ends, as the person sees them."""

    PROVEN = "proven"
    REMARKS = "remarks"
    REFUTED = "refuted"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A headline, what it means, and its icon."""

    kind: VerdictKind
    headline: str
    meaning: str
    icon: str
    tone: Tone


def verdict(report: MergeReport) -> Verdict:
    """The verdict on a finished merge."""
    kind = _kind(report)
    headline, meaning = _words(kind, report)
    icon, tone = {
        VerdictKind.PROVEN: ("proof", Tone.SUCCESS),
        VerdictKind.REMARKS: ("proof", Tone.SUCCESS),
        VerdictKind.REFUTED: ("error", Tone.ERROR),
        VerdictKind.REFUSED: ("error", Tone.ERROR),
        VerdictKind.FAILED: ("error", Tone.ERROR),
    }[kind]
    return Verdict(kind, headline, meaning, icon, tone)


def _kind(report: MergeReport) -> VerdictKind:
    if count(report, CheckStatus.FAIL):
        return VerdictKind.REFUTED
    if report.status is MergeStatus.MERGED:
        return VerdictKind.REMARKS if count(report, CheckStatus.WARN) else VerdictKind.PROVEN
    return VerdictKind.REFUSED if report.status is MergeStatus.REFUSED else VerdictKind.FAILED


def _words(kind: VerdictKind, report: MergeReport) -> tuple[str, str]:
    passed, remarks, failed = (
        count(report, status) for status in (CheckStatus.PASS, CheckStatus.WARN, CheckStatus.FAIL)
    )
    return {
        VerdictKind.PROVEN: (
            translate("Verdict", "Merged and verified"),
            translate("Verdict", "%n check(s) passed.", None, passed),
        ),
        VerdictKind.REMARKS: (
            translate("Verdict", "Merged and verified, with remarks"),
            translate("Verdict", "%n check(s) with a remark.", None, remarks),
        ),
        VerdictKind.REFUTED: (
            translate("Verdict", "%n check(s) failed", None, failed),
            translate("Verdict", "The result was not published. Base and adapter are unchanged."),
        ),
        VerdictKind.REFUSED: (
            translate("Verdict", "Not started"),
            translate("Verdict", "No file was changed."),
        ),
        VerdictKind.FAILED: (
            translate("Verdict", "The merge failed"),
            translate("Verdict", "Nothing was left behind."),
        ),
    }[kind]


def count(report: MergeReport, status: CheckStatus) -> int:
    """How many checks ended with ``status``."""
    return sum(check.status is status for check in report.checks)
