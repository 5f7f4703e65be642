"""Texts ready to be shown, whatever they are about."""

from __future__ import annotations

from dataclasses import dataclass

from mergedesk.domain.messages import Message

from ..theme.tone import Tone

SEPARATOR = " · "


def joined(*parts: str) -> str:
    """Those of the parts that say something, as one line."""
    return SEPARATOR.join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with the icon and the tone that go with it."""

    sentence: str
    icon: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Description:
    """What something is (``title``) and its numbers (``details``)."""

    title: str
    details: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class FailureText:
    """What went wrong, and for whoever helps, the traceback; ``kept`` says what there is of the result."""

    message: Message
    details: str
    kept: str = ""


@dataclass(frozen=True, slots=True)
class RowAction:
    """What can be done right at a finding; ``is_given`` is None for a button, else whether the box is ticked."""

    label: str
    meaning: str
    object_name: str
    sends: object
    is_given: bool | None = None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding: how bad (``info``, ``warning``, ``error``, or ``success``), what is so, and what can be done.

    ``subject`` names which of several adapters is meant, and leads to it.
    """

    severity: str
    message: Message
    spoken: str
    actions: tuple[RowAction, ...] = ()
    subject: RowAction | None = None
