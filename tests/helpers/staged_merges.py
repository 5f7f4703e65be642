"""Folders as if they waited for their name, for checks that are run by themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mergedesk.domain.findings import CheckCode
from mergedesk.domain.progress import CancelToken
from mergedesk.planning.plan import PlannedTensor
from mergedesk.verification import staged
from mergedesk.verification.staged.staged_check import StagedMerge


def staged_merge(folder: Path, base: Path, planned: tuple[PlannedTensor, ...], **options: Any) -> StagedMerge:
    """``folder`` with the files that are in it, planned as that."""
    files = tuple(path.name for path in folder.iterdir())
    return StagedMerge(folder, base, planned, files, "bfloat16", CancelToken(), **options)


def codes_of(name: str) -> set[CheckCode]:
    """What a staged check's module gives: nothing states it besides, so that nothing can be forgotten."""
    return set(codes_in(Path(staged.__file__).with_name(f"{name}.py")))


def codes_in(file: Path) -> Iterator[CheckCode]:
    """The codes that a module names."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "CheckCode":
            yield CheckCode[node.attr]
