"""One question to the demo's base and merged model, so that a person sees in a sentence what the merge did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..checkpoints.files import REPORT
from ..domain.findings import UserError
from ..domain.merge_report import MergeReport, QuestionAnswered, report_text
from ..domain.progress import CancelToken
from ..domain.requests import AdapterChoice
from ..inference.prompts import DEMO_QUESTION
from ..inference.trial import OnPiece, Side, Trial, TrialReport, TrialRequest
from ..output.companions import write_text

_MAX_TOKENS = 48
_SIDES = (Side.BASE, Side.MERGED)

Try = Callable[[TrialRequest, OnPiece, TrialReport, CancelToken], Trial]


def answers(try_it: Try, base: Path, adapter: Path, merged: Path, question: str = DEMO_QUESTION) -> QuestionAnswered:
    """The greedy answers of base and merged model, by their chat template, at most 48 tokens each; ``try_it`` asks.

    Raises UserError where a model cannot be asked.
    """
    request = TrialRequest(base, (AdapterChoice(adapter),), merged, question, sides=_SIDES, max_new_tokens=_MAX_TOKENS)
    trial = try_it(request, lambda _: None, lambda _: None, CancelToken())
    for trouble in [answer.trouble for answer in trial.answers] if trial.answers else trial.findings:
        if trouble:
            raise UserError(trouble.code, **trouble.data)
    said = {answer.side: answer.text.strip() for answer in trial.answers}
    return QuestionAnswered(question, said[Side.BASE], said[Side.MERGED])


def with_answers(report: MergeReport, *said: QuestionAnswered) -> MergeReport:
    """The report with what the models said, in its folder too. Raises UserError, OSError where it cannot be written."""
    file = report.output / REPORT
    others = tuple(entry for entry in report.files if entry.name != REPORT)
    write_text(file, report_text(replace(report, answers=said, files=others)))
    size = file.stat().st_size
    sizes = tuple(replace(entry, bytes=size) if entry.name == REPORT else entry for entry in report.files)
    return replace(report, answers=said, files=sizes)
