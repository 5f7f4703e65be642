"""The folders that the library looks into, kept for window and command line alike.

A small file in the user's folder for state. It is a help only: trouble with it stops nothing.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from platformdirs import user_state_path

from ..domain.library import LibraryPlaces
from ..runtime.codec import from_text, to_text

_MOST_BYTES = 1 << 20


def kept_places() -> LibraryPlaces:
    """What was kept last; nothing where nothing was, or nothing that can be read."""
    with suppress(OSError, ValueError), _file().open("rb") as stream:
        return from_text(stream.read(_MOST_BYTES), LibraryPlaces)
    return LibraryPlaces()


def keep_places(places: LibraryPlaces) -> None:
    """Write them whole, or not at all."""
    file = _file()
    with suppress(OSError, ValueError):
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        fresh.write_text(to_text(places), encoding="utf-8")
        fresh.replace(file)


def _file() -> Path:
    return user_state_path("mergedesk", appauthor=False) / "library.json"
