"""“Result”: what is going on, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.requests import MergeRequest
from mergedesk.domain.verdict import Verdict
from mergedesk.support.failures import Failure

from ..state.follow_up import is_left_of
from ..state.inspection import Inspection
from ..state.result_context import ResultContext
from ..text.messages import failure_text
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.failure_card import FailureCard
from ..widgets.icons import IconButton, IconLabel
from ..widgets.labels import Text
from ..widgets.layouts import column, frame, row
from ..widgets.naming import announce, named
from ..widgets.wrapping import WrapRow
from .progress_panel import ProgressPanel
from .verdict_panel import VerdictPanel
from .verification_panel import VerificationPanel

_Showing = Callable[["OutcomePage"], None]


class OutcomePage(QWidget):
    """Shows of progress, failure, verdict and report what there is."""

    again_asked = Signal()
    """The merge that came to nothing is wanted once more."""
    turned = Signal()
    """There is something new at the top."""

    def __init__(self) -> None:
        super().__init__()
        self.progress = ProgressPanel()
        self.verification = VerificationPanel()
        self.verdict = VerdictPanel()
        self.failure = FailureCard(self.tr("Merge again"))
        self.left = Text("", tone="quiet")
        self._cancelled = self._cancelled_card()
        self.again = named(IconButton(self.tr("Merge again"), "merge", clicked=self.again_asked), "repeatMergeButton")
        self._repeat = WrapRow(self.again)
        self._shown_with: list[_Showing] = []
        self._outcomes = (
            self.progress, self.failure, self._cancelled, self._repeat, self.verdict, self.verification,
        )  # fmt: skip
        self.setLayout(column(*self._outcomes, spacing=2 * UNIT))
        for outcome in self._outcomes:
            outcome.hide()

    @property
    def shows_verdict_alone(self) -> bool:
        """Whether the result is a verdict on a folder that was not merged here just now."""
        return not self.verdict.isHidden() and self.verification.isHidden()

    def take_over(self, other: OutcomePage) -> None:
        """Show what another page shows."""
        for showing in other._shown_with:
            showing(self)

    def show_started(self) -> None:
        """Show a merge that has just begun."""
        self._shown_with = [lambda page: page.show_started()]
        self.progress.begin()
        self._show(self.progress)

    def show_verification_started(self, keep: bool) -> None:
        """Show a verification that has just begun; ``keep`` what is on the page, since it is about that."""
        self._remember(lambda page: page.show_verification_started(keep), keep)
        self.progress.begin(verifies=True)
        self._show(self.progress, *self._kept(keep))

    def show_report(self, report: MergeReport, request: MergeRequest | None = None) -> None:
        """Show how a merge ended, and of what is named in ``request``."""
        self._shown_with = [lambda page: page.show_report(report, request)]
        self.verification.offer_verify_all(report.status is MergeStatus.MERGED)
        self.verification.show_report(report, request)
        self._show(self.verification, *(() if report.status is MergeStatus.MERGED else (self._repeat,)))

    def show_verdict(self, verdict: Verdict, context: ResultContext, class_name: str = "") -> None:
        """Show how a verification ended, and below it the report of the merge, if that was made here."""
        self._remember(lambda page: page.show_verdict(verdict, context, class_name), context.report is not None)
        self.verdict.show_verdict(verdict, context, class_name)
        announce(self, self.verdict.reason.plain)
        self.verification.offer_verify_all(False)
        self._show(self.verdict, *((self.verification,) if context.report else ()))

    def show_failure(self, failure: Failure, keep: bool = False) -> None:
        """Show that it ended in a way nobody foresaw; ``keep`` what the page held before."""
        self._remember(lambda page: page.show_failure(failure, keep), keep)
        self.failure.show_failure(failure_text(failure), offers_again=failure.may_merge_again)
        self._show(self.failure, *self._kept(keep))

    def show_inspection(self, inspection: Inspection) -> None:
        """Say on the page of a merge that was stopped whether it left anything."""
        left = any(is_left_of(inspection.output, one) for one in inspection.findings)
        self.left.setText(
            self.tr("What is left is named on the page “Before the merge”.")
            if left
            else self.tr("Nothing was left behind. Base and adapter are as they were.")
        )

    def show_cancelled(self, keep: bool = False) -> None:
        """Show that it was stopped; ``keep`` what the page held before."""
        self._remember(lambda page: page.show_cancelled(keep), keep)
        self.left.setText(self.tr("Base and adapter are as they were."))
        self._show(*(self._kept(keep) or (self._cancelled,)))

    def show_merge_cancelled(self) -> None:
        """Show that a merge was stopped, which may have been a mistake."""
        self.show_cancelled()
        self._shown_with = [lambda page: page.show_merge_cancelled()]
        self._show(self._cancelled, self._repeat)

    def lock(self, is_locked: bool) -> None:
        """Keep what starts a job from being pressed while one is running."""
        self.again.setEnabled(not is_locked)
        self.verification.lock(is_locked)
        self.verdict.lock(is_locked)

    def _remember(self, showing: _Showing, keep: bool) -> None:
        self._shown_with = [*(self._shown_with if keep else ()), showing]

    def _kept(self, keep: bool) -> tuple[QWidget, ...]:
        """Of verdict and report those that are on the page."""
        return tuple(part for part in (self.verdict, self.verification) if keep and not part.isHidden())

    def _show(self, *shown: QWidget) -> None:
        for outcome in self._outcomes:
            outcome.setVisible(outcome in shown)
        self.turned.emit()

    def _cancelled_card(self) -> QFrame:
        title = Text(self.tr("Cancelled"), TextRole.DISPLAY)
        line = row(IconLabel("skipped", "quiet", 28), title, spacing=12, grows=1)
        return frame("card", column(line, self.left, margin=3 * UNIT))
