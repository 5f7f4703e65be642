"""Settings that are read from memory and written by a thread: a disk that is busy with a merge may take long."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QSettings

from .settings_store import ReadStore

OpenStore = Callable[[], QSettings]


class WrittenLater(ReadStore):
    """Changes count at once, and are on the disk soon after, or when ``sync`` returns.

    What other programs changed in the file meanwhile stays there, and is known after the next writing.
    """

    def __init__(self, store: QSettings, open_store: OpenStore) -> None:
        """``store`` is read once; ``open_store`` opens the same one in the thread that writes."""
        super().__init__(store)
        self._open_store = open_store
        self._lock = threading.Lock()
        self._changes: dict[str, object] = {}
        self._writer: threading.Thread | None = None

    def setValue(self, key: str, value: object) -> None:  # noqa: N802 (Qt's name)
        """Remember something; None forgets it."""
        with self._lock:
            if self._values.get(key) == value:
                return
            super().setValue(key, value)
            self._changes[key] = value
            if self._writer is None:
                # Not a daemon: the program ends when all is written.
                self._writer = threading.Thread(target=self._write, name="settings")
                self._writer.start()

    def remove(self, key: str) -> None:
        """Forget something."""
        self.setValue(key, None)

    def sync(self) -> None:
        """Wait until everything is on the disk."""
        writer = self._writer
        if writer is not None:
            writer.join()

    def _write(self) -> None:
        while changes := self._taken():
            values = write(self._open_store(), changes)
            with self._lock:
                self._values = {**values, **self._changes}

    def _taken(self) -> dict[str, object]:
        """What is to be written now; where that is nothing, the next change has to start a writer."""
        with self._lock:
            changes, self._changes = self._changes, {}
            if not changes:
                self._writer = None
            return changes


def write(store: QSettings, changes: dict[str, object]) -> dict[str, object]:
    """Write changes, None for what is to be forgotten; what is stored then.

    The event is what Qt writes settings at. Unlike ``QSettings.sync`` it is sent without Python's lock being held,
    which the window would wait for as long as the disk takes.
    """
    for key, value in changes.items():
        store.remove(key) if value is None else store.setValue(key, value)
    QCoreApplication.sendEvent(store, QEvent(QEvent.Type.UpdateRequest))
    return {key: store.value(key) for key in store.allKeys()}
