"""A small library of every kind of entry: two checkpoints of a run whose base is there, an adapter without, a merge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mergedesk.domain.library import EntryKind, FoundIn, Library, LibraryEntry

BASE = LibraryEntry(
    Path("/hub/models--acme--Little-7B/snapshots/01"), "acme/Little-7B", EntryKind.MODEL, FoundIn.HUB_CACHE,
    "LlamaForCausalLM", 14_000_000_000, 1_700_000_000.0, "bfloat16",
)  # fmt: skip
FIRST = LibraryEntry(
    Path("/runs/pirate/checkpoint-500"), "pirate/checkpoint-500", EntryKind.ADAPTER, FoundIn.CHOSEN,
    "PeftModelForCausalLM", 30_000_000, 1_710_000_000.0, None, None, "LORA", 16, "acme/Little-7B", BASE.folder,
)  # fmt: skip
LATER = replace(FIRST, folder=FIRST.folder.with_name("checkpoint-1500"), name="pirate/checkpoint-1500")
ALONE = replace(FIRST, folder=Path("/runs/poet"), name="poet", base="other/Big-70B", base_folder=None, nbytes=9)
MERGED = replace(
    BASE, folder=Path("/out/Little-pirate"), name="Little-pirate", origin=FoundIn.ADDED, merged_here=True,
    base="Little-7B", base_folder=BASE.folder, adapters=("checkpoint-500",), nbytes=15_000_000_000,
)  # fmt: skip
LIBRARY = Library((BASE, FIRST, LATER, ALONE, MERGED))
