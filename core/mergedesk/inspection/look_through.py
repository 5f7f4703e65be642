"""What is on this computer to be merged: in the caches of hubs, and where the person keeps models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from platformdirs import user_cache_path

from ..domain.folder_info import FolderInfo, FolderKind
from ..domain.folder_names import says_nothing, spoken_name
from ..domain.library import EntryKind, FoundIn, Library, LibraryEntry, LibraryPlaces
from ..domain.progress import CancelToken
from .cache_folders import hub_cache, modelscope_caches
from .folder_glance import glance, listing
from .folder_walk import MOST_FOLDERS, MOST_OF_CHOSEN, Walk
from .inspect_folder import inspect_folder, main_revision
from .library_links import linked

Report = Callable[[tuple[LibraryEntry, ...]], None]
_CACHED = "models--"
_SHORT_REVISION = 7
_DEPTH_OF_ADDED, _DEPTH_OF_CHOSEN, _DEPTH_OF_OWNERS = 6, 2, 2
_AT_A_TIME = 25


def look_through(places: LibraryPlaces, report: Report, cancel: CancelToken) -> Library:
    """Everything that is found; ``report`` is told of entries as they come.

    Only names, configs and sizes are looked at. Never raises for what lies anywhere; Cancelled when asked to stop.
    """
    found: dict[Path, LibraryEntry] = {}
    cut: list[Path] = []
    waiting: list[LibraryEntry] = []
    for entry in _entries(places, cut, cancel):
        real = _real(entry.folder)
        if real not in found:
            found[real] = entry
            waiting.append(entry)
        if len(waiting) >= _AT_A_TIME:
            report(tuple(waiting))
            waiting.clear()
    missing = tuple(folder for folder in places.added if not _is_folder(folder))
    return Library(linked(tuple(found.values())), tuple(dict.fromkeys(cut)), missing)


def _entries(places: LibraryPlaces, cut: list[Path], cancel: CancelToken) -> Iterator[LibraryEntry]:
    yield from _in_hub_cache(cut, cancel)
    for cache in modelscope_caches():
        yield from _in_folder(cache, _DEPTH_OF_OWNERS, FoundIn.MODELSCOPE_CACHE, [], cancel)
    yield from _in_folder(user_cache_path("mergedesk") / "demo", 1, FoundIn.DEMO, [], cancel)
    for folder in places.added:
        yield from _in_folder(folder, _DEPTH_OF_ADDED, FoundIn.ADDED, cut, cancel)
    for folder in places.chosen:
        cancel.check()
        yield from (entry for entry in _chosen(folder, cancel) if entry.folder not in places.left_out)


def _in_hub_cache(cut: list[Path], cancel: CancelToken) -> Iterator[LibraryEntry]:
    """The revision that ``main`` stands for of every repository, and others under their own names."""
    listed = listing(hub_cache())
    if listed and listed.cut:
        cut.append(listed.folder)
    for repository in listed.folders if listed else ():
        cancel.check()
        snapshots = listing(repository / "snapshots") if repository.name.startswith(_CACHED) else None
        main = main_revision(repository) if snapshots else None
        for snapshot in snapshots.folders if snapshots else ():
            inside = listing(snapshot)
            entry = glance(inside, FoundIn.HUB_CACHE) if inside else None
            if entry is not None:
                is_usual = snapshot.name == main or (snapshots is not None and len(snapshots.folders) == 1)
                revision = "" if is_usual else f" ({snapshot.name[:_SHORT_REVISION]})"
                yield replace(entry, name=f"{entry.name}{revision}", place=repository)


def _in_folder(
    folder: Path, depth: int, origin: FoundIn, cut: list[Path], cancel: CancelToken
) -> Iterator[LibraryEntry]:
    walk = Walk(folder, depth, cancel, MOST_OF_CHOSEN if origin is FoundIn.CHOSEN else MOST_FOLDERS)
    for listed in walk:
        if (entry := glance(listed, origin)) is not None:
            yield replace(entry, place=folder)
    if walk.cut:
        cut.append(folder)


def _chosen(folder: Path, cancel: CancelToken) -> Iterator[LibraryEntry]:
    """What lies in a folder that was chosen once; of a checkpoint, the other ones of its run too."""
    found = list(_in_folder(folder, _DEPTH_OF_CHOSEN, FoundIn.CHOSEN, [], cancel))
    if not found and (known := _inspected(folder)) is not None:
        found.append(known)
    yield from found
    if found and says_nothing(folder.name):
        for beside in _in_folder(folder.parent, 1, FoundIn.CHOSEN, [], cancel):
            yield replace(beside, place=folder)


def _inspected(folder: Path) -> LibraryEntry | None:
    """What only a look at weights tells: an adapter of another tool than PEFT."""
    if not folder.exists():
        return None
    known = inspect_folder(folder)
    return _entry_of(known) if known.kind is FolderKind.ADAPTER else None


def _entry_of(adapter: FolderInfo) -> LibraryEntry:
    modified = 0.0
    with suppress(OSError):
        modified = adapter.path.stat().st_mtime
    return LibraryEntry(
        adapter.path,
        spoken_name(adapter.path),
        EntryKind.ADAPTER,
        FoundIn.CHOSEN,
        class_name=adapter.class_name,
        nbytes=adapter.bytes,
        modified=modified,
        peft_type=adapter.peft_type,
        r=adapter.r,
        base=adapter.base_model_name_or_path,
        place=adapter.path,
    )


def _real(folder: Path) -> Path:
    with suppress(OSError, RuntimeError, ValueError):
        return folder.resolve()
    return folder


def _is_folder(folder: Path) -> bool:
    with suppress(OSError, ValueError):
        return folder.is_dir()
    return False
