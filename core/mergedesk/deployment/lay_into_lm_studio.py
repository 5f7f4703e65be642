"""A GGUF laid into LM Studio's folder of models, as publisher/model/file: there it lists what it runs."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from ..domain.findings import Code, UserError
from ..storage.positional_io import write_trouble
from ..storage.whole_gguf import whole_model_gguf
from .installed_tools import find_lm_studio_models

_PUBLISHER = "mergedesk"
# What is one folder's name on every system: no separator, no control character, none that Windows has other uses for.
_NAME = re.compile(r"(?!\.)[^\\/:*?\"<>|\x00-\x1f\x7f]{1,200}(?<![. ])")


def lay_into_lm_studio(
    gguf: Path, name: str | None = None, models: Path | None = None, *, overwrite: bool = False
) -> Path:
    """The file's place in LM Studio: a second name of the same bytes where the disk allows it, else a copy.

    Raises:
        UserError: ``lm_studio_not_found``, ``lm_studio_name_odd``, ``gguf_file_exists``, ``write_failed``, or what
            ``whole_model_gguf`` says of the file.
    """
    models = models or find_lm_studio_models()
    if models is None:
        raise UserError(Code.LM_STUDIO_NOT_FOUND)
    name = gguf.stem if name is None else name
    if not _NAME.fullmatch(name):
        raise UserError(Code.LM_STUDIO_NAME_ODD, name=name)
    whole_model_gguf(gguf)
    target = models / _PUBLISHER / name / gguf.name
    if os.path.lexists(target):
        _refuse_to_replace(gguf, target, overwrite=overwrite)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _lay(gguf.resolve(), target)
    except OSError as trouble:
        raise write_trouble(target, trouble) from trouble
    return target


def _refuse_to_replace(gguf: Path, target: Path, *, overwrite: bool) -> None:
    """A folder is never replaced, nor the very file that is laid, were it only by its own name."""
    if not overwrite or target.is_dir() or target.absolute() == gguf.absolute():
        raise UserError(Code.GGUF_FILE_EXISTS, path=str(target))


def _lay(source: Path, target: Path) -> None:
    """It gets its name when it is whole; what had that name is there until then."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        try:
            os.link(source, part)
        except OSError:
            shutil.copyfile(source, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
