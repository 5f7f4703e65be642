"""What is on this computer to be merged: models, adapters and what was merged here, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from .json_objects import json_object


class EntryKind(StrEnum):
    """What an entry of the library is."""

    MODEL = "model"
    ADAPTER = "adapter"


class FoundIn(StrEnum):
    """Why a folder was looked into."""

    HUB_CACHE = "hub_cache"
    MODELSCOPE_CACHE = "modelscope_cache"
    DEMO = "demo"
    ADDED = "added"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """A folder that can be chosen. ``modified`` counts seconds since 1970; ``nbytes`` is what its files take.

    ``base`` is the name that an adapter, or the report of a merge, gives its base; ``base_folder`` the entry that it
    is. ``adapters`` are those that a report names. ``complete``: whether all files with weights seem to be there.
    """

    folder: Path
    name: str
    kind: EntryKind
    origin: FoundIn
    class_name: str | None = None
    nbytes: int = 0
    modified: float = 0.0
    dtype: str | None = None
    quantization: str | None = None
    peft_type: str | None = None
    r: int | None = None
    base: str | None = None
    base_folder: Path | None = None
    adapters: tuple[str, ...] = ()
    merged_here: bool = False
    complete: bool = True
    place: Path | None = None
    """The folder in which it was found, as the person named it."""


@dataclass(frozen=True, slots=True)
class LibraryPlaces:
    """Where to look besides the caches: folders that were ``added``, and those that were ``chosen`` one by one.

    ``left_out`` are folders that are not wanted in the list for having been chosen.
    """

    added: tuple[Path, ...] = ()
    chosen: tuple[Path, ...] = ()
    left_out: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Library:
    """All that was found. ``cut``: folders that hold more than was looked through."""

    entries: tuple[LibraryEntry, ...] = ()
    cut: tuple[Path, ...] = ()
    missing: tuple[Path, ...] = ()
    """Added folders that are not there now, or cannot be looked into."""

    def entry(self, folder: Path) -> LibraryEntry | None:
        """The entry of a folder."""
        return self._by_folder.get(folder)

    @cached_property
    def _by_folder(self) -> Mapping[Path, LibraryEntry]:
        return {entry.folder: entry for entry in self.entries}

    def base_of(self, entry: LibraryEntry) -> LibraryEntry | None:
        """What an adapter was trained on, or a result was made of, if that is here."""
        return self.entry(entry.base_folder) if entry.base_folder else None

    def built_on(self, base: LibraryEntry) -> Sequence[LibraryEntry]:
        """The adapters that were trained on a model."""
        return [one for one in self.entries if one.base_folder == base.folder and one.kind is EntryKind.ADAPTER]


def library_json(library: Library) -> dict[str, Any]:
    """What ``library --json`` prints."""
    return json_object(library, "entries", "cut", "missing", entries=[_entry_json(entry) for entry in library.entries])


def _entry_json(entry: LibraryEntry) -> dict[str, Any]:
    when = datetime.fromtimestamp(entry.modified, UTC).isoformat(timespec="seconds") if entry.modified else None
    names = ("path", "name", "kind", "origin", "class", "bytes", "modified", "dtype", "quantization", "peft_type", "r")
    instead = {"path": entry.folder, "class": entry.class_name, "bytes": entry.nbytes, "modified": when}
    more = ("base", "base_path", "adapters", "merged_here", "complete")
    return json_object(entry, *names, *more, **instead, base_path=entry.base_folder)
