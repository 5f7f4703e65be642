"""Where what is made of a merged folder goes."""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path


def free_name(folder: Path, ending: str) -> Path:
    """A folder beside ``folder``, named after it, that is not there yet."""
    wanted = folder.with_name(f"{folder.name}-{ending}")
    numbered = (folder.with_name(f"{wanted.name}-{number}") for number in count(2))
    return next(path for path in chain([wanted], numbered) if not path.exists())
