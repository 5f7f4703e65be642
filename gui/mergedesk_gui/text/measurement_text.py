"""What comparing logits and measuring speed came to, in words."""

from __future__ import annotations

from mergedesk.domain.findings import Finding, Severity
from mergedesk.inference.logits_comparison import LogitsComparison
from mergedesk.inference.trial import Speed

from ..theme.tone import Tone
from .lines import Line
from .messages import finding_message, say
from .trial_text import three_digits

_EVEN = 0.05
_LOOKS = {
    Severity.INFO: ("proof", Tone.SUCCESS),
    Severity.WARNING: ("warning", Tone.WARNING),
    Severity.ERROR: ("error", Tone.ERROR),
}


def logits_lines(made: LogitsComparison) -> list[Line]:
    """The judgement first, then what could not be asked."""
    reason = [_judged(made.reason)] if made.reason else []
    return [*reason, *map(_remark, made.findings)]


def speed_lines(made: Speed) -> list[Line]:
    """How many times as fast, or why that is unknown."""
    remarks = [_remark(finding) for finding in made.findings]
    if made.ratio is None or made.merged is None or made.unmerged is None:
        return remarks
    numbers = {
        "ratio": three_digits(made.ratio),
        "merged": three_digits(made.merged.tokens_per_second),
        "unmerged": three_digits(made.unmerged.tokens_per_second),
    }
    outcome, icon, tone = _compared(made.ratio)
    loaded = "in_turn" if made.one_at_a_time else "together"
    rounds, prompt = say("speed.rounds", count=made.rounds), say("speed.prompt", count=made.prompt_tokens)
    conditions = say(f"speed.loaded_{loaded}", rounds=rounds, prompt=prompt)
    return [
        Line(say(f"speed.{outcome}", **numbers), icon, tone),
        *remarks,
        Line(conditions, "info", Tone.QUIET),
    ]


def _judged(finding: Finding) -> Line:
    icon, tone = _LOOKS[finding.severity]
    return Line(finding_message(finding).whole, icon, tone)


def _remark(finding: Finding) -> Line:
    if finding.severity is Severity.INFO:
        return Line(finding_message(finding).whole, "info", Tone.QUIET)
    return _judged(finding)


def _compared(ratio: float) -> tuple[str, str, Tone]:
    if ratio >= 1 + _EVEN:
        return "faster", "proof", Tone.SUCCESS
    return ("even", "info", Tone.QUIET) if ratio > 1 - _EVEN else ("slower", "warning", Tone.WARNING)
