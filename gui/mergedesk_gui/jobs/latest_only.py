"""Something that is written by a thread of its own, of which only the latest counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestOnly(Generic[T]):
    """``write`` is called with the latest value, off the calling thread; what came before it may be left out."""

    def __init__(self, write: Callable[[T], None], name: str) -> None:
        self._write, self._name = write, name
        self._lock = threading.Lock()
        self._wanted: list[T] = []
        self._writer: threading.Thread | None = None

    def put(self, value: T) -> None:
        """Have it written soon."""
        with self._lock:
            self._wanted = [value]
            if self._writer is None:
                # Not a daemon: the program ends when all is written.
                self._writer = threading.Thread(target=self._work, name=self._name)
                self._writer.start()

    def wait(self) -> None:
        """Return once the latest is written."""
        writer = self._writer
        if writer is not None:
            writer.join()

    def _work(self) -> None:
        while (value := self._taken()) is not None:
            self._write(value)

    def _taken(self) -> T | None:
        with self._lock:
            if not self._wanted:
                self._writer = None
                return None
            return self._wanted.pop()
