"""A GGUF laid into LM Studio's folder of models, as publisher/model/file: there it lists what it runs."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from ..domain.findings import Code, UserError
from ..storage.positional_io import write_trouble
from .installed_tools import find_lm_studio_models

_PUBLISHER = "mergedesk"
_MAGIC = b"GGUF"


def lay_into_lm_studio(gguf: Path, name: str | None = None, models: Path | None = None) -> Path:
    """The file's place in LM Studio: a second name of the same bytes where the disk allows it, else a copy.

    Raises UserError(lm_studio_not_found, not_a_gguf, file_exists, write_failed).
    """
    models = models or find_lm_studio_models()
    if models is None:
        raise UserError(Code.LM_STUDIO_NOT_FOUND)
    if not _is_gguf(gguf):
        raise UserError(Code.NOT_A_GGUF, path=str(gguf))
    target = models / _PUBLISHER / (name or gguf.stem) / gguf.name
    if target.exists():
        raise UserError(Code.FILE_EXISTS, file=str(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _lay(gguf, target)
    except OSError as trouble:
        raise write_trouble(target, trouble) from trouble
    return target


def _is_gguf(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return stream.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def _lay(source: Path, target: Path) -> None:
    """A copy gets its name when it is whole."""
    with suppress(OSError):
        os.link(source.resolve(), target)
        return
    part = target.with_name(f".{target.name}.part")
    try:
        shutil.copyfile(source, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
