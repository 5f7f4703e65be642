"""The records on the disk: a small file each, so that programs write side by side without waiting for one another.

A file's name begins with its time, so the latest are found without reading any. It appears whole or not at all. The
list is a help only: trouble with it stops nothing.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC
from pathlib import Path

from platformdirs import user_state_path

from ...domain.merge_record import MergeRecord
from ...runtime.codec import from_text, to_text

MOST_KEPT = 2000
"""The oldest go beyond that."""
_MOST_BYTES = 1 << 16
_NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}\.json")
_OFF = "off"


def history_folder() -> Path:
    """Where the records are; it need not exist."""
    return user_state_path("mergedesk", appauthor=False) / "history"


def keep(record: MergeRecord) -> bool:
    """Put a merge into the list, unless that is turned off; whether it is there now."""
    folder = history_folder()
    if not keeps():
        return False
    moment = record.when.astimezone(UTC)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(folder / f"{moment:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}.json", to_text(record))
    except (OSError, ValueError):
        return False
    _drop_oldest(folder)
    return True


def records(known: Mapping[str, MergeRecord] | None = None, most: int = MOST_KEPT) -> dict[str, MergeRecord]:
    """At most so many of the list by their files' names, the latest first; ``known`` ones are not read again.

    What is no record, or that of a later version, is passed over.
    """
    known, folder = known or {}, history_folder()
    found = ((name, known.get(name) or _read(folder / name)) for name in _names(folder)[:most])
    return {name: record for name, record in found if record is not None}


def forget(names: Iterable[str]) -> None:
    """Take records out of the list. What was merged stays."""
    for name in filter(_NAME.fullmatch, names):
        with suppress(OSError):
            (history_folder() / name).unlink()


def keeps() -> bool:
    """Whether merges are put into the list."""
    return not (history_folder() / _OFF).exists()


def keep_from_now_on(wanted: bool) -> None:
    """Turn the list on or off, for all programs of this user. What is in it stays."""
    mark = history_folder() / _OFF
    with suppress(OSError):
        if wanted:
            mark.unlink(missing_ok=True)
        else:
            mark.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            mark.touch()


def _names(folder: Path) -> list[str]:
    """Of all records, the latest first."""
    with suppress(OSError), os.scandir(folder) as entries:
        return sorted((entry.name for entry in entries if _NAME.fullmatch(entry.name)), reverse=True)
    return []


def _read(file: Path) -> MergeRecord | None:
    with suppress(OSError, ValueError, RecursionError, OverflowError), file.open("rb") as stream:
        record = from_text(stream.read(_MOST_BYTES), MergeRecord)
        return record if record.when.tzinfo is not None else None
    return None


def _write(file: Path, text: str) -> None:
    """Raises OSError."""
    fresh = file.with_name(f".{file.name}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(text)
        fresh.replace(file)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise


def _drop_oldest(folder: Path) -> None:
    for name in _names(folder)[MOST_KEPT:]:
        with suppress(OSError):
            (folder / name).unlink()
