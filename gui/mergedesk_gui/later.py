"""What is made before it is asked for, but not before the window is seen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from .results.results_panel import Page
from .widgets.slices import Slices, Step

if TYPE_CHECKING:
    from .main_window import MainWindow
    from .state.result_context import ResultContext

_RESULT = (
    ".widgets.code_block",
    ".results.progress_panel",
    ".results.verdict_panel",
    ".results.verification_panel",
    ".results.outcome_page",
    ".outside.notifier",
    ".outside.outside_controller",
    ".queue.queue_page",
    ".library.library_controller",
)
_OTHERS = (
    ".effect.effect_page",
    ".playground.prompt_card",
    ".playground.answers_panel",
    ".playground.measurements_panel",
    ".playground.playground_controller",
    ".deploy.deploy_controller",
)
# By then a person has seen that the merge is done.
_AFTERWARDS_MS = 250


def make_result_page(window: MainWindow) -> None:
    """Make the page of the result: it is the likeliest one to be needed. Import what the other ones are made of."""
    page = (*_imports(_RESULT), *_page(window, Page.RESULT), lambda: window.outside)
    steps: tuple[Step, ...] = (*page, *_imports(_OTHERS), window.queue.restore, partial(_past, window))
    Slices(steps, window)


def make_other_pages(window: MainWindow, context: ResultContext | None) -> None:
    """Make the pages on a result once there is one."""
    if context is not None:
        pages = (Page.EFFECT, Page.PLAYGROUND, Page.DEPLOY)
        Slices((step for page in pages for step in _page(window, page)), window, _AFTERWARDS_MS)


def _past(window: MainWindow) -> None:
    """Look at the latest of the past merges, and tell the other programs whether such are kept."""
    window.past.keep_from_now_on(window.settings.preferences.history)
    window.past.look()


def _imports(modules: tuple[str, ...]) -> Iterator[Step]:
    return (partial(import_module, name, __package__) for name in modules)


def _page(window: MainWindow, page: Page) -> tuple[Step, Step]:
    """Making it takes as long as finding its places in the window, so these are two steps."""
    return partial(window.later_page, page), lambda: window.results.prepare(page)
