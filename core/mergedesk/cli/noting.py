"""Merges of the command line in the list of past merges, however the command ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer

from ..domain.findings import Finding, UserError
from ..domain.merge_record import Front
from ..domain.merge_report import MergeReport, MergeStatus
from ..domain.requests import MergeRequest
from ..pipelines.history.recording import record_of, record_of_end
from ..pipelines.history.store import keep
from ..support.failures import finding_of
from .output import ExitCode


@dataclass(slots=True)
class Note:
    """What is known of a merge by now: what was asked for, and its report."""

    request: MergeRequest
    report: MergeReport | None = None


@contextmanager
def noted(request: MergeRequest, *, is_wanted: bool) -> Iterator[Note]:
    """Put a merge into the list when the block ends; what was asked for in a wrong way is none."""
    note = Note(request)
    try:
        yield note
    except typer.BadParameter:
        raise
    except BaseException as end:
        if is_wanted:
            _keep(note, end)
        raise


def _keep(note: Note, end: BaseException) -> None:
    if note.report is not None:
        keep(record_of(note.request, note.report, Front.COMMAND))
    else:
        is_cancelled = isinstance(end, typer.Exit) and end.exit_code == ExitCode.CANCELLED
        status = MergeStatus.CANCELLED if is_cancelled else MergeStatus.FAILED
        keep(record_of_end(note.request, Front.COMMAND, status, _reasons(end)))


def _reasons(end: BaseException) -> list[Finding]:
    """Why a command ended: an exit is raised over the error that was told."""
    cause: BaseException | None = end
    while cause is not None:
        if isinstance(cause, UserError):
            return [cause.finding()]
        cause = cause.__cause__ or cause.__context__
    return [] if isinstance(end, typer.Exit) else [finding_of(end)]
