"""Tools, steps and remarks on using a model elsewhere, in the window's language."""

from __future__ import annotations

from mergedesk.deployment import messages as core
from mergedesk.deployment.codes import Outcome, Remark, UsageStep
from mergedesk.domain.messages import Message

from .messages import window_language


def remark_message(remark: Remark) -> Message:
    """A remark in words."""
    return core.remark_text(remark, window_language())


def outcome_name(outcome: Outcome) -> str:
    """An outcome as a word."""
    return core.outcome_name(outcome, window_language())


def step_heading(step: UsageStep) -> str:
    """What a step is for."""
    return core.step_heading(step.code, window_language())
