"""What comparing logits and measuring speed came to, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from mergedesk.domain.findings import Finding, Severity
from mergedesk.inference.logits_comparison import Gap, LogitsComparison
from mergedesk.inference.trial import Side, SideSpeed, Speed

from ..theme.tone import Tone
from .lines import Line
from .messages import finding_message
from .trial_text import three_digits

translate = QCoreApplication.translate

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


def gap_name(gap: Gap) -> str:
    """Which two models a row of the table is about."""
    return {
        (Side.MERGED, Side.UNMERGED): translate("Trial", "Merged against unmerged"),
        (Side.MERGED, Side.BASE): translate("Trial", "Merged against base"),
        (Side.UNMERGED, Side.BASE): translate("Trial", "Unmerged against base"),
        (Side.MERGED, Side.MERGED): translate("Trial", "What rounding alone does"),
    }.get((gap.one, gap.other), "")


def speed_lines(made: Speed) -> list[Line]:
    """How many times as fast, or why that is unknown."""
    lines = [_remark(one) for one in made.findings]
    if made.ratio is None or made.merged is None or made.unmerged is None:
        return lines
    lines.insert(0, _compared(made.ratio, made.merged, made.unmerged))
    lines.append(Line(_how(made), "info", Tone.QUIET))
    return lines


def _judged(finding: Finding) -> Line:
    icon, tone = _LOOKS[finding.severity]
    return Line(finding_message(finding).whole, icon, tone)


def _remark(finding: Finding) -> Line:
    if finding.severity is Severity.INFO:
        return Line(finding_message(finding).whole, "info", Tone.QUIET)
    return _judged(finding)


def _compared(ratio: float, merged: SideSpeed, unmerged: SideSpeed) -> Line:
    numbers = {
        "ratio": three_digits(ratio),
        "merged": three_digits(merged.tokens_per_second),
        "unmerged": three_digits(unmerged.tokens_per_second),
    }
    if ratio >= 1 + _EVEN:
        text = translate(
            "Trial", "The merged model answers {ratio} × as fast: {merged} tokens/s instead of {unmerged}."
        )
        return Line(text.format(**numbers), "proof", Tone.SUCCESS)
    if ratio > 1 - _EVEN:
        text = translate("Trial", "Both are equally fast here: {merged} tokens/s merged, {unmerged} unmerged.")
        return Line(text.format(**numbers), "info", Tone.QUIET)
    text = translate(
        "Trial",
        "The merged model was slower here, {merged} tokens/s instead of {unmerged}. Something else may have kept the "
        "computer busy: measure again.",
    )
    return Line(text.format(**numbers), "warning", Tone.WARNING)


def _how(made: Speed) -> str:
    rounds = translate("Trial", "%n round(s)", None, made.rounds)
    prompt = translate("Trial", "a prompt of %n token(s)", None, made.prompt_tokens)
    if made.one_at_a_time:
        text = translate("Trial", "{rounds} with {prompt}; for want of memory the models were loaded one at a time.")
    else:
        text = translate("Trial", "{rounds} with {prompt}, both models loaded throughout.")
    return text.format(rounds=rounds, prompt=prompt)
