"""What is done to the whole form: taken back, made again, emptied, and kept for a next start."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, SignalInstance

from mergedesk.domain.folder_names import spoken_name

from ..results.results_panel import Page
from ..state.form_history import ChangeKind
from ..state.mode import Mode
from ..text.messages import say
from ..theme.tone import Tone
from ..widgets.naming import announce

if TYPE_CHECKING:
    from ..main_window import MainWindow

translate = QCoreApplication.translate


def of_parts(window: MainWindow) -> tuple[tuple[SignalInstance, Callable[..., object]], ...]:
    """What is made anew with the window's parts."""
    return (
        (window.undo.changed, partial(show_undo, window)),
        (window.inputs.changed, partial(_allow_clear, window)),
        (window.inputs.changed, partial(_keep, window)),
        (window.inputs.turned_away, partial(_turn_away, window)),
        (window.inputs.mode_changed, partial(offer_what_was_made, window)),
        (window.merging.started, partial(_keep_for_the_worst, window)),
        (window.merging.ended, partial(_keep_no_more, window)),
        (window.commands.undo.triggered, partial(_undo, window)),
        (window.commands.redo.triggered, partial(_redo, window)),
        (window.commands.new.triggered, partial(_begin_anew, window)),
        (window.commands.clear.triggered, partial(_clear, window)),
        (window.inputs.clear_asked, partial(_clear, window)),
    )


def _turn_away(window: MainWindow, folder: Path) -> None:
    """Say that a dropped folder changed nothing."""
    said = translate("MainWindow", "{name} is neither a model nor an adapter. What is chosen stays.")
    said = said.format(name=spoken_name(folder))
    window.merging.start_bar.say(said, Tone.WARNING)
    announce(window.inputs, said)


def offer_what_was_made(window: MainWindow, mode: Mode) -> None:
    """Who turns to verifying after a merge most likely means that merge."""
    context, form = window.result.context, window.inputs.choices
    if context is None or mode is not Mode.VERIFY:
        return
    if (form.base, form.adapters) == (context.base, context.adapters):
        window.inputs.verify.offer(context.merged)


def _keep(window: MainWindow) -> None:
    """Keep what is chosen now: whoever kills the program does not ask it first."""
    window.settings.choices = window.inputs.choices


def _keep_for_the_worst(window: MainWindow) -> None:
    """Keep the inputs of the merge that runs: if it is cut off, they are there again, and it can go on."""
    window.settings.cut_off = window.merging.made_of


def _keep_no_more(window: MainWindow) -> None:
    window.settings.cut_off = None


def show_undo(window: MainWindow) -> None:
    """Name in the menu what can be undone and redone."""
    history = window.undo.history
    names = [say(f"change.{step.change}") if step else "" for step in (history.to_undo, history.to_redo)]
    window.commands.show_undo(*names)
    _allow_clear(window)


def _allow_clear(window: MainWindow) -> None:
    is_empty = window.inputs.is_empty
    window.commands.clear.setEnabled(not is_empty)
    window.inputs.clear_button.setVisible(not is_empty)


def _undo(window: MainWindow) -> None:
    if (step := window.undo.history.to_undo) is not None:
        window.undo.undo()
        said = translate("FormUndo", "Undone: {change}.").format(change=say(f"change.{step.change}"))
        announce(window.inputs, said)


def _redo(window: MainWindow) -> None:
    if (step := window.undo.history.to_redo) is not None:
        window.undo.redo()
        said = translate("FormUndo", "Redone: {change}.").format(change=say(f"change.{step.change}"))
        announce(window.inputs, said)


def _begin_anew(window: MainWindow) -> None:
    """Empty the form, and put away what came of the last one."""
    with window.undo.named(ChangeKind.NEW):
        window.inputs.begin_anew()
    window.result.turn_to(None)
    window.results.show_page(Page.PREFLIGHT)


def _clear(window: MainWindow) -> None:
    with window.undo.named(ChangeKind.CLEAR):
        window.inputs.clear()
    announce(window.inputs, translate("FormUndo", "All inputs are empty. Undo brings them back."))
