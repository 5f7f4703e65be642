"""The pages that are made when they are needed."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QMainWindow, QWidget

from ..jobs.engine_api import EngineApi
from ..jobs.job_runner import JobRunner
from ..results.results_panel import Page
from ..state.settings import Settings

if TYPE_CHECKING:
    from ..deploy.deploy_controller import DeployController
    from ..effect.effect_page import EffectPage
    from ..history.past_merges import PastMergeList
    from ..library.library_controller import LibraryController
    from ..outside.outside_controller import OutsideController
    from ..playground.playground_controller import PlaygroundController
    from ..queue.queue_page import QueuePage
    from ..results.outcome_page import OutcomePage

_MADE = ("playground", "deploy", "library", "effect", "outcome", "queue_page")
_Made = TypeVar("_Made")


class LaterPages(QMainWindow):
    """A window whose pages are made at the first use of their attribute, and announced; wiring connects them then."""

    outcome_made = Signal(object)
    playground_made = Signal(object)
    deploy_made = Signal(object)
    queue_page_made = Signal(object)
    library_made = Signal(object)
    page_made = Signal(object)
    """Something that shows a result was made: a page or its controller, the playground's too."""

    def __init__(self, backend: EngineApi, settings: Settings) -> None:
        super().__init__()
        self.backend, self.settings = backend, settings
        self.jobs = JobRunner(backend.merge, backend.warm_up, self, backend.verify)

    @cached_property
    def outcome(self) -> OutcomePage:
        """The page “Result”."""
        from ..results.outcome_page import OutcomePage

        return _announced(OutcomePage(), self.outcome_made)

    @cached_property
    def playground(self) -> PlaygroundController:
        """What happens on the page “Try it”."""
        from ..playground.playground_controller import PlaygroundController

        made = PlaygroundController(self.backend, self.settings, self)
        return _announced(made, self.playground_made, self.page_made)

    @cached_property
    def deploy(self) -> DeployController:
        """What happens on the page “Use it”."""
        from ..deploy.deploy_controller import DeployController

        return _announced(DeployController(self, self.backend), self.deploy_made, self.page_made)

    @cached_property
    def queue_page(self) -> QueuePage:
        """The page “Queue”."""
        from ..queue.queue_page import QueuePage

        return _announced(QueuePage(), self.queue_page_made)

    @cached_property
    def library(self) -> LibraryController:
        """What happens on the page “Library”."""
        from ..library.library_controller import LibraryController

        return _announced(LibraryController(self, self.backend, self.settings), self.library_made)

    @cached_property
    def effect(self) -> EffectPage:
        """The page “Effect”."""
        from ..effect.effect_page import EffectPage

        return _announced(EffectPage(), self.page_made)

    @cached_property
    def outside(self) -> OutsideController:
        """What of a job is seen elsewhere."""
        from ..outside.outside_controller import OutsideController

        return OutsideController(self, self.jobs, preferences=lambda: self.settings.preferences)

    @cached_property
    def past(self) -> PastMergeList:
        """The list of past merges."""
        from ..history.past_merges import PastMergeList

        return PastMergeList(self.backend, self.settings, self)

    @property
    def past_folders(self) -> tuple[Path, ...]:
        """The folders that the past merges were about, as far as those are known."""
        return self.past.folders if "past" in self.__dict__ else ()

    def later_page(self, page: Page) -> QWidget:
        """What is on ``page``, made if it is not yet."""
        if page is Page.RESULT:
            return self.outcome
        if page in (Page.EFFECT, Page.QUEUE):
            return self.effect if page is Page.EFFECT else self.queue_page
        if page is Page.LIBRARY:
            return self.library.page
        return self.playground.page if page is Page.PLAYGROUND else self.deploy.page

    @property
    def trial_runs(self) -> bool:
        """Whether something runs on the page “Try it”."""
        return "playground" in self.__dict__ and self.playground.runner.running

    def forget_pages(self) -> list[QObject]:
        """Let go of the pages that were made; those that belong to no side of the window are given."""
        made = [self.__dict__.pop(name, None) for name in _MADE]
        return [part for part in made[:3] if part is not None]


def _announced(made: _Made, *signals: SignalInstance) -> _Made:
    for signal in signals:
        signal.emit(made)
    return made
