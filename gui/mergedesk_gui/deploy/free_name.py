"""Where what is made of a merged folder goes."""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path

from mergedesk.domain.folder_names import short_name


def free_name(folder: Path, ending: str, place: Path | None = None) -> Path:
    """A folder in ``place``, or beside ``folder``, that is named after it and is not there yet."""
    wanted = (place or folder.parent) / f"{short_name(folder)}-{ending}"
    numbered = (wanted.with_name(f"{wanted.name}-{number}") for number in count(2))
    return next(path for path in chain([wanted], numbered) if not path.exists())
