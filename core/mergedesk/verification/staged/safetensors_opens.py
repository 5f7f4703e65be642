"""Whether safetensors itself, stricter than any reader of JSON, opens every file and finds the same tensors there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...checkpoints.files import SAFETENSORS
from ...domain.findings import Check, CheckCode, check_of
from ...storage.safetensors_header import Header
from .staged_check import StagedCheck, StagedMerge


def _checks(merge: StagedMerge) -> Iterator[Check]:
    headers = {header.file: header for header in merge.readable.headers}
    files = sorted(merge.folder.rglob(f"*{SAFETENSORS}"))
    refused = [file.name for file in files if not _opens(file, headers.get(file))]
    yield check_of(CheckCode.OPENS_WITH_SAFETENSORS, not refused, count=len(files), names=list(refused))


def _opens(file: Path, header: Header | None) -> bool:
    """``header`` is what this program reads there; None for a file that is none of the model's."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="pt") as opened:
            return header is None or set(opened.keys()) == set(header.tensors)
    except (SafetensorError, OSError):
        return False


CHECK = StagedCheck(_checks)
