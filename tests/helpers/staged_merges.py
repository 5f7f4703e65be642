"""Folders as if they waited for their name, for checks that are run by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mergedesk.domain.progress import CancelToken
from mergedesk.planning.plan import PlannedTensor
from mergedesk.verification.staged.staged_check import StagedMerge


def staged_merge(folder: Path, base: Path, planned: tuple[PlannedTensor, ...], **options: Any) -> StagedMerge:
    """``folder`` with the files that are in it, planned as that."""
    files = tuple(path.name for path in folder.iterdir())
    return StagedMerge(folder, base, planned, files, "bfloat16", CancelToken(), **options)
