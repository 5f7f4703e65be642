"""File names and JSON files as model folders use them."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from ..domain.findings import Code, UserError

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
WEIGHTS_INDEX = "model.safetensors.index.json"
SAFETENSORS = ".safetensors"
PICKLED_WEIGHTS = "pytorch_model.bin"
PICKLED_INDEX = "pytorch_model.bin.index.json"
ADAPTER_CONFIG = "adapter_config.json"
ADAPTER_WEIGHTS = "adapter_model.safetensors"
PICKLED_ADAPTER = "adapter_model.bin"
REPORT = "mergedesk-report.json"
GENERATION_CONFIG = "generation_config.json"
MAX_JSON_BYTES = 64_000_000


def read_json(file: Path) -> dict[str, Any]:
    """A JSON object from a file.

    Raises UserError (json_broken or folder_unreadable) where it cannot be read or is not an object.
    """
    try:
        if file.stat().st_size > MAX_JSON_BYTES:
            raise UserError(Code.JSON_BROKEN, file=file.name)
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as trouble:
        raise UserError(Code.FOLDER_UNREADABLE, file=file.name, reason=trouble.strerror or "") from trouble
    except (ValueError, RecursionError) as trouble:
        raise UserError(Code.JSON_BROKEN, file=file.name) from trouble
    if not isinstance(content, dict):
        raise UserError(Code.JSON_BROKEN, file=file.name)
    return content


def read_or_empty(file: Path) -> dict[str, Any]:
    """A JSON object from a file; empty where there is none to read."""
    with suppress(UserError):
        return read_json(file)
    return {}


def has_report(folder: Path) -> bool:
    """Whether a folder says of itself that it was merged here; False where it cannot be looked into."""
    try:
        return (folder / REPORT).is_file()
    except OSError:
        return False


def inside(folder: Path, name: str) -> Path:
    """The file that an index names, only if it is plainly a file name within ``folder``.

    Raises UserError (path_escapes) for absolute paths, drive letters and parent steps.
    """
    pure = PurePosixPath(name)
    if not name or pure.is_absolute() or ".." in pure.parts or "\\" in name or ":" in name:
        raise UserError(Code.PATH_ESCAPES, file=name)
    return folder / pure
