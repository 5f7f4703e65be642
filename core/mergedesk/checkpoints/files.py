"""File names and JSON files as model folders use them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from ..domain.findings import Code, UserError
from ..storage.bounded_json import read_bounded_json

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
WEIGHTS_INDEX = "model.safetensors.index.json"
SAFETENSORS = ".safetensors"
PICKLED_WEIGHTS = "pytorch_model.bin"
PICKLED_INDEX = "pytorch_model.bin.index.json"
ADAPTER_CONFIG = "adapter_config.json"
# Where an adapter's scaling may stand: PEFT's config, and what other tools have.
ADAPTER_SETTINGS = (ADAPTER_CONFIG, "params.json", "hyperparameters.yaml", "model_config.yaml")
ADAPTER_WEIGHTS = "adapter_model.safetensors"
PICKLED_ADAPTER = "adapter_model.bin"
REPORT = "mergedesk-report.json"
EXPORT_REPORT = "mergedesk-export.json"
GENERATION_CONFIG = "generation_config.json"
# Each byte may become 24 in memory. The index of 210,000 tensors (61 layers of 384 packed experts) comes to 25 MB.
MAX_JSON_BYTES = 32_000_000
_LFS_POINTER = b"version https://git-lfs"
_MOST_OF_A_POINTER = 1_000


def is_pointer(file: Path) -> bool:
    """Whether it is what Git LFS leaves in the place of a file that was not fetched."""
    with suppress(OSError):
        if file.is_file() and file.stat().st_size <= _MOST_OF_A_POINTER:
            return file.read_bytes().startswith(_LFS_POINTER)
    return False


def read_json(file: Path, most: int = MAX_JSON_BYTES) -> dict[str, Any]:
    """A JSON object from a file.

    Raises UserError (json_broken, json_too_deep, folder_unreadable, not_a_plain_file, file_absurdly_big) where it
    cannot be read or is not an object.
    """
    content = read_bounded_json(file, most)
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
