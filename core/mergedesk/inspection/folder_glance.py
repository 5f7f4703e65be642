"""What a folder is at a glance: by the names of its files and its configs, without a look at any weights."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ..checkpoints.files import (
    ADAPTER_CONFIG,
    ADAPTER_WEIGHTS,
    CONFIG,
    PICKLED_ADAPTER,
    PICKLED_INDEX,
    PICKLED_WEIGHTS,
    REPORT,
    WEIGHTS,
    WEIGHTS_INDEX,
    read_json,
)
from ..domain.findings import UserError
from ..domain.folder_names import spoken_name
from ..domain.library import EntryKind, FoundIn, LibraryEntry
from ..quantization.detect import stated_quantization
from .inspect_folder import PEFT_CLASSES

MOST_ENTRIES = 5_000
"""What one folder is looked through for; nobody keeps so many models in one."""
_MOST_OF_A_CONFIG = 1_000_000
_MOST_OF_A_REPORT = 2_000_000
_LONGEST = 200
_WHOLE = (WEIGHTS, PICKLED_WEIGHTS)
_INDEXES = (WEIGHTS_INDEX, PICKLED_INDEX)
_SHARD = re.compile(r"(?:model|pytorch_model)-(\d+)-of-(\d+)\.(?:safetensors|bin)")


@dataclass(frozen=True, slots=True)
class Listing:
    """The names in a folder; ``cut`` where there are more than were looked at."""

    folder: Path
    files: frozenset[str]
    folders: tuple[Path, ...]
    cut: bool = False


def listing(folder: Path) -> Listing | None:
    """What lies in a folder; None where it cannot be looked into. Links that lead nowhere are left out."""
    files: set[str] = set()
    folders: list[Path] = []
    cut = False
    try:
        with os.scandir(folder) as entries:
            for entry in islice(entries, MOST_ENTRIES):
                with suppress(OSError):
                    if entry.is_dir():
                        folders.append(folder / entry.name)
                    elif entry.is_file():
                        files.add(entry.name)
            cut = next(entries, None) is not None
    except (OSError, ValueError):
        return None
    return Listing(folder, frozenset(files), tuple(sorted(folders)), cut)


def glance(listed: Listing, origin: FoundIn) -> LibraryEntry | None:
    """The folder as an entry; None where it is neither a model nor an adapter."""
    is_model = bool(listed.files & {WEIGHTS, WEIGHTS_INDEX})
    has_pickled = bool(listed.files & {PICKLED_WEIGHTS, PICKLED_INDEX})
    if CONFIG in listed.files and (is_model or has_pickled or _shards(listed.files)):
        return _model(listed, origin)
    if ADAPTER_CONFIG in listed.files and not is_model:
        return _adapter(listed, origin)
    return None


def _model(listed: Listing, origin: FoundIn) -> LibraryEntry:
    config = _read(listed.folder / CONFIG, _MOST_OF_A_CONFIG)
    report = _read(listed.folder / REPORT, _MOST_OF_A_REPORT) if REPORT in listed.files else {}
    quantization = stated_quantization(config)
    size, modified = _size_and_time(listed)
    return LibraryEntry(
        listed.folder,
        spoken_name(listed.folder),
        EntryKind.MODEL,
        origin,
        class_name=_first_text(config.get("architectures")) or _text(config.get("model_type")),
        nbytes=size,
        modified=modified,
        dtype=_dtype(config),
        quantization=quantization.label[:_LONGEST] if quantization else None,
        base=_text(report.get("base")),
        adapters=_names(report.get("adapters")),
        merged_here=REPORT in listed.files,
        complete=_is_complete(listed.files),
    )


def _adapter(listed: Listing, origin: FoundIn) -> LibraryEntry | None:
    config = _read(listed.folder / ADAPTER_CONFIG, _MOST_OF_A_CONFIG)
    if not config:
        return None
    rank = config.get("r")
    method = _text(config.get("peft_type"))
    size, modified = _size_and_time(listed)
    return LibraryEntry(
        listed.folder,
        spoken_name(listed.folder),
        EntryKind.ADAPTER,
        origin,
        class_name=PEFT_CLASSES.get(_text(config.get("task_type")), "PeftModel"),
        nbytes=size,
        modified=modified,
        peft_type=method.upper() if method else None,
        r=rank if isinstance(rank, int) and not isinstance(rank, bool) else None,
        base=_text(config.get("base_model_name_or_path")),
        complete=not listed.files.isdisjoint((ADAPTER_WEIGHTS, PICKLED_ADAPTER)),
    )


def _read(file: Path, most: int) -> Mapping[str, Any]:
    """What a config says; nothing where it cannot be read, or is larger than any."""
    with suppress(UserError, OSError, ValueError):
        return read_json(file, most)
    return {}


def _is_complete(files: Iterable[str]) -> bool:
    """Whether every part that the parts' own names count is there."""
    if not set(_WHOLE).isdisjoint(files):
        return True
    shards = _shards(files)
    return bool(shards) and {number for number, _ in shards} == set(range(1, max(total for _, total in shards) + 1))


def _shards(files: Iterable[str]) -> list[tuple[int, int]]:
    """The numbers of weight files, each with how many there are; more than a folder may hold are none."""
    told = [(int(found[1]), int(found[2])) for name in files if (found := _SHARD.fullmatch(name)) and len(name) < 60]
    return [one for one in told if one[1] <= MOST_ENTRIES]


def _size_and_time(listed: Listing) -> tuple[int, float]:
    """What its files take, and when the latest of them was written."""
    size, latest = 0, 0.0
    for name in listed.files:
        with suppress(OSError):
            state = (listed.folder / name).stat()
            size += state.st_size
            latest = max(latest, state.st_mtime)
    return size, latest


def _dtype(config: Mapping[str, Any]) -> str | None:
    inner = config.get("text_config")
    places = (config, inner if isinstance(inner, Mapping) else {})
    stated = (place.get(key) for place in places for key in ("dtype", "torch_dtype"))
    found = next((text for value in stated if (text := _text(value))), None)
    return found.removeprefix("torch.") if found else None


def _names(entries: object) -> tuple[str, ...]:
    listed = entries if isinstance(entries, list) else []
    named = (_text(entry.get("name")) for entry in listed if isinstance(entry, Mapping))
    return tuple(name for name in named if name)


def _first_text(value: object) -> str | None:
    return _text(value[0]) if isinstance(value, list) and value else None


def _text(value: object) -> str | None:
    return value[:_LONGEST] if isinstance(value, str) and value else None
