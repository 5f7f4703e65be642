"""A worker that ended before its answer: what ended it, and what there is of the result."""

from __future__ import annotations

import signal
from contextlib import suppress
from dataclasses import dataclass
from operator import gt
from pathlib import Path
from typing import Any

from ...domain.findings import Code, Finding, error, info
from ...domain.requests import MergeRequest
from ...output.leftovers import LeftoverKind, resumable
from ...output.staging import missing_parents
from ...runtime.memory import oom_kills
from ...storage.file_identity import folder_number
from ..hub_merge import HubMerge
from .jobs import Job

# What Windows ends a process with: NTSTATUS values.
_WINDOWS = {
    0xC0000005: ("access violation", Code.WORKER_CRASHED),
    0xC0000006: ("in-page error", Code.WORKER_LOST_FILE),
    0xC0000017: ("no memory", Code.WORKER_OUT_OF_MEMORY),
    0xC000001D: ("illegal instruction", Code.WORKER_CRASHED),
    0xC00000FD: ("stack overflow", Code.WORKER_CRASHED),
    0xC000012D: ("commitment limit", Code.WORKER_OUT_OF_MEMORY),
    0xC0000374: ("heap corruption", Code.WORKER_CRASHED),
    0xC0000409: ("abort", Code.WORKER_CRASHED),
}
_CRASHES = ("SIGSEGV", "SIGABRT", "SIGILL", "SIGFPE", "SIGTRAP", "SIGSYS")


@dataclass(frozen=True, slots=True)
class Before:
    """What was so before a job began: the folder under the output's name, parents it lacked, kills by the kernel."""

    folder: tuple[int, int] | None
    parents: tuple[Path, ...]
    kills: tuple[int, ...]


def before(question: object) -> Before:
    """To be asked before the job is."""
    request = _merge_of(question)
    output = request.output if request is not None else None
    parents = tuple(missing_parents(output)) if output else ()
    return Before(_identity(output), parents, oom_kills())


def clear_away(job: Job[Any, Any], question: Any, process: int, was: Before, *, keeps_work: bool) -> None:
    """Remove what a process that has ended left of its job, and folders that were made for it.

    ``keeps_work``: not what can be gone on with.
    """
    if job.clear is not None:
        job.clear(question, process, keeps_work)
    for parent in was.parents:
        with suppress(OSError):  # not there, or not empty
            parent.rmdir()


def ended_by(exit_code: int, was: Before) -> Finding:
    """What ended a process, by its exit code (on POSIX the negative number of a signal) and the kernel's counters."""
    if exit_code & 0xFFFFFFFF in _WINDOWS and not -64 <= exit_code < 0:
        name, code = _WINDOWS[exit_code & 0xFFFFFFFF]
        return error(code, signal=name)
    if exit_code >= 0:
        return error(Code.WORKER_EXITED, exit_code=exit_code)
    name = _signal_name(-exit_code)
    if name == "SIGKILL" and any(map(gt, oom_kills(), was.kills)):
        return error(Code.WORKER_OUT_OF_MEMORY, signal=name)
    codes = {"SIGBUS": Code.WORKER_LOST_FILE} | dict.fromkeys(_CRASHES, Code.WORKER_CRASHED)
    return error(codes.get(name, Code.WORKER_KILLED), signal=name)


def kept_of(question: object, was: Before) -> Finding | None:
    """What there is of a merge that did not come to its report, or under its output's name; None for other jobs."""
    request = _merge_of(question)
    if request is None:
        return None
    left = resumable(request.output)
    if left is not None and left.kind is LeftoverKind.RESUMABLE:
        return info(Code.WORKER_LEFT_WORK, path=str(left.home.path), bytes=left.nbytes)
    now = _identity(request.output)
    if now is not None and now != was.folder:
        return info(Code.WORKER_LEFT_RESULT, path=str(request.output))
    return info(Code.WORKER_LEFT_NOTHING) if now is None else info(Code.WORKER_LEFT_OLD, path=str(request.output))


def _merge_of(question: object) -> MergeRequest | None:
    """The merge that is asked for, if it is one."""
    return question.request if isinstance(question, HubMerge) else None


def _identity(folder: Path | None) -> tuple[int, int] | None:
    """Which folder it is, whatever its name; None for an empty one and where there is none."""
    with suppress(OSError):
        return folder_number(folder) if folder is not None and any(folder.iterdir()) else None
    return None


def _signal_name(number: int) -> str:
    with suppress(ValueError):
        return signal.Signals(number).name
    return str(number)
