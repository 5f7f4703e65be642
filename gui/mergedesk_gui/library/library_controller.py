"""Looks for models and adapters while the window goes on, and keeps where to look."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from mergedesk.domain.library import Library, LibraryEntry, LibraryPlaces
from mergedesk.domain.progress import Cancelled, CancelToken
from mergedesk.support.failures import failure_of

from ..jobs.engine_api import EngineApi
from ..jobs.queued_signal import QueuedSignal, run_in_thread
from ..state.settings import Settings
from ..text.messages import failure_text
from ..widgets import dialogs
from ..widgets.file_dialogs import choose_folder
from ..widgets.opening import show_folder
from .library_page import LibraryPage

_SHOW_EVERY_MS = 200


class LibraryController(QObject):
    """One look at a time counts: a later one takes the place of an earlier one, which ends as soon as it can.

    In a thread that the program does not wait for: a drive that hangs must not keep the window open.
    """

    def __init__(self, window: QWidget, backend: EngineApi, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._backend, self._settings = window, backend, settings
        self._token: CancelToken | None = None
        self._pieces: list[LibraryEntry] = []
        self._later = QTimer(self, singleShot=True, interval=_SHOW_EVERY_MS)
        self._later.timeout.connect(self._show_pieces)
        self.page = LibraryPage()
        self.page.shown.connect(self.look)
        self.page.refresh.clicked.connect(self.look)
        self.page.add.clicked.connect(self._ask_for_folder)
        self.page.forget_asked.connect(self.forget)
        details = self.page.details
        details.folder_asked.connect(self._show_folder)
        details.copy_asked.connect(self._copy_path)
        details.remove_asked.connect(self._leave_out)

    @property
    def looking(self) -> bool:
        """Whether a look has not ended yet."""
        return self._token is not None

    def look(self) -> None:
        """Look anew; what is shown stays till that has ended, unless it is nothing."""
        self.stop()
        places = self._settings.library_places
        self._token, self._pieces = CancelToken(), []
        self.page.show_added(places.added)
        self.page.show_library(self.page.library, is_looking=True)
        courier = QueuedSignal()
        courier.deliver_to(self._take)
        run_in_thread(partial(_look, self._backend, places, self._token), courier, name="library", daemon=True)

    def stop(self) -> None:
        """Wait for no look any more."""
        self._later.stop()
        if self._token is not None:
            self._token.cancel()
            self._token = None

    def add(self, folder: Path) -> None:
        """Look into a folder from now on."""
        self._settings.set_added_folders((*self._settings.library_places.added, folder))
        self.look()

    def forget(self, folder: Path) -> None:
        """Look into an added folder no more."""
        self._settings.set_added_folders(one for one in self._settings.library_places.added if one != folder)
        self.look()

    def _take(self, said: object) -> None:
        """What a look found by now, in the end, or why it found nothing; of one that was stopped, nothing."""
        if not isinstance(said, _Said) or said.token is not self._token:
            return
        if isinstance(said.what, tuple):
            self._pieces += said.what
            if not self._later.isActive():
                self._later.start()
            return
        self.stop()
        if isinstance(said.what, Library):
            self.page.show_library(said.what, is_looking=False)
        elif isinstance(said.what, Exception):
            self.page.show_library(self.page.library, is_looking=False)
            dialogs.show_failure(self._window, failure_text(failure_of(said.what)))

    def _show_pieces(self) -> None:
        """Of the first look what comes is shown at once; a later one changes the list at its end only."""
        known = {entry.folder for entry in self.page.library.entries}
        fresh = [entry for entry in self._pieces if entry.folder not in known]
        if fresh and self.looking:
            self.page.show_library(Library((*self.page.library.entries, *fresh)), is_looking=True)

    def _ask_for_folder(self) -> None:
        title = self.tr("Choose a folder to look in")
        choose_folder(self._window, title, str(Path.home()), lambda folder: self.add(Path(folder)))

    def _show_folder(self) -> None:
        if (entry := self.page.selected) is not None:
            show_folder(self._window, entry.folder)

    def _copy_path(self) -> None:
        if (entry := self.page.selected) is not None:
            QGuiApplication.clipboard().setText(str(entry.folder))
            self.page.say(self.tr("The path is on the clipboard."))

    def _leave_out(self) -> None:
        if (entry := self.page.selected) is not None:
            self._settings.leave_out(entry.folder)
            self.page.say(self.tr("{name} is no longer listed. The folder stays.").format(name=entry.name))
            self.look()


class _Said(NamedTuple):
    """Something from the look that ``token`` stops."""

    token: CancelToken
    what: object


def _look(backend: EngineApi, places: LibraryPlaces, token: CancelToken, send: Callable[[object], None]) -> None:
    try:
        backend.keep_places(places)
        send(_Said(token, backend.look_through(places, lambda entries: send(_Said(token, entries)), token)))
    except Cancelled:
        return
    except Exception as trouble:
        send(_Said(token, trouble))
