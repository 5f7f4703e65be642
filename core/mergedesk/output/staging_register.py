"""Where this user's staging folders are, so that what an ended run left behind is found wherever it lies.

One small file each, in the user's folder for state: the number (inode) of the folder it lies in, and its path. It is a
help only: trouble with it stops nothing.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from platformdirs import user_state_path

from .staging_folder import StagingFolder, is_staging_folder

_OWN = ".mergedesk-"


def register_folder() -> Path:
    """The folder of the register; it need not exist."""
    return user_state_path("mergedesk", appauthor=False) / "staging"


def register(staging: StagingFolder) -> None:
    """Note a staging folder that was made."""
    with suppress(OSError, UnicodeError):
        register_folder().mkdir(parents=True, exist_ok=True)
        line = f"{staging.path.parent.stat().st_ino} {staging.path}"
        _entry(staging).write_text(line, encoding="utf-8", errors="surrogateescape")


def unregister(staging: StagingFolder) -> None:
    """Forget one that is gone."""
    with suppress(OSError):
        _entry(staging).unlink()


def registered() -> Iterator[StagingFolder]:
    """Those noted and still there."""
    return (staging for staging in _noted() if staging.is_there)


def out_of_reach() -> Iterator[StagingFolder]:
    """Those noted that lie in a folder which is not there now: it was moved, or is on a drive that is away."""
    return (staging for staging in _noted() if not staging.is_there)


def _noted() -> Iterator[StagingFolder]:
    """All entries but those of staging folders that are gone, which are dropped."""
    try:
        entries = sorted(register_folder().iterdir())
    except OSError:
        return
    for entry in entries:
        with suppress(OSError, ValueError):
            number, _, path = entry.read_text(encoding="utf-8", errors="surrogateescape").partition(" ")
            staging = StagingFolder(Path(path))
            if not is_staging_folder(staging.path) or not staging.path.is_absolute():
                continue
            if not staging.is_there and _number(staging.path.parent) == int(number):
                unregister(staging)
            else:
                yield staging


def _number(folder: Path) -> int | None:
    try:
        return folder.stat().st_ino
    except OSError:
        return None


def _entry(staging: StagingFolder) -> Path:
    name = staging.path.name
    if name.startswith(_OWN):
        return register_folder() / name.removeprefix(_OWN)
    return register_folder() / hashlib.sha256(os.fsencode(staging.path)).hexdigest()[:16]
