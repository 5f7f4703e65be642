"""``mergedesk library``: the models and adapters on this computer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ...domain.library import EntryKind, Library, LibraryEntry, library_json
from ...domain.progress import CancelToken
from ...inspection.library_places import kept_places
from ...pipelines.library import library as all_here
from ..options import JsonOption
from ..output import ExitCode, print_json, told
from ..words import human_bytes, say


def library(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="[DIR]...", help="Folders to look in, beside the known places.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the models and adapters on this computer."""
    places = kept_places()
    here = tuple(folder.absolute() for folder in folders or ())
    found = all_here(replace(places, added=(*here, *places.added)), lambda _: None, CancelToken())
    with told(ExitCode.DONE):
        if as_json:
            print_json(library_json(found))
        else:
            _print(found)


def _print(found: Library) -> None:
    for entry in sorted(found.entries, key=lambda one: (one.kind is EntryKind.ADAPTER, one.name.casefold())):
        print(entry.name)
        print(f"  {' · '.join(fact for fact in _facts(entry) if fact)}")
        if entry.base:
            known = entry.base_folder or say("library_base_not_here")
            base = entry.base
            made = say("library_made_of", base=base) if entry.merged_here else say("library_trained_on", base=base)
            print(f"  {made} → {known}")
        print(f"  {entry.folder}")
    if not found.entries:
        print(say("library_empty"))
    for folder in found.cut:
        print(say("library_cut", path=str(folder)))
    for folder in found.missing:
        print(say("library_missing", path=str(folder)))


def _facts(entry: LibraryEntry) -> tuple[str | None, ...]:
    is_adapter = entry.kind is EntryKind.ADAPTER
    kind = say("kind.adapter" if is_adapter else "kind.quantised_model" if entry.quantization else "kind.model")
    rank = f"{say('fact.rank')} {entry.r}" if entry.r else ""
    return (
        kind,
        say("library_merged_here") if entry.merged_here else "",
        entry.peft_type if is_adapter else entry.class_name,
        rank,
        entry.dtype,
        entry.quantization,
        human_bytes(entry.nbytes),
        datetime.fromtimestamp(entry.modified).strftime("%Y-%m-%d") if entry.modified else "",
        "" if entry.complete else say("library_incomplete"),
    )
