"""Which merge the pages of results are about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.requests import SUM, AdapterChoice, Combination, MergeRequest
from mergedesk.domain.verdict import Verdict, effect_of
from mergedesk.domain.weight_delta import WeightDelta

from .form import Form


@dataclass(frozen=True, slots=True)
class ResultContext:
    """A merged folder and what it was made of; ``report`` if it was made here, ``verdict`` if it was verified.

    At least one of the two is there. After a verification the folder may be a wrong merge, or not a model at all.
    """

    base: Path
    adapters: tuple[AdapterChoice, ...]
    merged: Path
    combination: Combination = SUM
    report: MergeReport | None = None
    verdict: Verdict | None = None
    choices: Form | None = None
    """All that was asked for, of a past merge."""

    @property
    def weight_delta(self) -> WeightDelta | None:
        """What is known of the adapter's effect on the weights; None where nothing is."""
        if self.report is not None and self.report.effect is not None and self.report.effect.modules:
            return self.report.effect
        return effect_of(self.verdict) if self.verdict is not None else None


class CurrentResult(QObject):
    """The merge that was made or verified last; None while a job runs, and where it left no folder."""

    changed = Signal(object)
    """The ``ResultContext`` from now on, or None."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context: ResultContext | None = None
        """What the pages are about."""

    def turn_to(self, context: ResultContext | None) -> None:
        """Tell the pages which merge they are about."""
        if context != self.context:
            self.context = context
            self.changed.emit(context)


def context_of(request: MergeRequest, report: MergeReport) -> ResultContext | None:
    """What a finished merge leaves to be looked at; None where it left no folder."""
    if report.status is not MergeStatus.MERGED:
        return None
    return ResultContext(request.base, request.adapters, report.output, request.combination, report)
