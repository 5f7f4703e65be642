"""Past merges of earlier versions, which kept them among the window's settings: put into the list, once."""

from __future__ import annotations

from mergedesk.domain.merge_record import Front, MergeRecord
from mergedesk.domain.merge_report import MergeStatus

from ..jobs.engine_api import EngineApi
from ..state.history_entry import HistoryEntry
from ..state.settings import Settings
from .past_result import summary_of


def taken_over(backend: EngineApi, settings: Settings) -> None:
    """Put them into the list, and forget them in the settings once all are there."""
    older = settings.past_merges
    if older and all(backend.keep_past_merge(_record(entry)) for entry in reversed(older)):
        settings.forget_past_merges()


def _record(entry: HistoryEntry) -> MergeRecord:
    summary = summary_of(entry.output)
    numbers = (summary.seconds, summary.nbytes, summary.precision) if summary else (0.0, 0, "")
    return MergeRecord(entry.when, entry.choices.request(entry.output), MergeStatus.MERGED, Front.WINDOW, (), *numbers)
