"""Where settings are kept, and the cases in which they must not be written to."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QSettings


class Store(Protocol):
    """The part of ``QSettings`` that the program uses."""

    def value(self, key: str, /) -> Any:
        """What is stored under ``key``; None if nothing is."""

    def setValue(self, key: str, value: Any, /) -> None:  # noqa: N802 (Qt's name)
        """Store something under ``key``."""

    def remove(self, key: str, /) -> None:
        """Forget what is stored under ``key``."""

    def sync(self) -> None:
        """Write everything to disk now."""

    def allKeys(self) -> list[str]:  # noqa: N802 (Qt's name)
        """Every key there is."""


class ReadStore:
    """Settings that are read and not written: changes count while the program runs, and are gone afterwards."""

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._changes: dict[str, Any] = {}

    def value(self, key: str, /) -> Any:
        """What is stored under ``key``; None if nothing is."""
        if key in self._changes:
            return self._changes[key]
        return self._store.value(key) if self._store is not None else None

    def setValue(self, key: str, value: Any, /) -> None:  # noqa: N802 (Qt's name)
        """Remember something until the end."""
        self._changes[key] = value

    def remove(self, key: str, /) -> None:
        """Forget something until the end."""
        self._changes[key] = None

    def sync(self) -> None:
        """Nothing is written."""

    def allKeys(self) -> list[str]:  # noqa: N802 (Qt's name)
        """Every key there is."""
        return sorted({*(self._store.allKeys() if self._store is not None else ()), *self._changes})


def set_aside(file: Path) -> Path | None:
    """Give an unreadable settings file another name, beside the old one; None if that cannot be done."""
    for other in _free_names(file):
        with suppress(OSError):
            return file.rename(other)
        return None
    return None


def is_readable(store: QSettings) -> bool:
    """Whether the stored settings could be read; nothing stored is readable too."""
    return store.status() is QSettings.Status.NoError and (bool(store.allKeys()) or not _holds_something(store))


def _holds_something(store: QSettings) -> bool:
    """Whether there is more in the file than Qt writes where nothing is stored: it reads any text as no settings."""
    if store.format() is not QSettings.Format.IniFormat and sys.platform in ("win32", "darwin"):
        return False  # the registry and property lists are no text
    try:
        lines = Path(store.fileName()).read_bytes().splitlines()
    except OSError:
        return False
    return any(line.strip() and not line.strip().startswith((b"[", b";")) for line in lines)


def _free_names(file: Path) -> Iterator[Path]:
    for number in count(1):
        other = file.with_name(f"{file.stem}.unreadable{number if number > 1 else ''}{file.suffix}")
        if not other.exists():
            yield other
