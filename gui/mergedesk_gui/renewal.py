"""Preferences that take effect at once: the application wears them, and the window is made anew in their language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication

from . import later
from .text.translations import speak_once
from .theme.appearance import theme_of
from .wiring import made_of_wiring, manual_wiring, window_wiring

if TYPE_CHECKING:
    from .compare.verify_controller import VerifyController
    from .main_window import MainWindow
    from .merge.merge_controller import MergeController
    from .playground.playground_controller import PlaygroundController
    from .results.outcome_page import OutcomePage
    from .results.results_panel import Page
    from .state.form import Form
    from .state.form_history import FormHistory
    from .state.made_of import MadeOf
    from .state.preferences import Preferences

LOOK_AGAIN_MS = 300


def wear(preferences: Preferences) -> None:
    """Have the application look and speak as is preferred; what it does already is left alone."""
    application = QCoreApplication.instance()
    theme = theme_of(application)
    theme.choose(preferences.theme)
    theme.choose_size(preferences.points)
    if isinstance(application, QApplication):
        speak_once(application, preferences.language)


def take(window: MainWindow, preferences: Preferences) -> None:
    """Keep what is preferred from now on, and have it take effect."""
    before, window.settings.preferences = window.settings.preferences, preferences
    wear(preferences)
    if before.history != preferences.history:
        window.past.keep_from_now_on(preferences.history)
    if (before.language, before.points) != (preferences.language, preferences.points):
        renew(window)
    elif before.naming != preferences.naming:
        window.merging.look_again()


def renew(window: MainWindow) -> None:
    """Make what the window shows anew, as soon as nothing runs whose page cannot be; a merge goes on meanwhile."""
    if window.is_held:
        QTimer.singleShot(LOOK_AGAIN_MS, window, lambda: renew(window))
        return
    kept = _Kept.of(window)
    old = window.take_apart()
    window.make_parts()
    window.inputs.set_choices(kept.form)  # before anybody listens: the folders are known
    window.undo.take_over(kept.history)
    window_wiring.connect_parts(window)
    kept.put_into(window)
    window.hub.tokens.typed = kept.token
    window.follow_scheme()
    manual_wiring.manual_of(window).renew()
    for part in old:
        part.deleteLater()


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a window showed, to be put into its new parts."""

    form: Form
    history: FormHistory
    made_of: MadeOf | None
    page: Page
    token: str | None = field(repr=False)
    sides: QByteArray
    is_unfolded: bool
    merging: MergeController
    verifying: VerifyController
    outcome: OutcomePage | None
    playground: PlaygroundController | None

    @classmethod
    def of(cls, window: MainWindow) -> _Kept:
        made = window.__dict__
        return cls(
            window.inputs.choices,
            window.undo.history,
            window.results.band.made_of,
            window.results.page,
            window.hub.tokens.typed,
            window.splitter.saveState(),
            window.inputs.advanced.button.isChecked(),
            window.merging,
            window.verifying,
            made.get("outcome"),
            made.get("playground"),
        )

    def put_into(self, window: MainWindow) -> None:
        window.inputs.advanced.button.setChecked(self.is_unfolded)
        self._share(window)
        window.inputs.mode_changed.emit(window.inputs.mode)
        window.verifying.take_over(self.verifying)
        window.merging.take_over(self.merging)
        if self.outcome is not None:
            window.outcome.take_over(self.outcome)
        window.results.show_context(window.result.context)
        if self.playground is not None:
            window.playground.take_over(self.playground)
            window.playground.wait_for(window.works)
        later.make_other_pages(window, window.result.context)
        window.results.band.turn_to(self.made_of)
        window.results.show_page(self.page)
        made_of_wiring.follow(window)
        window.update_commands()

    def _share(self, window: MainWindow) -> None:
        """Share the room as it was, unless the sides now lie otherwise to each other."""
        orientation, fresh = window.splitter.orientation(), window.splitter.saveState()
        window.splitter.restoreState(self.sides)
        if window.splitter.orientation() is not orientation:
            window.splitter.restoreState(fresh)
