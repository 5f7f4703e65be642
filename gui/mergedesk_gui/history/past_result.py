"""What lies beside the model of a past merge: a few numbers for the list, or all that its pages show."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from mergedesk.domain.findings import UserError
from mergedesk.domain.requests import MergeRequest

from ..state.form import form_of
from ..state.result_context import ResultContext


@dataclass(frozen=True, slots=True)
class MergeSummary:
    """``nbytes`` of all files and the job's ``seconds``, 0 where the report does not tell."""

    nbytes: int = 0
    seconds: float = 0.0
    precision: str = ""


def summary_of(folder: Path) -> MergeSummary | None:
    """What the report of a merged folder says in short; None where there is no report any more."""
    from mergedesk.checkpoints.files import has_report
    from mergedesk.reports.formats import read_report
    from mergedesk.reports.json_values import real, text, whole

    if not has_report(folder):
        return None
    with suppress(UserError, OSError):
        stated = read_report(folder)
        return MergeSummary(whole(stated, "total_bytes"), max(0.0, real(stated, "seconds")), text(stated, "precision"))
    return MergeSummary()


def past_result(request: MergeRequest, folder: Path) -> ResultContext:
    """What the pages of results show of a merge, as they did when it was made. Raises UserError.

    ``folder``: where its result is now.
    """
    from mergedesk.reports.stored_report import stored_report

    report = replace(stored_report(folder), combination=request.combination, rounding=request.rounding)
    choices = replace(form_of(request), output=None, overwrite=False)
    return ResultContext(request.base, request.adapters, folder, request.combination, report, choices=choices)
