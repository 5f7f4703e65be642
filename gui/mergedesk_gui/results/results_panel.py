"""The right side: what is known before the merge, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QTabBar, QWidget

from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import Progress
from mergedesk.domain.verdict import Verdict

from ..jobs.failures import Failure
from ..state.inspection import Inspection
from ..state.mode import Mode
from ..state.result_context import ResultContext
from ..text.messages import failure_text
from ..text.weight_delta_text import weight_delta_of
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.announce import announce
from ..widgets.failure_card import FailureCard
from ..widgets.icons import IconLabel
from ..widgets.labels import Text
from ..widgets.layouts import column, frame, row
from ..widgets.naming import named
from .preflight_panel import PreflightPanel
from .progress_panel import ProgressPanel
from .verdict_panel import VerdictPanel
from .verification_panel import VerificationPanel
from .welcome import WelcomePanel

_WIDEST = 1200


class Page(IntEnum):
    """The pages of the right side."""

    PREFLIGHT = 0
    RESULT = 1
    EFFECT = 2
    PLAYGROUND = 3
    DEPLOY = 4


class ResultsPanel(QFrame):
    """Shows the page that matters; the person can go back to the other one."""

    cancel_asked = Signal()
    again_asked = Signal()
    """The merge that failed shall be tried once more."""

    def __init__(self, demo: QWidget, make_page: Callable[[Page], QWidget]) -> None:
        """``demo`` is offered on the first page; ``make_page`` makes what no feature of this folder shows."""
        super().__init__()
        self.setProperty("part", "page")
        self.welcome = WelcomePanel(demo)
        self.preflight = PreflightPanel()
        self.progress = ProgressPanel()
        self.verification = VerificationPanel()
        self.verdict = VerdictPanel()
        self.failure = FailureCard(self.tr("Merge again"))
        self.failure.again_asked.connect(self.again_asked)
        self._cancelled = self._cancelled_card()
        self._outcomes = (self.progress, self.failure, self._cancelled, self.verdict, self.verification)
        self.progress.cancel_asked.connect(self.cancel_asked)
        self._pages = QStackedWidget()
        self._pages.addWidget(_scrolled(self.welcome, self.preflight))
        self._result = _scrolled(*self._outcomes)
        self._pages.addWidget(self._result)
        self._make_page = make_page
        for _later in (Page.EFFECT, Page.PLAYGROUND, Page.DEPLOY):
            self._pages.addWidget(QWidget())
        self._tabs = self._make_tabs()
        header = row(self._tabs, None)
        header.setContentsMargins(3 * UNIT, UNIT, 3 * UNIT, 0)
        self.setLayout(column(header, self._pages, spacing=0))
        self.preflight.hide()
        self._show_outcome()

    @property
    def page(self) -> Page:
        """The page being shown."""
        return Page(self._pages.currentIndex())

    def show_context(self, context: ResultContext | None) -> None:
        """Open the pages that have something to say of a merge."""
        self._tabs.setTabEnabled(Page.EFFECT, weight_delta_of(context) is not None)
        self._tabs.setTabEnabled(Page.PLAYGROUND, context is not None)
        self._tabs.setTabEnabled(Page.DEPLOY, context is not None)

    def show_page(self, page: Page) -> None:
        """Turn to ``page``, if there is anything on it."""
        if self._tabs.isTabEnabled(page):
            self._tabs.setCurrentIndex(page)

    def show_inspection(self, inspection: Inspection) -> None:
        """Show the preflight once there are two folders for it, the three steps before."""
        has_answer = inspection.choices.has_inputs or inspection.failure is not None
        self.welcome.setVisible(not has_answer)
        self.preflight.setVisible(has_answer)
        self.welcome.show_inspection(inspection)
        self.preflight.show_inspection(inspection)

    def show_started(self) -> None:
        """Show a merge that has just begun."""
        self.progress.begin()
        self._show_outcome(self.progress)

    def show_verification_started(self, keep: bool) -> None:
        """Show a verification that has just begun; ``keep`` what is on the page, since it is about that."""
        self.progress.begin(verifies=True)
        self._show_outcome(self.progress, *self._kept(keep))

    def show_progress(self, progress: Progress) -> None:
        """Show how far it is."""
        self.progress.show_progress(progress)

    def show_report(self, report: MergeReport) -> None:
        """Show how it ended."""
        self.verification.offer_verify_all(report.status is MergeStatus.MERGED)
        self.verification.show_report(report)
        self._show_outcome(self.verification)

    def show_verdict(self, verdict: Verdict, context: ResultContext, class_name: str = "") -> None:
        """Show how a verification ended, and below it the report of the merge, if that was made here."""
        self.verdict.show_verdict(verdict, context, class_name)
        announce(self, self.verdict.reason)
        self.verification.offer_verify_all(False)
        self._show_outcome(self.verdict, *((self.verification,) if context.report else ()))

    def show_failure(self, failure: Failure, keep: bool = False) -> None:
        """Show that it ended in a way nobody foresaw; ``keep`` what the page held before."""
        self.failure.show_failure(failure_text(failure), offers_again=failure.may_merge_again)
        self._show_outcome(self.failure, *self._kept(keep))

    def show_cancelled(self, keep: bool = False) -> None:
        """Show that it was stopped; ``keep`` what the page held before."""
        self._show_outcome(*(self._kept(keep) or (self._cancelled,)))

    def show_mode(self, mode: Mode) -> None:
        """Call things by what the window is used for."""
        verifies = mode is Mode.VERIFY
        name = self.tr("Before verifying") if verifies else self.tr("Before the merge")
        self._tabs.setTabText(Page.PREFLIGHT, name)
        self.welcome.show_mode(mode)

    def lock(self, is_locked: bool) -> None:
        """Keep what starts a job, and what it was allowed, as they are while one is running."""
        for part in (self.preflight.findings, self.verification, self.verdict):
            part.lock(is_locked)

    @property
    def shows_verdict_alone(self) -> bool:
        """Whether the result is a verdict on a folder that was not merged here just now."""
        return not self.verdict.isHidden() and self.verification.isHidden()

    def _kept(self, keep: bool) -> tuple[QWidget, ...]:
        """Of verdict and report those that are on the page."""
        return tuple(one for one in (self.verdict, self.verification) if keep and not one.isHidden())

    def _show_outcome(self, *shown: QWidget) -> None:
        for outcome in self._outcomes:
            outcome.setVisible(outcome in shown)
        self._tabs.setTabEnabled(Page.RESULT, bool(shown))
        self._tabs.setVisible(bool(shown))
        if shown:
            self._result.verticalScrollBar().setValue(0)  # what is new stands at the top
            self.show_page(Page.RESULT)

    def _make_tabs(self) -> QTabBar:
        tabs = named(QTabBar(drawBase=False, expanding=False), spoken=self.tr("Pages"))
        tabs.addTab(self.tr("Before the merge"))
        tabs.addTab(self.tr("Result"))
        tabs.addTab(self.tr("Effect"))
        tabs.setTabEnabled(Page.EFFECT, False)
        tabs.addTab(self.tr("Try it"))
        tabs.setTabEnabled(Page.PLAYGROUND, False)
        tabs.addTab(self.tr("Use it"))
        tabs.setTabEnabled(Page.DEPLOY, False)
        tabs.currentChanged.connect(self._turn_to)
        return tabs

    def _turn_to(self, index: int) -> None:
        empty = self._pages.widget(index)
        if empty is not None and not isinstance(empty, QScrollArea):
            self._pages.insertWidget(index, _scrolled(self._make_page(Page(index))))
            self._pages.removeWidget(empty)
        self._pages.setCurrentIndex(index)

    def _cancelled_card(self) -> QFrame:
        title = Text(self.tr("Cancelled"), TextRole.DISPLAY)
        text = Text(self.tr("Nothing was left behind. Base and adapter are as they were."), tone="quiet")
        line = row(IconLabel("skipped", "quiet", 28), title, spacing=12, grows=1)
        return frame("card", column(line, text, margin=3 * UNIT))


def _scrolled(*parts: QWidget) -> QScrollArea:
    content = frame("page", column(*parts, None, spacing=2 * UNIT, margin=3 * UNIT))
    content.setMaximumWidth(_WIDEST)
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setProperty("part", "page")
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAlignment(Qt.AlignmentFlag.AlignLeft)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area
