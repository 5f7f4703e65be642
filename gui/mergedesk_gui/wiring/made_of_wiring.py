"""What was asked of a job stands beside what came of it, as soon as the form is another one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import SignalInstance

from mergedesk.domain.progress import Progress

from ..results.results_panel import ABOUT_RESULTS, Page
from ..state.form import Form
from ..state.form_history import ChangeKind
from ..state.made_of import MadeOf, form_of_verification
from ..state.result_context import ResultContext
from ..text.progress_text import progress_sentence

if TYPE_CHECKING:
    from ..main_window import MainWindow


def connect(window: MainWindow) -> None:
    """Connect what is there from the start and stays."""
    window.jobs.progressed.connect(lambda reading: _read_out(window, reading))


def of_parts(window: MainWindow) -> tuple[tuple[SignalInstance, Callable[..., object]], ...]:
    """What is made anew with the window's parts."""
    band = window.results.band
    return (
        (window.inputs.changed, partial(follow, window)),
        (window.results.turned, lambda _page: follow(window)),
        (window.merging.started, partial(_begin_merge, window)),
        (window.merging.ended, partial(_end, window)),
        (window.merging.form_wanted, partial(show_inputs, window)),
        (window.verifying.started, partial(_begin_verification, window)),
        (band.again_asked, partial(show_inputs, window)),
        (band.progress_asked, lambda: window.results.show_page(Page.RESULT)),
    )


def follow(window: MainWindow) -> None:
    """Show the band, or not, for the form and the page as they are."""
    page = window.results.page
    on_result = page in ABOUT_RESULTS
    window.results.band.follow(window.inputs.choices, on_result=on_result, on_progress=page is Page.RESULT)


def show_inputs(window: MainWindow, form: Form) -> None:
    """Put a job's inputs into the form again."""
    with window.undo.named(ChangeKind.SHOWN_AGAIN):
        window.inputs.set_choices(form)


def show_past(window: MainWindow, past: ResultContext) -> None:
    """The pages are about a past merge."""
    if past.choices is not None:
        when = datetime.now(UTC)
        if past.report is not None and past.report.finished:
            with suppress(ValueError):
                when = datetime.fromisoformat(past.report.finished)
        _turn_to(window, MadeOf(past.choices, when))


def _begin_merge(window: MainWindow) -> None:
    if window.merging.made_of is not None:
        _turn_to(window, MadeOf(window.merging.made_of, datetime.now(UTC), runs=True))


def _begin_verification(window: MainWindow, keep: bool) -> None:
    before = window.results.band.made_of
    if keep and before is not None:
        _turn_to(window, replace(before, when=datetime.now(UTC), runs=True))
    elif window.verifying.request is not None:
        asked = form_of_verification(window.verifying.request)
        _turn_to(window, MadeOf(asked, datetime.now(UTC), runs=True))


def _end(window: MainWindow) -> None:
    if (before := window.results.band.made_of) is not None:
        _turn_to(window, replace(before, when=datetime.now(UTC), runs=False))


def _turn_to(window: MainWindow, made_of: MadeOf) -> None:
    window.results.band.turn_to(made_of)
    follow(window)


def _read_out(window: MainWindow, reading: Progress) -> None:
    if not window.jobs.cancelling:
        window.results.band.read_out(progress_sentence(reading, verifies=window.verifying.running))
        follow(window)
