"""How a finished verification is headlined."""

from __future__ import annotations

from dataclasses import dataclass

from mergedesk.domain.findings import Code, Finding
from mergedesk.domain.messages import Message
from mergedesk.domain.verdict import Verdict, VerifyStatus

from ..theme.tone import Tone
from .messages import finding_message, say
from .readiness import errors_of


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
