"""The folders that the library looks into, kept for window and command line alike."""

from __future__ import annotations

from ..domain.library import LibraryPlaces
from ..runtime.state_file import read_state, write_state

_FILE, _MOST_BYTES = "library.json", 1 << 20


def kept_places() -> LibraryPlaces:
    """What was kept last; nothing where nothing was, or nothing that can be read."""
    return read_state(_FILE, LibraryPlaces, _MOST_BYTES) or LibraryPlaces()


def keep_places(places: LibraryPlaces) -> None:
    """Write them whole, or not at all."""
    write_state(_FILE, places)
