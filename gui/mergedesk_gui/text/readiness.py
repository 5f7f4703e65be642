"""Whether a merge can start, and if not, the one thing in its way."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from mergedesk.domain.findings import Finding, Severity

from ..state.form import Form
from ..state.inspection import Inspection
from .merged_folder_text import merged_trouble
from .messages import finding_message, shard_size_trouble

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Readiness:
    """``sentence`` says why not, or that all is well."""

    ready: bool
    sentence: str
    is_problem: bool = False


def readiness(
    choices: Form, inspection: Inspection | None, *, running: bool = False, merged: bool = False
) -> Readiness:
    """Whether the Merge button may be pressed.

    ``inspection`` is None while one is on its way; ``merged`` says that these choices were merged already.
    """
    if running:
        return Readiness(False, _busy(choices))
    if merged:
        return Readiness(False, translate("Readiness", "This is merged. Change something to merge again."))
    missing = _missing(choices)
    if missing:
        return Readiness(False, missing)
    trouble = "" if choices.verifies else shard_size_trouble(choices.shard_size)
    if trouble:
        return Readiness(False, trouble, is_problem=True)
    if inspection is None or not inspection.complete:
        return Readiness(False, translate("Readiness", "Looking at the folders…"))
    problem = _problem(inspection)
    if problem:
        return Readiness(False, problem, is_problem=True)
    if choices.verifies:
        return Readiness(True, translate("Readiness", "Ready to verify."))
    return Readiness(True, translate("Readiness", "Ready to merge."))


def errors_of(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that stop a merge."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def _busy(choices: Form) -> str:
    if choices.verifies:
        return translate("Readiness", "A verification is running.")
    return translate("Readiness", "A merge is running.")


def _missing(choices: Form) -> str:
    if choices.base is None and not choices.adapters:
        return translate("Readiness", "Choose a base model and an adapter.")
    if choices.base is None:
        return translate("Readiness", "Choose the base model.")
    if not choices.adapters:
        return translate("Readiness", "Choose the adapter.")
    if choices.verifies and choices.merged is None:
        return translate("Readiness", "Choose the merged model to verify.")
    return ""


def _problem(inspection: Inspection) -> str:
    if inspection.failure is not None:
        return finding_message(inspection.failure.finding).whole
    errors = errors_of(inspection.findings)
    if not errors:
        return merged_trouble(inspection)
    first = finding_message(errors[0]).sentence
    others = len(errors) - 1
    if not others:
        return first
    more = translate("Readiness", "(and %n other problem(s))", None, others)
    return f"{first} {more}"
