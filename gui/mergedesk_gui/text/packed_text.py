"""Models that are packed for servers, and that were, as sentences."""

from __future__ import annotations

from mergedesk.domain.packed_export import ExportStatus, PackedExport, PackedForecast
from mergedesk.domain.progress import Progress, Stage

from .lines import joined
from .messages import say
from .numbers import human_bytes
from .progress_text import progress_numbers, progress_title


def packing_line(progress: Progress) -> str:
    """What is done now, how much of it, and how long it will take."""
    title = say("packed.packing") if progress.stage is Stage.MERGE else progress_title(progress, verifies=False)
    return joined(title, progress_numbers(progress))


def forecast_line(forecast: PackedForecast, form: str) -> str:
    """How much it will take; empty where that is not known."""
    size, free = forecast.bytes_by_form.get(form), forecast.free_bytes
    if size is None or free is None:
        return ""
    return say("packed.forecast", size=human_bytes(size), free=human_bytes(free))


def packed_line(report: PackedExport) -> str:
    """What came of it."""
    if report.status is not ExportStatus.EXPORTED:
        return say("packed.not_done")
    return say("packed.done", path=str(report.output), size=human_bytes(report.total_bytes))
