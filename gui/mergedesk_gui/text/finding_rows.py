"""Findings as rows to be shown, the worst first, with the consents that can be given right there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from mergedesk.domain.findings import Finding, Severity
from mergedesk.domain.messages import Message

from ..state.chain import earlier_adapter
from ..state.consents import Consent, consents_asked_by, local_original, without_doubles
from ..state.follow_up import FollowUp, Step, follow_ups
from .lines import FindingRow, RowAction
from .messages import finding_message, say

_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_BUTTONS = {Step.GO_ON: "goOnButton", Step.REMOVE: "removeLeftoverButton", Step.TRY_AGAIN: "tryAgainButton"}


def finding_rows(findings: Sequence[Finding]) -> tuple[FindingRow, ...]:
    """Rows to be read."""
    return tuple(_row(finding) for finding in _ordered(findings))


def rows_after_merge(findings: Sequence[Finding]) -> tuple[FindingRow, ...]:
    """Rows with what can be done about a merge that failed or left something."""
    return tuple(_row(finding, tuple(_follow_ups(finding))) for finding in _ordered(findings))


def rows_with_consents(
    findings: Sequence[Finding], given: frozenset[Consent], output: Path | None = None
) -> tuple[FindingRow, ...]:
    """Rows with what the person can do; consents that no finding asks for stay in sight, so as to be taken back.

    ``output`` is where a merge could start now.
    """
    listed = _ordered(without_doubles(findings))
    asked = {consent for finding in listed for consent in consents_asked_by(finding)}
    rest = (_consent_row(consent) for consent in sorted(given - asked))
    return (*(_row(finding, tuple(_actions(finding, given, output))) for finding in listed), *rest)


def _ordered(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: _WORST_FIRST.index(finding.severity))


def _row(finding: Finding, actions: tuple[RowAction, ...] = ()) -> FindingRow:
    message = finding_message(finding)
    if any(isinstance(action.sends, FollowUp) and action.sends.step is Step.REMOVE for action in actions):
        message = Message(message.sentence)  # it names commands for what the buttons do
    severity = say(f"severity.{finding.severity}")
    return FindingRow(finding.severity, message, f"{severity}: {message.whole}", actions)


def _consent_row(consent: Consent) -> FindingRow:
    box = _box(consent, is_given=True)
    return FindingRow(Severity.INFO, Message(""), box.label, (box,))


def _actions(finding: Finding, given: frozenset[Consent], output: Path | None) -> Iterator[RowAction]:
    original = local_original(finding)
    if original is not None:
        yield RowAction(say("use_original"), str(original), "useOriginalButton", original)
    earlier = earlier_adapter(finding)
    if earlier is not None:
        yield RowAction(say("add_earlier"), str(earlier.folder), "addEarlierButton", earlier)
    yield from (_box(consent, is_given=consent in given) for consent in consents_asked_by(finding))
    if finding.severity is not Severity.ERROR:  # the merge that one speaks of has not begun
        yield from _follow_ups(finding, output)


def _follow_ups(finding: Finding, output: Path | None = None) -> Iterator[RowAction]:
    for chosen in follow_ups(finding, output):
        label, meaning = say(f"follow_up.{chosen.step}.label"), say(f"follow_up.{chosen.step}.meaning")
        yield RowAction(label, meaning, _BUTTONS[chosen.step], chosen)


def _box(consent: Consent, *, is_given: bool) -> RowAction:
    label, meaning = say(f"consent.{consent}.label"), say(f"consent.{consent}.meaning")
    return RowAction(label, meaning, f"{consent}Check", consent, is_given)
