"""What a job was asked with, which stays when the form is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mergedesk.domain.requests import VerifyRequest

from .form import Form
from .mode import Mode

_OF_BOTH = ("base", "adapters", "combination")
_OF_MERGES = ("precision", "engine", "shard_size", "rounding")


@dataclass(frozen=True, slots=True)
class MadeOf:
    """The form of a job; ``when`` is its begin while it runs, and its end afterwards."""

    form: Form
    when: datetime
    runs: bool = False


def same_inputs(one: Form, other: Form) -> bool:
    """Whether two forms ask the same of the same folders; where it goes and what was allowed for it are left out.

    A form to verify is about the folders alone: how a merge is made counts only between two merges.
    """
    counted: tuple[str, ...] = _OF_BOTH
    if one.mode is other.mode:
        counted += ("merged",) if one.verifies else _OF_MERGES
    return all(getattr(one, name) == getattr(other, name) for name in counted)


def form_of_verification(request: VerifyRequest) -> Form:
    """The choices that ask for a verification."""
    return Form(
        base=request.base,
        adapters=request.adapters,
        combination=request.combination,
        mode=Mode.VERIFY,
        merged=request.merged,
        quick=request.quick,
    )
