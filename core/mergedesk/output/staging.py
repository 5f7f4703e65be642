"""A folder that appears under its name whole, verified and on the disk, or not at all."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..domain.findings import Code, Finding, UserError, warning
from ..domain.progress import Cancelled
from ..storage.durable import sync_folder, sync_tree
from ..storage.exchange import exchange
from ..storage.positional_io import write_trouble
from .folder_lock import LOCK, FolderInUse, held, place_of
from .staging_folder import StagingFolder, new_staging_folder, report_digest, write_small
from .staging_register import register, unregister

_ATTEMPTS = 16
# An earlier run's work that this run cannot go on with stays for one that can.
_OF_NO_USE = (Code.RESUME_INPUT_DIFFERS, Code.RESUME_PLAN_DIFFERS)
logger = logging.getLogger("mergedesk")


@dataclass(frozen=True, slots=True)
class Staging:
    """``home`` is a hidden sibling of ``output``; ``folder`` in it is to be filled, verified and published."""

    home: StagingFolder
    output: Path

    @property
    def folder(self) -> Path:
        """What will be published."""
        return self.home.model

    def publish(self, overwrite: bool) -> list[Finding]:
        """Bring the folder to the disk and give it its name; one that is replaced stays until the new one is there.

        Gives back what is to be said of a folder that is in place. Raises UserError (output_not_empty, write_failed or
        output_set_aside); but for the last the old folder is where it was.
        """
        bring_to_disk(self.folder)
        try:
            if not _is_filled(self.output):
                self._take_the_place()
            elif overwrite:
                self._replace()
            else:
                raise UserError(Code.OUTPUT_NOT_EMPTY, path=str(self.output))
        except OSError as trouble:
            raise write_trouble(self.output, trouble) from trouble
        return _sync_names(self.output, self.home)

    def publish_file(self, name: str, overwrite: bool) -> list[Finding]:
        """The same for one file in it, where ``output`` is to be a file. Raises UserError(gguf_file_exists)."""
        bring_to_disk(self.folder)
        try:
            if os.path.lexists(self.output) and not overwrite:
                raise UserError(Code.GGUF_FILE_EXISTS, path=str(self.output))
            (self.folder / name).replace(self.output)
        except OSError as trouble:
            raise write_trouble(self.output, trouble) from trouble
        return _sync_names(self.output, self.home)

    def refuse_moved(self, cause: BaseException | None = None) -> None:
        """Raise UserError(output_moved) where the folder it lies in is no longer there."""
        if not self.home.is_there:
            raise UserError(Code.OUTPUT_MOVED, path=str(self.output.parent)) from cause

    def _take_the_place(self) -> None:
        """Where the output is not there, or empty. Only Windows refuses to put a folder over an empty one."""
        empty = sys.platform == "win32" and self.output.is_dir()
        if empty:
            self.output.rmdir()
        try:
            self.folder.rename(self.output)
        except OSError:
            if empty:
                self.output.mkdir()
            raise

    def _replace(self) -> None:
        write_small(self.home.publishing, {"report": report_digest(self.folder)})
        sync_tree(self.home.path)
        sync_folder(self.home.path.parent)
        if exchange(self.folder, self.output):
            return
        self.output.rename(self.home.old)
        try:
            self.folder.rename(self.output)
        except OSError as trouble:
            put_back(self.home, self.output, trouble)
            raise
        with suppress(OSError):
            self.home.old.rename(self.folder)


def put_back(home: StagingFolder, output: Path, cause: OSError) -> None:
    """Give a folder that was set aside its name again.

    Raises UserError(output_set_aside) where that fails too, as on a disk that broke off; ``cause`` is what went before.
    """
    try:
        home.old.rename(output)
    except OSError as trouble:
        reason = cause.strerror or str(cause)
        raise UserError(Code.OUTPUT_SET_ASIDE, path=str(output), kept=str(home.old), reason=reason) from trouble


def bring_to_disk(folder: Path, check: Callable[[], None] = lambda: None) -> None:
    """Wait until all that is in ``folder`` is on the disk. Raises UserError(disk_filled_up or write_failed).

    ``check`` is called before each file, and may raise.
    """
    try:
        sync_tree(folder, check)
    except OSError as trouble:
        raise write_trouble(Path(trouble.filename or folder), trouble) from trouble


def _is_filled(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _sync_names(output: Path, home: StagingFolder) -> list[Finding]:
    """The names, too, are on the disk before success is told. What fails here does not take the result away again."""
    try:
        for parent in list(output.parents)[: home.made_parents + 1]:
            sync_folder(parent)
        sync_folder(home.path)
    except OSError as trouble:
        return [warning(Code.NAME_NOT_SYNCED, path=str(output), reason=trouble.strerror or str(trouble))]
    return []


@contextmanager
def staged(output: Path, resumed: StagingFolder | None = None) -> Iterator[Staging]:
    """A staging folder beside ``output``; gone afterwards unless published, with any parents made for it.

    A link is followed, so that the folder it leads to is made or replaced and the link stays. ``resumed``: one that an
    ended run left, to go on with. Raises UserError(disk_full, write_failed or staging_in_use) where it cannot be made,
    and output_moved for whatever went wrong where the folder it lies in is no longer there.
    """
    output = Path(os.path.realpath(output))
    with ExitStack() as afterwards, ExitStack() as lock:
        home, locked = _take(resumed, lock) if resumed else _make(output, lock)
        keeps = False
        try:
            yield Staging(home, output)
        except Cancelled:
            raise
        except Exception as trouble:
            keeps = isinstance(trouble, UserError) and trouble.code in _OF_NO_USE
            Staging(home, output).refuse_moved(trouble)
            raise
        finally:
            home = StagingFolder(place_of(home.path, locked))
            afterwards.callback(remove_shell, home)
            if not keeps:
                remove_held(home)


def _take(home: StagingFolder, lock: ExitStack) -> tuple[StagingFolder, int]:
    try:
        locked = lock.enter_context(held(home.path, may_be_without=True))
        home.model.mkdir(exist_ok=True)
    except FolderInUse as trouble:
        raise UserError(Code.STAGING_IN_USE, path=str(home.path)) from trouble
    except OSError as trouble:
        raise write_trouble(home.path, trouble) from trouble
    return home, locked


def _make(output: Path, lock: ExitStack) -> tuple[StagingFolder, int]:
    """A new one, and its lock. Where another run, which looks for leftovers, has that just now, one of another name."""
    parents = len(missing_parents(output))
    for _ in range(_ATTEMPTS):
        home = new_staging_folder(output)
        try:
            home.path.mkdir(parents=True)
            locked = lock.enter_context(held(home.path, may_be_without=True))
            register(home)
            started = datetime.now(UTC).isoformat(timespec="seconds")
            about = {"output": output.name, "parents": parents, "started": started, "process": os.getpid()}
            write_small(home.about, about)
            home.model.mkdir()
        except FolderInUse:
            continue
        except OSError as trouble:
            remove_held(home)
            remove_shell(home, parents)
            raise write_trouble(output, trouble) from trouble
        return home, locked
    raise UserError(Code.STAGING_IN_USE, path=str(output.parent))


def missing_parents(output: Path) -> list[Path]:
    """The folders that would have to be made for ``output``, the innermost first."""
    return [parent for parent in output.parents if not parent.exists()]


def remove_held(home: StagingFolder) -> None:
    """Remove what is in a staging folder, except the lock, which this process holds. What cannot be removed stays.

    So does a folder that was set aside and could not be put back.
    """
    if os.path.lexists(home.old) and not home.is_published:
        return
    for entry in _entries(home.path):
        if entry.name not in _notes(home):
            _remove(entry)


def _notes(home: StagingFolder) -> tuple[str, ...]:
    """What says whose a staging folder is, and what became of it: the last to go."""
    return LOCK, home.about.name, home.publishing.name


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _remove(path: Path) -> None:
    try:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    except OSError as trouble:
        logger.warning("A part of a staging folder could not be removed: %s", trouble.strerror)


def remove_shell(home: StagingFolder, parents: int | None = None) -> None:
    """Remove a staging folder of which only lock and note are left, and the empty folders that were made for it."""
    count = home.made_parents if parents is None else parents
    is_in_reach = home.is_there
    if {entry.name for entry in _entries(home.path)} <= set(_notes(home)):
        with suppress(OSError):
            for note in _notes(home):
                (home.path / note).unlink(missing_ok=True)
            home.path.rmdir()
    if os.path.lexists(home.path):
        return
    if is_in_reach:
        unregister(home)
    for parent in list(home.path.parents)[:count]:
        with suppress(OSError):
            parent.rmdir()
