"""Tools, steps and remarks on using a model elsewhere, in the person's language."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from mergedesk.deployment.codes import Outcome, Remark, UsageStep
from mergedesk.deployment.messages import OUTCOMES, STEPS, WORDS
from mergedesk.domain import messages as wording
from mergedesk.domain.findings import Data

from .messages import Message

translate = QCoreApplication.translate


def remark_message(remark: Remark) -> Message:
    """A remark in words."""
    words = WORDS[remark.code]
    return Message(_filled(words.sentence, remark.data), _filled(words.way_out, remark.data))


def outcome_of(remark: Remark) -> Outcome:
    """How what was looked at turned out."""
    return WORDS[remark.code].outcome


def outcome_name(outcome: Outcome) -> str:
    """An outcome as a word."""
    return translate("wording", OUTCOMES[outcome])


def step_heading(step: UsageStep) -> str:
    """What a step is for."""
    return translate("wording", STEPS[step.code])


def _filled(template: str, data: Mapping[str, Data]) -> str:
    if not template:
        return ""
    known = {key: translate("wording", wording.NONE_KNOWN) if value is None else value for key, value in data.items()}
    return wording.fill(translate("wording", template), known)
