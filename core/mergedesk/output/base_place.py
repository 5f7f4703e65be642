"""The folder beside an output in which pieces of a base come and go while that is merged; nothing of it stays."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..domain.findings import Code, UserError
from ..storage.positional_io import write_trouble
from .folder_lock import FolderInUse, held, is_held
from .staging import missing_parents, remove_held, remove_shell
from .staging_folder import HOLDS, StagingFolder, base_place_of, is_base_place, write_small
from .staging_register import register


@contextmanager
def base_place(output: Path) -> Iterator[Path]:
    """It, empty; another run's for the same output is taken over once that has ended.

    Its name is always the same, so that a merge that is gone on with finds its inputs where they were. Raises
    UserError: output_not_empty where something else lies there, staging_in_use, disk_full, write_failed.
    """
    home = base_place_of(output)
    parents = len(missing_parents(output))
    if home.is_there and not is_base_place(home.path) and any(home.path.iterdir()):
        raise UserError(Code.OUTPUT_NOT_EMPTY, path=str(home.path))
    try:
        home.path.mkdir(parents=True, exist_ok=True)
        with held(home.path, may_be_without=True):
            register(home)
            about = {"output": output.name, "parents": parents, "process": os.getpid(), **HOLDS}
            write_small(home.about, about)
            remove_held(home)
            try:
                yield home.path
            finally:
                remove_held(home)
    except FolderInUse as trouble:
        raise UserError(Code.STAGING_IN_USE, path=str(home.path)) from trouble
    except OSError as trouble:
        raise write_trouble(home.path, trouble) from trouble
    finally:
        if not _is_used(home):
            remove_shell(home)


def _is_used(home: StagingFolder) -> bool:
    """Whether another run has it."""
    return home.is_there and is_held(home.path)
