"""Findings on the output folder, its size and the space there is for it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...checkpoints.files import REPORT
from ...domain.findings import Code, Finding, error, info, warning
from ...domain.folder_info import FolderKind
from ...inspection.inspect_folder import folders_within, inspect_folder
from ...storage.disk_speed import free_bytes_in

_REPLACEABLE = (FolderKind.MODEL, FolderKind.QUANTIZED_MODEL, FolderKind.ADAPTER)
_GROWTH = 1.2
# Companion files, the report and the file system's own needs.
_MARGIN_BYTES = 64_000_000


def output_findings(output: Path, inputs: Sequence[Path], overwrite: bool) -> Iterator[Finding]:
    """Whether the folder may be written; nothing that is not a model or an adapter is ever replaced."""
    try:
        yield from _look_at(output, inputs, overwrite)
    except (OSError, ValueError, RuntimeError):  # a name that no file system takes, a loop of links
        yield error(Code.OUTPUT_NOT_WRITABLE, path=str(output))


def _look_at(output: Path, inputs: Sequence[Path], overwrite: bool) -> Iterator[Finding]:
    if clash := next((path for path in inputs if _overlap(output, path)), None):
        yield error(Code.OUTPUT_IS_INPUT, path=str(output), input=str(clash))
    elif output.exists() and not output.is_dir():
        yield error(Code.OUTPUT_NOT_WRITABLE, path=str(output))
    elif output.resolve().is_mount():  # "." would count as one: its parent is itself
        yield error(Code.OUTPUT_IS_DRIVE, path=str(output))
    elif output.is_dir() and any(output.iterdir()):
        yield _occupied(output, overwrite)
    parent = existing_parent(output)
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        yield error(Code.OUTPUT_NOT_WRITABLE, path=str(parent))


def _occupied(output: Path, overwrite: bool) -> Finding:
    if not overwrite:
        return error(Code.OUTPUT_NOT_EMPTY, path=str(output))
    if not _is_replaceable(output):
        return error(Code.OUTPUT_NOT_REPLACEABLE, path=str(output))
    return info(Code.OUTPUT_WILL_BE_REPLACED, path=str(output))


def _is_replaceable(folder: Path) -> bool:
    """Whether it is one model or adapter and holds no others, nor a repository."""
    if (folder / ".git").exists() or folders_within(folder):
        return False
    return (folder / REPORT).is_file() or inspect_folder(folder).kind in _REPLACEABLE


def _overlap(output: Path, given: Path) -> bool:
    output, given = output.resolve(), given.resolve()
    return output == given or output in given.parents or given in output.parents


def existing_parent(path: Path) -> Path:
    """The nearest thing above ``path`` that exists; ``path`` itself where there is none, as on a drive that is gone."""
    return next((parent for parent in path.absolute().parents if parent.exists()), path)


def free_bytes(output: Path) -> int | None:
    """Free space where ``output`` would lie; None where that cannot be told."""
    return free_bytes_in(existing_parent(output))


def space_findings(output: Path, predicted: int, free: int | None) -> Iterator[Finding]:
    """Refuse before a byte is written what would fill the disk."""
    needed = predicted + _MARGIN_BYTES
    if free is not None and needed > free:
        folder = str(existing_parent(output))
        yield error(Code.DISK_FULL, folder=folder, needed_bytes=needed, free_bytes=free)


def size_findings(base_bytes: int, predicted: int) -> Iterator[Finding]:
    """An output much larger than its base is mostly a precision nobody meant."""
    if predicted > base_bytes * _GROWTH:
        yield warning(Code.SIZE_GROWS, base_bytes=base_bytes, output_bytes=predicted)
