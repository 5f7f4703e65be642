"""The list of jobs on the disk: after a crash it is the last one or the one before, never half of one."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_state_path

from ...domain.findings import Code, Data, Finding, UserError
from ...domain.gguf_export import GgufRequest
from ...domain.job_list import JobList, JobState, QueuedJob, Task, after_crash
from ...domain.json_objects import json_text
from ...domain.packed_export import ExportRequest
from ...domain.requests import MergeRequest, VerifyRequest
from ...domain.transfer import UploadRequest
from ...output.folder_lock import FolderInUse, held
from ...runtime.codec import from_plain, to_plain, to_text
from ...storage.bounded_json import read_bounded
from ...storage.durable import sync_descriptor, sync_folder
from ...storage.positional_io import write_trouble
from .paths import whole, with_paths

VERSION = 1
_MOST_BYTES = 1 << 26
_TASKS: dict[str, type[Task]] = {
    "merge": MergeRequest,
    "verify": VerifyRequest,
    "gguf": GgufRequest,
    "pack": ExportRequest,
    "upload": UploadRequest,
}
_NAMES = {kind: name for name, kind in _TASKS.items()}


@dataclass(frozen=True, slots=True)
class _StoredJob:
    """A job as it is written: ``task`` by the name of its kind, since JSON does not tell one dataclass from another."""

    number: int
    kind: str
    task: Any
    state: JobState = JobState.WAITING
    attempts: int = 0
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    report: Path | None = None


@dataclass(frozen=True, slots=True)
class _Stored:
    version: int
    jobs: tuple[_StoredJob, ...] = ()
    latest: int = 0
    held: bool = False


def queue_folder() -> Path:
    """Where the window's list and the reports of its jobs are; it need not exist."""
    return user_state_path("mergedesk", appauthor=False) / "queue"


def queue_file(folder: Path) -> Path:
    """The list in that folder."""
    return folder / "queue.json"


def batch_state_file(batch: Path) -> Path:
    """Where it is noted how far the jobs of a batch file are."""
    name = hashlib.sha256(os.fsencode(batch.absolute())).hexdigest()[:16]
    return queue_folder().with_name("batches") / f"{name}.json"


def keep_report(folder: Path, job: QueuedJob, report: Mapping[str, Data]) -> Path:
    """Write what a job's command prints with ``--json``; its file. Raises UserError(disk_full or write_failed)."""
    file = folder / f"{job.number:03}-{job.kind}.json"
    write_whole(file, json_text(report, indent=2) + "\n")
    return file


def jobs_text(jobs: JobList) -> str:
    """The list as one line of JSON, its paths from the root on."""
    entries = tuple(_entry(job) for job in jobs.jobs)
    return to_text(_Stored(VERSION, entries, jobs.latest, jobs.held))


def jobs_of(text: bytes | str) -> JobList:
    """What ``jobs_text`` wrote. Raises ValueError, and UserError(queue_newer) for what a later version wrote."""
    content = json.loads(text)
    if isinstance(content, dict) and isinstance(version := content.get("version"), int) and version > VERSION:
        raise UserError(Code.QUEUE_NEWER)
    stored = from_plain(content, _Stored)
    return JobList(tuple(_job(entry) for entry in stored.jobs), stored.latest, stored.held)


def save(jobs: JobList, file: Path) -> None:
    """Write the list in the place of the one before. Raises UserError(disk_full or write_failed)."""
    write_whole(file, jobs_text(jobs))


def write_whole(file: Path, text: str) -> None:
    """Write a file that after a crash is the old one or the new one. Raises UserError(disk_full or write_failed)."""
    beside = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            sync_descriptor(stream.fileno())
        beside.replace(file)
        sync_folder(file.parent)
    except OSError as trouble:
        with suppress(OSError):
            beside.unlink()
        raise write_trouble(file, trouble) from trouble


def load(file: Path) -> JobList:
    """The stored list; empty where there is none. One that cannot be read is set aside under another name.

    What was running when the program ended was interrupted. Raises UserError(queue_newer).
    """
    if not file.exists():
        return JobList()
    try:
        return after_crash(jobs_of(read_bounded(file, _MOST_BYTES)))
    except UserError as trouble:
        if trouble.code is Code.QUEUE_NEWER:
            raise
    except (ValueError, RecursionError, LookupError):
        pass
    with suppress(OSError):
        file.replace(file.with_name(f"{file.stem}.unreadable{file.suffix}"))
    return JobList()


class QueueStore:
    """The list of one program. Where another one that still runs has it, nothing is read or written.

    ``folder``: where the list and the reports of its jobs are.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or queue_folder()
        self._lock = ExitStack()
        self._is_ours = False

    def open(self) -> JobList:
        """The list as it was left. Raises UserError(queue_newer)."""
        with suppress(OSError, FolderInUse):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.enter_context(held(self._folder, may_be_without=True))
            self._is_ours = True
        try:
            return load(queue_file(self._folder)) if self._is_ours else JobList()
        except UserError:
            self.close()
            raise

    def save(self, jobs: JobList) -> None:
        """Keep the list. Raises UserError(disk_full or write_failed)."""
        if self._is_ours:
            save(jobs, queue_file(self._folder))

    def keep_report(self, job: QueuedJob, report: Mapping[str, Data]) -> Path | None:
        """Where a job's report is kept; None where it cannot be."""
        if not self._is_ours:
            return None
        try:
            return keep_report(self._folder / "reports", job, report)
        except UserError:
            return None

    def close(self) -> None:
        """Let another program have the list."""
        self._is_ours = False
        self._lock.close()


def _entry(job: QueuedJob) -> _StoredJob:
    task = to_plain(with_paths(job.task, whole))
    state = job.state, job.attempts, job.findings, job.seconds, job.report
    return _StoredJob(job.number, _NAMES[type(job.task)], task, *state)


def _job(entry: _StoredJob) -> QueuedJob:
    task = from_plain(entry.task, _TASKS[entry.kind])
    return QueuedJob(entry.number, task, entry.state, entry.attempts, entry.findings, entry.seconds, entry.report)
