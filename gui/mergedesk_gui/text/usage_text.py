"""Tools, steps and remarks on using a model elsewhere, in the window's language."""

from __future__ import annotations

from collections.abc import Sequence

from mergedesk.deployment import codes as core
from mergedesk.deployment.codes import Outcome, Remark, ToolUsage, UsageStep

from ..theme.tone import Tone
from .language import window_language
from .lines import FindingRow, Line
from .messages import say

_WORST_FIRST = (Outcome.FAIL, Outcome.WARN, Outcome.UNKNOWN, Outcome.PASS)
_SEVERITIES = {Outcome.FAIL: "error", Outcome.WARN: "warning", Outcome.UNKNOWN: "info", Outcome.PASS: "success"}
_LOOKS = {
    Outcome.FAIL: ("error", Tone.ERROR),
    Outcome.WARN: ("warning", Tone.WARNING),
    Outcome.UNKNOWN: ("info", Tone.QUIET),
    Outcome.PASS: ("pass", Tone.SUCCESS),
}


def remark_rows(remarks: Sequence[Remark]) -> tuple[FindingRow, ...]:
    """What was looked at: what breaks and what to mind first, then what fits."""
    ordered = sorted(remarks, key=lambda remark: _WORST_FIRST.index(remark.code.outcome))
    return tuple(_row(remark) for remark in ordered)


def usage_headline(usage: ToolUsage) -> Line:
    """The worst of the remarks on a tool as a headline."""
    outcomes = {remark.code.outcome for remark in usage.remarks}
    worst = next((outcome for outcome in _WORST_FIRST if outcome in outcomes), Outcome.PASS)
    return Line(say(f"usage.{worst}") if usage.steps else say("usage.impossible"), *_LOOKS[worst])


def step_heading(step: UsageStep) -> str:
    """What a step is for."""
    return core.step_heading(step.code, window_language())


def _row(remark: Remark) -> FindingRow:
    language = window_language()
    outcome, message = remark.code.outcome, core.remark_text(remark, language)
    return FindingRow(_SEVERITIES[outcome], message, f"{core.outcome_name(outcome, language)}: {message.whole}")
