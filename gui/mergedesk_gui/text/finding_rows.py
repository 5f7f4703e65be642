"""Findings as rows to be shown, the worst first, with the consents that can be given right there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from mergedesk.domain.findings import Finding, Severity
from mergedesk.domain.folder_names import spoken_name
from mergedesk.domain.messages import Message

from ..state.chain import earlier_adapter
from ..state.consents import Consent, consents_asked_by, local_original, without_doubles
from ..state.follow_up import FollowUp, Step, follow_ups
from ..state.form import NOTHING
from ..state.form_changes import FormChange
from ..state.inspection import Inspection
from ..state.places import is_one_of_many, place_of
from ..state.ways_out import ways_out
from .lines import FindingRow, RowAction
from .messages import finding_message, say

_NOTHING_KNOWN = Inspection(NOTHING)
_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_BUTTONS = {Step.GO_ON: "goOnButton", Step.REMOVE: "removeLeftoverButton", Step.TRY_AGAIN: "tryAgainButton"}


def finding_rows(findings: Sequence[Finding]) -> tuple[FindingRow, ...]:
    """Rows to be read."""
    return tuple(_row(finding) for finding in _ordered(findings))


def rows_after_merge(findings: Sequence[Finding]) -> tuple[FindingRow, ...]:
    """Rows with what can be done about a merge that failed or left something."""
    listed = _ordered(findings)
    return tuple(_row(finding, (*_follow_ups(finding), *_ways_out(finding, _NOTHING_KNOWN))) for finding in listed)


def rows_with_consents(
    known: Inspection, given: frozenset[Consent], output: Path | None = None
) -> tuple[FindingRow, ...]:
    """Rows with what the person can do; consents that no finding asks for stay in sight, so as to be taken back.

    ``output`` is where a merge could start now.
    """
    listed = _ordered(without_doubles(known.findings))
    asked = {consent for finding in listed for consent in consents_asked_by(finding)}
    rest = (_consent_row(consent) for consent in sorted(given - asked))
    rows = (_row(one, tuple(_actions(one, known, given, output)), _subject(one, known)) for one in listed)
    return (*rows, *rest)


def _ordered(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: _WORST_FIRST.index(finding.severity))


def _row(finding: Finding, actions: tuple[RowAction, ...] = (), subject: RowAction | None = None) -> FindingRow:
    message = finding_message(finding)
    if any(isinstance(action.sends, FollowUp) and action.sends.step is Step.REMOVE for action in actions):
        message = Message(message.sentence)  # it names commands for what the buttons do
    severity = say(f"severity.{finding.severity}")
    about = f"{subject.label}, {subject.meaning}. " if subject else ""
    return FindingRow(finding.severity, message, f"{severity}: {about}{message.whole}", actions, subject)


def _subject(finding: Finding, known: Inspection) -> RowAction | None:
    """Which of several adapters is meant."""
    place = place_of(finding, known.choices)
    if place is None or not is_one_of_many(place, known.choices):
        return None
    name = spoken_name(known.choices.adapters[place.adapter].folder)
    return RowAction(say("finding_about_adapter", number=str(place.adapter + 1)), name, "subjectButton", place)


def _consent_row(consent: Consent) -> FindingRow:
    box = _box(consent, is_given=True)
    return FindingRow(Severity.INFO, Message(""), box.label, (box,))


def _actions(
    finding: Finding, known: Inspection, given: frozenset[Consent], output: Path | None
) -> Iterator[RowAction]:
    original = local_original(finding)
    if original is not None:
        yield RowAction(say("use_original"), str(original), "useOriginalButton", original)
    earlier = earlier_adapter(finding)
    if earlier is not None:
        yield RowAction(say("add_earlier"), str(earlier.folder), "addEarlierButton", earlier)
    yield from (_box(consent, is_given=consent in given) for consent in consents_asked_by(finding))
    if finding.severity is not Severity.ERROR:  # the merge that one speaks of has not begun
        yield from _follow_ups(finding, output)
    yield from _ways_out(finding, known)


def _ways_out(finding: Finding, known: Inspection) -> Iterator[RowAction]:
    for way in ways_out(finding, known):
        meaning = str(way.path) if way.path and isinstance(way.way, FormChange) else way.name
        yield RowAction(say(f"way.{way.way}"), meaning, f"{way.way}Button", way)


def _follow_ups(finding: Finding, output: Path | None = None) -> Iterator[RowAction]:
    for chosen in follow_ups(finding, output):
        label, meaning = say(f"follow_up.{chosen.step}.label"), say(f"follow_up.{chosen.step}.meaning")
        yield RowAction(label, meaning, _BUTTONS[chosen.step], chosen)


def _box(consent: Consent, *, is_given: bool) -> RowAction:
    label, meaning = say(f"consent.{consent}.label"), say(f"consent.{consent}.meaning")
    return RowAction(label, meaning, f"{consent}Check", consent, is_given)
