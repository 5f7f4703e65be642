"""How a finished merge or verification is headlined."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mergedesk.domain.findings import CheckStatus, Code, Finding, errors_of
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.messages import Message
from mergedesk.domain.verdict import Verdict, VerifyStatus

from ..theme.tone import Tone
from .messages import finding_message, say


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
    if kind is HeadlineKind.FAILED and all(one.code is not Code.NOTHING_KEPT for one in report.findings):
        meaning = say("headline.failed.left")
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


@dataclass(frozen=True, slots=True)
class VerdictText:
    """A headline, the reason, what follows from it, and the icon. ``hint`` is empty where nothing needs doing."""

    headline: str
    reason: str
    meaning: str
    hint: str
    icon: str
    tone: Tone

    @property
    def whole(self) -> str:
        """All of it as one text, to be copied or read out."""
        return " ".join(part for part in (f"{self.headline}.", self.reason, self.meaning, self.hint) if part)


def verdict_text_of(verdict: Verdict) -> VerdictText:
    """The verdict in words."""
    if verdict.matches is None or verdict.reason is None:
        return _without_verdict(verdict)
    message = finding_message(verdict.reason)
    is_plain = verdict.reason.code is Code.MERGE_PROVED
    key = "mismatch" if not verdict.matches else "match" if is_plain else "match_with_remark"
    icon, tone = ("proof", Tone.SUCCESS) if verdict.matches else ("error", Tone.ERROR)
    return VerdictText(say(f"verdict.{key}"), message.sentence, _meaning(verdict), message.hint, icon, tone)


def _meaning(verdict: Verdict) -> str:
    if not verdict.matches:
        return say("verdict.not_the_merge")
    return say("verdict.samples_compared") if verdict.quick else say("verdict.all_compared")


def _without_verdict(verdict: Verdict) -> VerdictText:
    key = "verdict.refused" if verdict.status is VerifyStatus.REFUSED else "verdict.failed"
    first = _why_not(verdict)
    message = finding_message(first) if first else Message(say("verdict.no_model"))
    return VerdictText(say(key), message.sentence, say("verdict.none"), message.hint, "warning", Tone.WARNING)


def other_findings(verdict: Verdict) -> tuple[Finding, ...]:
    """What is to be told besides the reason why there is no verdict."""
    return tuple(finding for finding in verdict.findings if finding is not _why_not(verdict))


def _why_not(verdict: Verdict) -> Finding | None:
    return next(iter(errors_of(verdict.findings)), None)
