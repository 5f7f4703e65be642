"""Which entry of a library is the base of which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PureWindowsPath

from ..domain.folder_names import cached_name
from ..domain.library import EntryKind, LibraryEntry


def linked(entries: Sequence[LibraryEntry]) -> tuple[LibraryEntry, ...]:
    """The same, each with the folder of its base where that is among them.

    A base is told by its path, else by its whole name, else by the last part of it. No path that a file names is
    looked at.
    """
    models = [entry for entry in entries if entry.kind is EntryKind.MODEL]
    index: dict[str, Path] = {}
    for keys in (_path, _whole_name, _last_part):
        for model in models:
            if key := keys(model):
                index.setdefault(key, model.folder)
    return tuple(replace(entry, base_folder=_base(entry, index)) if entry.base else entry for entry in entries)


def _base(entry: LibraryEntry, index: Mapping[str, Path]) -> Path | None:
    named = (entry.base or "").rstrip("/\\")
    last = PureWindowsPath(named).name.casefold()
    found = (index.get(key) for key in (f"path:{named}", f"name:{named.casefold()}", f"last:{last}"))
    return next((folder for folder in found if folder and folder != entry.folder), None)


def _path(model: LibraryEntry) -> str:
    return f"path:{model.folder}"


def _whole_name(model: LibraryEntry) -> str:
    return f"name:{(cached_name(model.folder) or model.name).casefold()}"


def _last_part(model: LibraryEntry) -> str:
    """By this alone, what was merged here is nobody's base: it is often called after the base it was made of."""
    return "" if model.merged_here else f"last:{model.name.rpartition('/')[2].casefold()}"
