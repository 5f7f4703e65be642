"""What a result's next steps lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..results.results_panel import Page
from ..state.form_history import ChangeKind

if TYPE_CHECKING:
    from ..main_window import MainWindow


def show_trial(window: MainWindow) -> None:
    """Turn to “Try it”, where the prompt can be typed at once."""
    window.results.show_page(Page.PLAYGROUND)
    window.playground.page.card.prompt.setFocus()


def show_ollama(window: MainWindow) -> None:
    """Turn to “Use it”, to what Ollama needs."""
    from mergedesk.deployment.codes import Tool

    window.results.show_page(Page.DEPLOY)
    window.deploy.page.choose(Tool.OLLAMA)


def begin_next(window: MainWindow) -> None:
    """Ask for another adapter to be merged into the same base in the same way; what was made stays on its pages."""
    context, base = window.result.context, window.inputs.choices.base
    with window.undo.named(ChangeKind.NEW):
        window.inputs.begin_anew(base or (context.base if context is not None else None))
    window.results.show_page(Page.PREFLIGHT)
    window.inputs.adapter.edit.setFocus()
