"""The right side: what is known before the merge, and what came of it."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QTabBar, QWidget

from mergedesk.progress import Progress
from mergedesk.report import MergeReport

from ..failures import Failure
from ..inspection import Inspection
from ..subject import Subject
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconLabel
from ..widgets.labels import Text
from ..widgets.layouts import column, frame, row
from ..widgets.naming import named
from .checks import ChecksPanel
from .failure import FailureCard
from .progress import ProgressPanel
from .verification import VerificationPanel
from .welcome import WelcomePanel

_WIDEST = 1200


class Page(IntEnum):
    """The two pages of the right side."""

    CHECKS = 0
    RESULT = 1


class ResultsPanel(QFrame):
    """Shows the page that matters; the person can go back to the other one."""

    cancel_asked = Signal()
    subject_changed = Signal(object)
    """The ``Subject`` that the pages are about from now on; None while there is none, as during a merge."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "page")
        self._subject: Subject | None = None
        self.welcome = WelcomePanel()
        self.checks = ChecksPanel()
        self.progress = ProgressPanel()
        self.verification = VerificationPanel()
        self.failure = FailureCard()
        self._cancelled = self._cancelled_card()
        self._outcomes = (self.progress, self.verification, self.failure, self._cancelled)
        self.progress.cancel_asked.connect(self.cancel_asked)
        self._pages = QStackedWidget()
        self._pages.addWidget(_scrolled(self.welcome, self.checks))
        self._pages.addWidget(_scrolled(*self._outcomes))
        self._tabs = self._make_tabs()
        header = row(self._tabs, None)
        header.setContentsMargins(3 * UNIT, UNIT, 3 * UNIT, 0)
        self.setLayout(column(header, self._pages, spacing=0))
        self.checks.hide()
        self._show_outcome(None)

    @property
    def page(self) -> Page:
        """The page being shown."""
        return Page(self._pages.currentIndex())

    @property
    def subject(self) -> Subject | None:
        """The merge that was made or checked last; None while a job runs, and where it left no folder."""
        return self._subject

    def set_subject(self, subject: Subject | None) -> None:
        """Tell the pages which merge they are about."""
        if subject != self._subject:
            self._subject = subject
            self.subject_changed.emit(subject)

    def show_page(self, page: Page) -> None:
        """Turn to ``page``, if there is anything on it."""
        if self._tabs.isTabEnabled(page):
            self._tabs.setCurrentIndex(page)

    def show_inspection(self, inspection: Inspection) -> None:
        """Show the checks once there are two folders to check, the three steps before."""
        has_answer = inspection.choices.has_inputs or inspection.failure is not None
        self.welcome.setVisible(not has_answer)
        self.checks.setVisible(has_answer)
        self.welcome.show_inspection(inspection)
        self.checks.show_inspection(inspection)

    def show_started(self) -> None:
        """Show a merge that has just begun."""
        self.set_subject(None)
        self.progress.begin()
        self._show_outcome(self.progress)

    def show_progress(self, progress: Progress) -> None:
        """Show how far it is."""
        self.progress.show_progress(progress)

    def show_report(self, report: MergeReport) -> None:
        """Show how it ended."""
        self.verification.show_report(report)
        self._show_outcome(self.verification)

    def show_failure(self, failure: Failure) -> None:
        """Show that it ended in a way nobody foresaw."""
        self.failure.show_failure(failure)
        self._show_outcome(self.failure)

    def show_cancelled(self) -> None:
        """Show that it was stopped."""
        self._show_outcome(self._cancelled)

    def _show_outcome(self, shown: QWidget | None) -> None:
        for outcome in self._outcomes:
            outcome.setVisible(outcome is shown)
        self._tabs.setTabEnabled(Page.RESULT, shown is not None)
        self._tabs.setVisible(shown is not None)
        if shown is not None:
            self.show_page(Page.RESULT)

    def _make_tabs(self) -> QTabBar:
        tabs = named(QTabBar(drawBase=False, expanding=False), spoken=self.tr("Pages"))
        tabs.addTab(self.tr("Before the merge"))
        tabs.addTab(self.tr("Result"))
        tabs.currentChanged.connect(self._pages.setCurrentIndex)
        return tabs

    def _cancelled_card(self) -> QFrame:
        title = Text(self.tr("Cancelled"), TextRole.DISPLAY)
        text = Text(self.tr("Nothing was left behind. Base and adapter are as they were."), tone="quiet")
        line = row(IconLabel("skipped", "quiet", 28), title, spacing=12)
        line.setStretch(1, 1)
        return frame("card", column(line, text, margin=3 * UNIT))


def _scrolled(*parts: QWidget) -> QScrollArea:
    content = frame("page", column(*parts, None, spacing=0, margin=3 * UNIT))
    content.setMaximumWidth(_WIDEST)
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setProperty("part", "page")
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAlignment(Qt.AlignmentFlag.AlignLeft)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area
