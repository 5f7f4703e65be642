"""What runs left behind that ended before they could tidy up: found, told with its size, put back or removed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ..domain.findings import Code, Finding, UserError, info, warning
from ..storage.durable import sync_folder
from ..storage.file_identity import real_path
from ..storage.positional_io import write_trouble
from .folder_lock import FolderInUse, held, is_held
from .journal import has_work
from .staging import remove_held, remove_shell
from .staging_folder import StagingFolder, base_places_in, is_base_place, is_folder, staging_folders_in
from .staging_register import out_of_reach, registered, unregister

_BLOCK = 512


class LeftoverKind(StrEnum):
    """What is in it: a merge that can be gone on with, or cannot; what a finished merge replaced; the only old one.

    Or pieces of a base; or it is not known, since the folder it lies in was moved or is on a drive that is away.
    """

    RESUMABLE = "resumable"
    UNFINISHED = "unfinished"
    REPLACED = "replaced"
    SET_ASIDE = "set_aside"
    BASE = "base"
    OUT_OF_REACH = "out_of_reach"


_CODES = {
    LeftoverKind.RESUMABLE: Code.LEFTOVER_RESUMABLE,
    LeftoverKind.UNFINISHED: Code.LEFTOVER_UNFINISHED,
    LeftoverKind.REPLACED: Code.LEFTOVER_REPLACED,
    LeftoverKind.SET_ASIDE: Code.LEFTOVER_SET_ASIDE,
    LeftoverKind.BASE: Code.LEFTOVER_BASE,
    LeftoverKind.OUT_OF_REACH: Code.LEFTOVER_OUT_OF_REACH,
}


@dataclass(frozen=True, slots=True)
class Leftover:
    """A staging folder that no run uses any more; ``nbytes`` is what it takes on the disk."""

    home: StagingFolder
    kind: LeftoverKind
    nbytes: int

    @property
    def finding(self) -> Finding:
        """The same, to be told."""
        output = self.home.output
        path = self.home.old if self.kind is LeftoverKind.SET_ASIDE else self.home.path
        tell = warning if self.kind is LeftoverKind.SET_ASIDE else info
        return tell(_CODES[self.kind], path=str(path), output=str(output) if output else None, bytes=self.nbytes)


def find_leftovers(output: Path | None = None) -> list[Leftover]:
    """Those beside ``output`` and those of this user, wherever they lie; a living run's are none of them.

    Those out of reach are left out where they lay elsewhere than ``output``.
    """
    homes = dict.fromkeys(_homes(output))
    parent = real_path(output).parent if output else None
    away = [home for home in out_of_reach() if parent in (None, home.path.parent)]
    return [
        *(_leftover(home) for home in homes if not is_held(home.path)),
        *(Leftover(home, LeftoverKind.OUT_OF_REACH, 0) for home in away),
    ]


def _homes(output: Path | None) -> Iterator[StagingFolder]:
    if output is not None:
        parent = real_path(output).parent
        yield from staging_folders_in(parent)
        yield from base_places_in(parent)
    yield from (home for home in registered() if home.path.name.startswith(".mergedesk-") or is_base_place(home.path))


def _leftover(home: StagingFolder) -> Leftover:
    return Leftover(home, _kind(home), _allocated(home.path))


def _kind(home: StagingFolder) -> LeftoverKind:
    if is_base_place(home.path):
        return LeftoverKind.BASE
    if home.is_published:
        return LeftoverKind.REPLACED
    if is_folder(home.old):
        return LeftoverKind.SET_ASIDE
    return LeftoverKind.RESUMABLE if has_work(home) else LeftoverKind.UNFINISHED


def _allocated(folder: Path) -> int:
    """Bytes on the disk: weight files have their size from the start, and holes where nothing was written yet."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                status = (Path(place) / name).lstat()
                total += getattr(status, "st_blocks", -(-status.st_size // _BLOCK)) * _BLOCK
    return total


def leftover_findings(output: Path | None = None) -> list[Finding]:
    """One finding for each leftover."""
    return [leftover.finding for leftover in find_leftovers(output)]


def is_of(output: Path, findings: Sequence[Finding]) -> bool:
    """Whether something told in ``findings`` was left, or may have been, while ``output`` was made."""
    real = real_path(output)
    beside = [one.data["output"] for one in findings if Path(str(one.data["path"])).parent == real.parent]
    return None in beside or any(one.data["output"] == str(real) for one in findings)


def resumable(output: Path) -> Leftover | None:
    """What an ended run left of ``output`` to go on with: of several, the one with most on the disk."""
    output = real_path(output)
    usable = (LeftoverKind.RESUMABLE, LeftoverKind.UNFINISHED)
    own = [left for left in find_leftovers(output) if left.home.output == output and left.kind in usable]
    return max(own, key=lambda left: (left.kind is LeftoverKind.RESUMABLE, left.nbytes), default=None)


def put_back_set_aside(output: Path) -> list[Finding]:
    """Give ``output`` the folder back that a run had set aside when it ended before it put the new one there."""
    output = real_path(output)
    return [
        info(Code.OUTPUT_PUT_BACK, path=str(output), kept=str(home.path))
        for home in staging_folders_in(output.parent)
        if home.output == output and not os.path.lexists(output) and _put_back(home, output)
    ]


def _put_back(home: StagingFolder, output: Path) -> bool:
    if not is_folder(home.old):
        return False
    try:
        with held(home.path, may_be_without=True):
            home.old.rename(output)
            sync_folder(output.parent)
    except (FolderInUse, OSError):
        return False
    return True


def remove(leftover: Leftover) -> None:
    """Remove it, or forget it where it is out of reach.

    Raises UserError(staging_in_use) where a run has taken it up, or leftover_not_removed or write_failed where a part
    stays.
    """
    home = leftover.home
    if leftover.kind is LeftoverKind.OUT_OF_REACH:
        unregister(home)
        return
    try:
        with held(home.path, may_be_without=True):
            remove_held(home)
    except FolderInUse as trouble:
        raise UserError(Code.STAGING_IN_USE, path=str(home.path)) from trouble
    except OSError as trouble:
        raise write_trouble(home.path, trouble) from trouble
    remove_shell(home)
    if home.is_there:
        raise UserError(Code.LEFTOVER_NOT_REMOVED, path=str(home.path))


def remove_at(path: Path) -> None:
    """Remove the leftover that was found in a staging folder. Raises as ``remove`` does."""
    home = StagingFolder(path)
    remove(_leftover(home) if home.is_there else Leftover(home, LeftoverKind.OUT_OF_REACH, 0))


def remove_left_by(output: Path, process: int, keeps_work: bool) -> None:
    """Remove what an ended process had staged for ``output``; a folder that it had set aside gets its name back.

    ``keeps_work``: not what can be gone on with.
    """
    output = real_path(output)
    for place in base_places_in(output.parent):
        if place.output == output and place.process == process and not is_held(place.path):
            with suppress(UserError):
                remove(_leftover(place))
    for home in staging_folders_in(output.parent):
        if home.output == output and home.process == process and not is_held(home.path):
            if not os.path.lexists(output):
                _put_back(home, output)
            left = _leftover(home)
            if not keeps_work or left.kind is not LeftoverKind.RESUMABLE:
                with suppress(UserError):
                    remove(left)


def remove_ended(output: Path) -> None:
    """Remove what ended runs left of ``output`` where nobody goes on with it; a folder that was set aside stays."""
    output = real_path(output)
    for left in find_leftovers(output):
        if left.home.output == output and left.kind in (LeftoverKind.RESUMABLE, LeftoverKind.UNFINISHED):
            with suppress(UserError):
                remove(left)


def remove_spent(output: Path) -> None:
    """Remove what holds nothing any more: a run was ended after it had published, or before it began."""
    for home in staging_folders_in(real_path(output).parent):
        with suppress(OSError, UserError):
            if not {home.model.name, home.old.name} & set(os.listdir(home.path)) and not is_held(home.path):  # noqa: PTH208
                remove(_leftover(home))
