"""What is tried: a base with adapters, before a merge or after it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mergedesk.domain.requests import SUM, AdapterChoice, Combination

from .form import Form
from .result_context import ResultContext


@dataclass(frozen=True, slots=True)
class TrialSubject:
    """``merged`` is None before a merge."""

    base: Path
    adapters: tuple[AdapterChoice, ...]
    merged: Path | None = None
    combination: Combination = SUM

    def is_made_of(self, other: TrialSubject) -> bool:
        """Whether both are of the same base and adapters, at the same strengths."""
        return (self.base, self.adapters, self.combination) == (other.base, other.adapters, other.combination)


def subject_of(context: ResultContext | None) -> TrialSubject | None:
    """What a result lets be tried."""
    if context is None:
        return None
    return TrialSubject(context.base, context.adapters, context.merged, context.combination)


def subject_of_form(form: Form) -> TrialSubject | None:
    """What a form lets be tried before it is merged."""
    if form.base is None or not form.adapters or form.verifies:
        return None
    return TrialSubject(form.base, form.adapters, None, form.combination)
