"""Whether the results of past merges are still where they were put."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path

from ...checkpoints.files import has_report
from ...domain.merge_record import MergeRecord, ResultStanding, Whereabouts
from ...storage.file_identity import folder_number

_MOST_BESIDE = 2000
_Beside = dict[Path, dict[int, Path]]


def whereabouts(records: Mapping[str, MergeRecord]) -> dict[str, Whereabouts]:
    """Of each result; ``records`` are the latest first. Looks at the disk."""
    newer: set[Path] = set()
    beside: _Beside = {}
    found = {}
    for name, record in records.items():
        found[name] = _of(record, beside, is_replaced=record.request.output in newer)
        if record.is_made:
            newer.add(record.request.output)
    return found


def _of(record: MergeRecord, beside: _Beside, *, is_replaced: bool) -> Whereabouts:
    output = record.request.output
    if not record.is_made:
        return Whereabouts(ResultStanding.NONE)
    if not is_replaced and has_report(output):
        return Whereabouts(ResultStanding.THERE, output)
    if (moved := _renamed(record, beside)) is not None:
        return Whereabouts(ResultStanding.MOVED, moved)
    return Whereabouts(ResultStanding.REPLACED if is_replaced else ResultStanding.GONE)


def _renamed(record: MergeRecord, beside: _Beside) -> Path | None:
    """The folder beside the old one, or one level above, that is the same one; None where there is none."""
    if record.place is None:
        return None
    home = record.request.output.parent
    for folder in (home, home.parent):
        if folder not in beside:
            beside[folder] = dict(_folders(folder))
        found = beside[folder].get(record.place[1])
        if found is not None and folder_number(found) == record.place and has_report(found):
            return found
    return None


def _folders(home: Path) -> Iterator[tuple[int, Path]]:
    """Folders by their numbers, as many as are looked at within a moment."""
    with suppress(OSError), os.scandir(home) as entries:
        for entry in islice(entries, _MOST_BESIDE):
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    yield entry.inode(), Path(entry.path)
