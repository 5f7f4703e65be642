"""Files of many jobs, in YAML: what ``mergedesk batch`` carries out, and what the window saves and opens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from ...domain.findings import Code, UserError
from ...domain.job_list import Task
from ...domain.requests import VerifyRequest
from ...domain.transfer import UploadRequest
from ...storage.bounded_json import read_bounded
from .entry import Entry
from .entry_reading import KINDS, tasks_of
from .entry_writing import entry_of
from .stored import write_whole

VERSION = 1
_MOST_BYTES = 4_000_000


def read_batch(file: Path) -> tuple[Task, ...]:
    """The jobs of a file, in its order.

    Raises UserError: batch_unreadable, batch_empty, batch_newer, batch_kind_unknown, batch_key_unknown,
    batch_key_missing, batch_value_wrong or batch_output_twice, and what reading a file raises.
    """
    if not file.exists():
        raise UserError(Code.FOLDER_MISSING, path=str(file))
    home = file.absolute().parent
    tasks = tuple(
        task
        for number, (kind, content) in enumerate(_entries(_loaded(file), file), 1)
        for task in tasks_of(kind, Entry(number, content, home))
    )
    if twice := _written_twice(tasks):
        raise UserError(Code.BATCH_OUTPUT_TWICE, path=str(twice))
    return tasks


def write_batch(tasks: Iterable[Task], file: Path) -> None:
    """Write jobs as ``read_batch`` reads them. Raises UserError(disk_full or write_failed)."""
    home = file.absolute().parent
    content = {"version": VERSION, "jobs": [entry_of(task, home) for task in tasks]}
    write_whole(file, yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120))


def _loaded(file: Path) -> Any:
    try:
        return yaml.safe_load(read_bounded(file, _MOST_BYTES))
    except (yaml.YAMLError, ValueError, RecursionError) as trouble:
        mark = getattr(trouble, "problem_mark", None)
        place = {"line": mark.line + 1} if mark else {"line": 0}
        raise UserError(Code.BATCH_UNREADABLE, file=file.name, **place) from trouble


def _entries(content: Any, file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The kind of each job and what stands below it. Raises UserError."""
    version = content.get("version", VERSION) if isinstance(content, dict) else VERSION
    if isinstance(version, int) and version > VERSION:
        raise UserError(Code.BATCH_NEWER, file=file.name)
    jobs = content.get("jobs") if isinstance(content, dict) else content
    if not isinstance(jobs, list) or not jobs:
        raise UserError(Code.BATCH_EMPTY, file=file.name)
    for number, job in enumerate(jobs, 1):
        (kind, below), *more = job.items() if isinstance(job, dict) and job else [("", None)]
        if more or kind not in KINDS or not isinstance(below, dict):
            raise UserError(Code.BATCH_KIND_UNKNOWN, number=number, known=", ".join(KINDS))
        yield kind, below


def _written_twice(tasks: Iterable[Task]) -> Path | None:
    """A path that two jobs would write; None where there is none."""
    seen: set[Path] = set()
    for task in tasks:
        if isinstance(task, VerifyRequest | UploadRequest):
            continue
        if task.output in seen:
            return task.output
        seen.add(task.output)
    return None
