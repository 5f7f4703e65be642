"""The list of past merges as the window knows it: read off the GUI thread, again when another program adds to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from mergedesk.domain.merge_record import MergeRecord, ResultStanding, Whereabouts

from ..jobs.engine_api import EngineApi
from ..jobs.queued_signal import ask_in_thread
from ..state.past_merge import PastMerge
from ..state.settings import Settings
from ..text.history_text import searched_text
from ..text.language import window_language
from .older_merges import taken_over

ALL, FEW = 2000, 60
_SETTLE_MS = 150


class PastMergeList(QObject):
    """Holds ``merges``, the latest first; a list that is shown is followed."""

    changed = Signal()
    """``merges`` are others, or where their results are is known now."""

    def __init__(self, backend: EngineApi, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._backend, self._settings = backend, settings
        self.merges: tuple[PastMerge, ...] = ()
        self.is_read = False
        """Whether all of the list was read."""
        self._most, self._asked, self._is_reading, self._is_stale = 0, 0, False, False
        self._watcher = QFileSystemWatcher(self)
        self._settles = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settles.timeout.connect(lambda: self.look())
        self._watcher.directoryChanged.connect(lambda _folder: self._settles.start())

    @property
    def folders(self) -> tuple[Path, ...]:
        """Every folder that the merges known by now were about."""
        requests = [past.record.request for past in self.merges]
        inputs = (folder for one in requests for folder in (one.base, *(adapter.folder for adapter in one.adapters)))
        return tuple(dict.fromkeys([*(one.output for one in requests), *inputs]))

    def look(self, most: int = FEW) -> None:
        """Read at most so many of the list, and no fewer than before; those known are not read again."""
        self._most = max(self._most, most)
        if self._is_reading:
            self._is_stale = True
            return
        self._is_reading, self._is_stale, self._asked = True, False, self._most
        language = window_language()
        known = {past.name: past for past in self.merges if past.language == language}
        question = partial(_read, self._backend, self._settings, known, self._most)
        ask_in_thread(question, self._receive, name="past merges")

    def follow(self) -> None:
        """Read all of the list, and again whenever something is added or removed."""
        self.look(ALL)
        ask_in_thread(partial(_folder, self._backend), self._watch, name="list's folder")

    def leave(self) -> None:
        """Nobody looks at the list any more."""
        self._settles.stop()
        if watched := self._watcher.directories():
            self._watcher.removePaths(watched)

    def remove(self, names: Collection[str]) -> None:
        """Take merges out of the list. Their folders stay."""
        self.merges = tuple(past for past in self.merges if past.name not in names)
        self._is_stale = self._is_reading
        self.changed.emit()
        forget = partial(self._backend.forget_past_merges, tuple(names))
        ask_in_thread(forget, self._pass_over, name="past merges")

    def keep_from_now_on(self, wanted: bool) -> None:
        """Turn the list on or off for all programs of this user."""
        ask_in_thread(partial(self._backend.keep_history, wanted), self._pass_over, name="past merges")

    def _watch(self, folder: object) -> None:
        if isinstance(folder, Path):
            self._watcher.addPath(str(folder))

    def _receive(self, read: object) -> None:
        self._is_reading = False
        if isinstance(read, tuple):
            self.is_read = self._asked >= ALL
            if read != self.merges:
                self.merges = read
            self.changed.emit()
        if self._is_stale:
            self.look()

    def _pass_over(self, _answer: object) -> None:
        """The list is a help only: what could not be written is met again when it is read."""


def _read(backend: EngineApi, settings: Settings, known: Mapping[str, PastMerge], most: int) -> tuple[PastMerge, ...]:
    taken_over(backend, settings)
    found = backend.past_merges({name: past.record for name, past in known.items()}, most)
    places, nowhere = backend.whereabouts(found), Whereabouts(ResultStanding.NONE)
    return tuple(_listed(name, record, places.get(name, nowhere), known) for name, record in found.items())


def _listed(name: str, record: MergeRecord, where: Whereabouts, known: Mapping[str, PastMerge]) -> PastMerge:
    """The merge as it is listed already, if nothing is new about it; putting it into words takes a moment."""
    before = known.get(name)
    if before is not None and before.where == where:
        return before
    past = PastMerge(name, record, where, window_language())
    return replace(past, words=searched_text(past))


def _folder(backend: EngineApi) -> Path | None:
    """The list's folder, to be watched; made if it is not there yet, None where it cannot be."""
    folder = backend.history_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return folder
