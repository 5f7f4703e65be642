"""How a finished verification is headlined."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from mergedesk.domain.findings import Code, Finding
from mergedesk.domain.verdict import Verdict, VerifyStatus

from ..theme.tone import Tone
from .messages import finding_message
from .readiness import errors_of

translate = QCoreApplication.translate


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
    said = (message.sentence, _meaning(verdict), message.hint)
    if not verdict.matches:
        return VerdictText(translate("VerdictText", "Mismatch"), *said, "error", Tone.ERROR)
    if verdict.reason.code is Code.MERGE_PROVED:
        return VerdictText(translate("VerdictText", "Match"), *said, "proof", Tone.SUCCESS)
    return VerdictText(translate("VerdictText", "Match, with a remark"), *said, "proof", Tone.SUCCESS)


def _meaning(verdict: Verdict) -> str:
    if not verdict.matches:
        return translate("VerdictText", "This folder is not the merge of this base and these adapters.")
    if verdict.quick:
        return translate(
            "VerdictText", "Samples of every tensor were compared. Verifying everything compares every value as well."
        )
    return translate("VerdictText", "Every value of every tensor was compared.")


def _without_verdict(verdict: Verdict) -> VerdictText:
    refused = verdict.status is VerifyStatus.REFUSED
    headline = (
        translate("VerdictText", "Could not be verified")
        if refused
        else translate("VerdictText", "The verification failed")
    )
    first = _why_not(verdict)
    message = finding_message(first) if first else None
    usual = translate("VerdictText", "This folder holds no model that can be compared.")
    meaning = translate("VerdictText", "There is no verdict. The folders are as they were.")
    sentence, hint = (message.sentence, message.hint) if message else (usual, "")
    return VerdictText(headline, sentence, meaning, hint, "warning", Tone.WARNING)


def other_findings(verdict: Verdict) -> tuple[Finding, ...]:
    """What is to be told besides the reason why there is no verdict."""
    return tuple(one for one in verdict.findings if one is not _why_not(verdict))


def _why_not(verdict: Verdict) -> Finding | None:
    return next(iter(errors_of(verdict.findings)), None)
