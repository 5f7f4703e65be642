"""Where settings are kept, and the cases in which they must not be written to."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QSettings

# Qt writes control characters as escapes. Where there are some, the file is broken, whatever Qt makes of it.
_NEVER_WRITTEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


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
    if store.status() is not QSettings.Status.NoError:
        return False
    content = _text_of(store)
    return not _NEVER_WRITTEN.search(content) and (bool(store.allKeys()) or not _holds_something(content))


def _text_of(store: QSettings) -> bytes:
    """What is in the file; nothing where settings are kept otherwise, in the registry or a property list."""
    if store.format() is not QSettings.Format.IniFormat and sys.platform in ("win32", "darwin"):
        return b""
    try:
        return Path(store.fileName()).read_bytes()
    except OSError:
        return b""


def _holds_something(content: bytes) -> bool:
    """Whether there is more than Qt writes where nothing is stored: it reads any text as no settings."""
    lines = content.splitlines()
    return any(line.strip() and not line.strip().startswith((b"[", b";")) for line in lines)


def _free_names(file: Path) -> Iterator[Path]:
    for number in count(1):
        other = file.with_name(f"{file.stem}.unreadable{number if number > 1 else ''}{file.suffix}")
        if not other.exists():
            yield other
