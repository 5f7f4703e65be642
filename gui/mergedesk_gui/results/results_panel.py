"""The right side: a tab for each page on what is known before a merge, and on what came of it."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from ..state.inspection import Inspection
from ..state.mode import Mode
from ..state.result_context import ResultContext
from ..theme.stylesheet import UNIT
from ..widgets.icons import IconToolButton
from ..widgets.layouts import column, frame, row, scrolled
from ..widgets.naming import named
from ..widgets.page_tabs import PageTab, PageTabs
from .made_of_band import MadeOfBand
from .preflight_panel import PreflightPanel
from .welcome import WelcomePanel

_WIDEST = 1200


class Page(IntEnum):
    """The pages of the right side."""

    PREFLIGHT = 0
    RESULT = 1
    EFFECT = 2
    PLAYGROUND = 3
    DEPLOY = 4
    QUEUE = 5
    LIBRARY = 6


ABOUT_RESULTS = (Page.RESULT, Page.EFFECT, Page.DEPLOY)
"""The pages that are about a job, whatever the form is by now."""


class ResultsPanel(QFrame):
    """Shows the page that matters; the person can go back to the other ones."""

    turned = Signal(object)
    """The ``Page`` that is shown from now on."""
    help_asked = Signal()
    """The manual is to say something of the page that is shown."""

    def __init__(self, demo: QWidget, make_page: Callable[[Page], QWidget]) -> None:
        """``demo`` is offered on the first page; ``make_page`` makes the later ones when they are first shown."""
        super().__init__()
        self.setProperty("part", "page")
        self._make_page = make_page
        self._has_result = self._can_try = False
        self.welcome = WelcomePanel(demo)
        self.preflight = PreflightPanel()
        self.preflight.hide()
        self._pages = QStackedWidget()
        self._pages.addWidget(_scrolled(self.welcome, self.preflight))
        for _later in list(Page)[1:]:
            self._pages.addWidget(QWidget())
        self._tabs = self._make_tabs()
        question = IconToolButton("help", self.tr("Help for this page (F1)"), clicked=self.help_asked)
        header = row(self._tabs, named(question, "pageHelpButton"))
        header.setAlignment(question, Qt.AlignmentFlag.AlignRight)
        header.setContentsMargins(3 * UNIT, UNIT, 3 * UNIT, 0)
        self.band = MadeOfBand()
        beside = row(self.band)
        beside.setContentsMargins(3 * UNIT, UNIT, 3 * UNIT, 0)
        self.setLayout(column(header, beside, self._pages, spacing=0))
        QWidget.setTabOrder(self._tabs.list, self.band.again)
        QWidget.setTabOrder(self.band.again, self.band.progress)

    @property
    def page(self) -> Page:
        """The page being shown."""
        return Page(self._pages.currentIndex())

    def show_context(self, context: ResultContext | None) -> None:
        """Open the pages that have something to say of a merge."""
        self._tabs.enable(Page.EFFECT, context is not None and context.weight_delta is not None)
        self._has_result = context is not None
        self._show_trial()
        self._tabs.enable(Page.DEPLOY, context is not None)

    def allow_trial(self, is_allowed: bool) -> None:
        """Open “Try it” before a merge too, or not."""
        self._can_try = is_allowed
        self._show_trial()
        if is_allowed:
            self._tabs.show()

    def _show_trial(self) -> None:
        self._tabs.enable(Page.PLAYGROUND, self._has_result or self._can_try)

    def prepare(self, page: Page) -> None:
        """Have ``page`` made, if it is not yet."""
        empty = self._pages.widget(page)
        if empty is not None and not isinstance(empty, QScrollArea):
            self._pages.insertWidget(page, _scrolled(self._make_page(page)))
            self._pages.removeWidget(empty)

    def show_page(self, page: Page) -> None:
        """Turn to ``page``, if there is anything on it."""
        if self._tabs.bar.isTabEnabled(page):
            self._tabs.bar.setCurrentIndex(page)

    def show_queue(self) -> None:
        """Turn to the queue; from then on all pages are named."""
        self._tabs.show()
        self.show_page(Page.QUEUE)

    def show_left(self, number: int) -> None:
        """Say at the queue's tab how many jobs are still to come."""
        name = self.tr("Queue ({number})").format(number=number) if number else self.tr("Queue")
        self._tabs.rename(Page.QUEUE, name)

    def show_library(self) -> None:
        """Turn to what is on this computer; from then on all pages are named."""
        self._tabs.show()
        self.show_page(Page.LIBRARY)

    def name_pages(self) -> None:
        """Name all pages: there is more than one to see."""
        self._tabs.show()

    def show_result(self) -> None:
        """Turn to the result, and to its top: there stands what is new."""
        self._tabs.enable(Page.RESULT, True)
        self._tabs.show()
        self.show_page(Page.RESULT)
        area = self._pages.currentWidget()
        if isinstance(area, QScrollArea):
            area.verticalScrollBar().setValue(0)

    def show_inspection(self, inspection: Inspection) -> None:
        """Show the preflight once there are two folders for it, the three steps before."""
        has_answer = inspection.choices.has_inputs or inspection.failure is not None
        if has_answer:
            self._tabs.show()
        self.welcome.setVisible(not has_answer)
        self.preflight.setVisible(has_answer)
        self.welcome.show_inspection(inspection)
        self.preflight.show_inspection(inspection)

    def show_mode(self, mode: Mode) -> None:
        """Call things by what the window is used for."""
        verifies = mode is Mode.VERIFY
        name = self.tr("Before verifying") if verifies else self.tr("Before the merge")
        self._tabs.rename(Page.PREFLIGHT, name)
        self.welcome.show_mode(mode)

    def _make_tabs(self) -> PageTabs:
        of_merge = (
            PageTab(self.tr("Before the merge"), "info"),
            PageTab(self.tr("Result"), "proof"),
            PageTab(self.tr("Effect"), "tune"),
            PageTab(self.tr("Try it"), "prompt"),
            PageTab(self.tr("Use it"), "output"),
        )
        lists = (PageTab(self.tr("Queue"), "time"), PageTab(self.tr("Library"), "model"))
        tabs = PageTabs(self.tr("Pages"), (*of_merge, *lists))
        tabs.enable(Page.QUEUE, True)
        tabs.enable(Page.LIBRARY, True)
        tabs.turned.connect(self._turn_to)
        tabs.hide()
        return tabs

    def _turn_to(self, index: int) -> None:
        self.prepare(Page(index))
        self._pages.setCurrentIndex(index)
        self.turned.emit(Page(index))


def _scrolled(*parts: QWidget) -> QScrollArea:
    content = frame("page", column(*parts, None, spacing=2 * UNIT, margin=3 * UNIT))
    content.setMaximumWidth(_WIDEST)
    return scrolled(content, "page")
