"""Whether a merge can start, and if not, the one thing in its way."""

from __future__ import annotations

from dataclasses import dataclass

from mergedesk.domain.findings import errors_of

from ..state.form import Form
from ..state.inspection import Inspection
from .folder_text import merged_trouble
from .messages import finding_message, say, shard_size_trouble


@dataclass(frozen=True, slots=True)
class Readiness:
    """``sentence`` says why not, or that all is well."""

    ready: bool
    sentence: str
    is_problem: bool = False


def readiness(
    choices: Form,
    inspection: Inspection | None,
    *,
    running: bool = False,
    merged: bool = False,
    joins_queue: bool = False,
) -> Readiness:
    """Whether the Merge button may be pressed.

    ``inspection`` is None while one is on its way; ``running`` says that these choices are being merged or verified,
    ``merged`` that they were merged already, ``joins_queue`` that others are, for which these would wait.
    """
    if running:
        return Readiness(False, say(f"ready.busy_{choices.mode}"))
    if merged:
        return Readiness(False, say("ready.merged_already"))
    missing = _missing(choices)
    if missing:
        return Readiness(False, missing)
    trouble = "" if choices.verifies else shard_size_trouble(choices.shard_size)
    if trouble:
        return Readiness(False, trouble, is_problem=True)
    if inspection is None or not inspection.complete:
        return Readiness(False, say("ready.looking"))
    problem = _problem(inspection)
    if problem:
        return Readiness(False, problem, is_problem=True)
    return Readiness(True, say("ready.waits") if joins_queue else say(f"ready.to_{choices.mode}"))


def _missing(choices: Form) -> str:
    if choices.base is None:
        return say("ready.lacks_base") if choices.adapters else say("ready.lacks_inputs")
    if not choices.adapters:
        return say("ready.lacks_adapter")
    return say("ready.lacks_merged") if choices.verifies and choices.merged is None else ""


def _problem(inspection: Inspection) -> str:
    if inspection.failure is not None:
        return finding_message(inspection.failure.finding).whole
    errors = errors_of(inspection.findings)
    if not errors:
        return merged_trouble(inspection)
    first = finding_message(errors[0]).sentence
    others = len(errors) - 1
    return f"{first} {say('ready.other_problems', count=others)}" if others else first
