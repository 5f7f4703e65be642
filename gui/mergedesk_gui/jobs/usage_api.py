"""The engine's functions that the page on using a result calls, gathered so that tests can put others there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mergedesk.deployment.modelfile import Modelfile
    from mergedesk.deployment.usage import Usage


@dataclass(frozen=True, slots=True)
class UsageAnswer:
    """How a folder is used elsewhere, and its Modelfile; None where it is not a model."""

    usage: Usage
    modelfile: Modelfile | None


def look(folder: Path) -> UsageAnswer:
    """Read a folder's names, configs and headers."""
    from mergedesk.deployment.modelfile import modelfile_of
    from mergedesk.deployment.usage import usage_of

    return UsageAnswer(usage_of(folder), modelfile_of(folder))


def write(folder: Path, text: str, replace: bool) -> Path:
    """Write the Modelfile into its folder; raises UserError (file_exists, disk_full or write_failed)."""
    from mergedesk.deployment.modelfile import MODELFILE
    from mergedesk.domain.errors import UserError
    from mergedesk.domain.findings import Code
    from mergedesk.output.companions import write_text

    target = folder / MODELFILE
    if target.exists() and not replace:
        raise UserError(Code.FILE_EXISTS, file=str(target))
    write_text(target, text)
    return target


@dataclass(frozen=True, slots=True)
class UsageBackend:
    """Both are called off the GUI thread."""

    look: Callable[[Path], UsageAnswer] = look
    write: Callable[[Path, str, bool], Path] = write
