"""The folders that sentence-transformers' list names as parts of a model; some hold weights of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from ..domain.findings import UserError
from ..storage.bounded_json import read_bounded_json
from .files import MAX_JSON_BYTES

PARTS = "modules.json"
_MOST_BYTES, _MOST_PARTS = 255, 8


def part_folders(folder: Path) -> set[str]:
    """Their paths within ``folder``; empty where there is no list, or a broken one."""
    try:
        listed = read_bounded_json(folder / PARTS, MAX_JSON_BYTES)
    except UserError:
        return set()
    paths = [part.get("path") for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
    return {path for path in paths if isinstance(path, str) and path and _is_within(PurePosixPath(path))}


def part_files(folder: Path, parts: Iterable[str]) -> Iterator[Path]:
    """What lies in those of the parts that ``folder`` has; nothing of one that cannot be looked into."""
    for part in sorted(parts):
        with suppress(OSError):
            yield from sorted((folder / part).iterdir())


def _is_within(path: PurePosixPath) -> bool:
    return not path.is_absolute() and ".." not in path.parts and _could_be(path)


def _could_be(path: PurePosixPath) -> bool:
    """Whether a disk could have a folder of that name."""
    if not str(path).isprintable():  # half a character cannot be encoded
        return False
    return all(len(part.encode()) <= _MOST_BYTES for part in path.parts) and len(path.parts) <= _MOST_PARTS
