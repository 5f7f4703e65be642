"""“Try it” before a merge: what is chosen is asked unmerged, and a strength that pleases goes back into the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import SignalInstance

from mergedesk.domain.findings import any_error

from ..results.results_panel import Page
from ..state.form import Form
from ..state.form_history import ChangeKind
from ..state.mode import Mode
from ..state.trial_subject import TrialSubject, subject_of_form

if TYPE_CHECKING:
    from ..main_window import MainWindow
    from ..playground.playground_controller import PlaygroundController
    from ..state.inspection import Inspection


def of_parts(window: MainWindow) -> tuple[tuple[SignalInstance, Callable[..., object]], ...]:
    """What is made anew with the window's parts."""
    return ((window.merging.accepted, lambda _inspection: show_form(window)),)


def show_form(window: MainWindow, made: PlaygroundController | None = None) -> None:
    """Have the page ask what is chosen, as soon as it is known that it fits; ``made``: one that was just made."""
    known = window.merging.inspection
    if known is None or not known.complete:
        return
    form = _fitting(known)
    window.results.allow_trial(form is not None)
    page: PlaygroundController | None = made or window.__dict__.get("playground")
    if page is not None:
        page.show_form(form)


def merge_at(window: MainWindow, wanted: TrialSubject) -> None:
    """Put these adapters at these strengths into the form, and turn to merging."""
    now = window.inputs.choices
    is_written = wanted.merged is not None and now.output in (None, wanted.merged)
    chosen = replace(
        now,
        base=wanted.base,
        adapters=wanted.adapters,
        combination=wanted.combination,
        mode=Mode.MERGE,
        output=None if is_written else now.output,
    )
    with window.undo.named(ChangeKind.STRENGTH):
        window.inputs.set_choices(chosen)
    window.results.show_page(Page.PREFLIGHT)
    window.inputs.adapter.strength.setFocus()


def _fitting(known: Inspection) -> Form | None:
    if any_error(known.findings) or known.failure is not None:
        return None
    return known.choices if subject_of_form(known.choices) else None
