"""Where settings are kept, and the cases in which they must not be written to."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from PySide6.QtCore import QSettings

# Qt writes control characters as escapes. Where there are some, the file is broken, whatever Qt makes of it.
_NEVER_WRITTEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class ReadStore:
    """Settings that are read and not written: changes count while the program runs, and are gone afterwards."""

    def __init__(self, store: QSettings | None) -> None:
        self._values: dict[str, object] = {key: store.value(key) for key in store.allKeys()} if store else {}

    def value(self, key: str) -> object:
        """What is stored under ``key``; None if nothing is."""
        return self._values.get(key)

    def setValue(self, key: str, value: object) -> None:  # noqa: N802 (Qt's name)
        """Remember something until the end."""
        self._values[key] = value

    def remove(self, key: str) -> None:
        """Forget something until the end."""
        self._values.pop(key, None)

    def sync(self) -> None:
        """Nothing is written."""


Store = QSettings | ReadStore


def text_of(store: Store, key: str) -> str:
    """The text that is stored under ``key``; empty where there is none."""
    value = store.value(key)
    return value if isinstance(value, str) else ""


def texts_of(store: Store, key: str) -> list[str]:
    """The texts that are stored under ``key``, empty ones left out. Qt stores a lone one as itself."""
    value = store.value(key)
    texts = value if isinstance(value, list) else [value]
    return [text for text in texts if isinstance(text, str) and text]


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
    content = _bytes_of(store)
    return not _NEVER_WRITTEN.search(content) and (bool(store.allKeys()) or not _holds_something(content))


def _bytes_of(store: QSettings) -> bytes:
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
