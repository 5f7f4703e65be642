"""Which chapter of the manual belongs to what the window shows, and who asks for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, SignalInstance

from mergedesk.domain.findings import Code, errors_of

from ..manual.manual_controller import ManualController
from ..results.results_panel import Page
from ..theme.appearance import theme_of
from ..widgets.help_desk import HelpDesk

if TYPE_CHECKING:
    from ..main_window import MainWindow

_OF_PAGE = {
    Page.RESULT: "verification",
    Page.EFFECT: "effect",
    Page.PLAYGROUND: "try-it",
    Page.DEPLOY: "gguf-ollama",
    Page.QUEUE: "queue",
    Page.LIBRARY: "library",
}


def connect(window: MainWindow) -> None:
    """Connect what stays: the manual follows the colours, and dialogs ask for their chapters."""
    manual, desk = manual_of(window), HelpDesk(window)
    desk.asked.connect(lambda chapter: manual.show(chapter or chapter_of(window)))
    theme_of(QCoreApplication.instance()).changed.connect(manual.follow_scheme)


def of_parts(window: MainWindow) -> tuple[tuple[SignalInstance, Callable[..., object]], ...]:
    """What is made anew with the window's parts."""
    show = partial(show_here, window)
    return ((window.commands.manual.triggered, show), (window.results.help_asked, show))


def manual_of(window: MainWindow) -> ManualController:
    """The window's manual, made if it has none yet."""
    found = window.findChild(ManualController)
    return found if isinstance(found, ManualController) else ManualController(window)


def show_here(window: MainWindow) -> None:
    """Open the manual at what the window shows."""
    manual_of(window).show(chapter_of(window))


def chapter_of(window: MainWindow) -> str:
    """The chapter on what the window shows."""
    from ..hub.hub_bar import HubBar

    page = window.results.page
    if page is not Page.PREFLIGHT:
        return _OF_PAGE[page]
    if any(bar.isVisible() for bar in window.findChildren(HubBar)):
        return "hub"
    inspection, form = window.merging.inspection, window.inputs.choices
    errors = errors_of(inspection.findings) if inspection is not None and form.has_inputs else ()
    if errors:
        packed = any(error.code == Code.QUANTIZED_BASE for error in errors)
        return "packed-bases" if packed else "refused"
    if form.verifies:
        return "verification"
    return "adapters" if len(form.adapters) > 1 else "first-merge"
