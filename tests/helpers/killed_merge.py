"""A merge in a process of its own that ends itself, as ``kill -9`` would.

When, is ``stage:NAME``, ``chunk:N`` (once that many chunks are in the
journal), ``call:NAME:N`` (at the N-th call of a function of the system) or ``never``. Chunks are small, and each one is
synced as it is done.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mergedesk.domain.progress import CancelToken, Progress
from mergedesk.domain.requests import MergeRequest

CHUNK_BYTES = 2048


def run_killed(request: MergeRequest, when: str) -> int:
    """Merge in a child process that ends at that moment: 0 if it ended by itself, -9 if it was killed.

    The child is a fork, which has torch already.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forks where there are threads: none of them matters
        child = os.fork()
    if child == 0:
        try:
            main(request, when)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@contextmanager
def with_small_chunks() -> Iterator[None]:
    """Within it chunks are cut as those of killed runs are."""
    from mergedesk.engines import streaming
    from mergedesk.output import journal_writer
    from mergedesk.pipelines import resume

    times = journal_writer.SECONDS_BETWEEN, journal_writer.SECONDS_UNHURRIED
    before = streaming.CHUNK_BYTES, resume.CHUNK_BYTES
    small_chunks()
    yield
    streaming.CHUNK_BYTES, resume.CHUNK_BYTES = before  # type: ignore[attr-defined]
    journal_writer.SECONDS_BETWEEN, journal_writer.SECONDS_UNHURRIED = times


def small_chunks() -> None:
    """Many chunks even of tiny models, and a checkpoint after each one that finds no other at work."""
    from mergedesk.engines import streaming
    from mergedesk.output import journal_writer
    from mergedesk.pipelines import resume

    for module in (streaming, resume):
        module.CHUNK_BYTES = CHUNK_BYTES  # type: ignore[attr-defined]
    journal_writer.SECONDS_BETWEEN = journal_writer.SECONDS_UNHURRIED = 0.0


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _at_stage(name: str) -> Any:
    def report(progress: Progress) -> None:
        if progress.stage == name:
            die()

    return report


def _at_chunk(count: int) -> None:
    """Once that many chunks are noted, and not one more."""
    from mergedesk.output.journal_writer import JournalWriter

    real, lock, noted = JournalWriter.record, threading.Lock(), [0]

    def record(journal: JournalWriter, *arguments: Any) -> None:
        with lock:
            real(journal, *arguments)
            noted[0] += 1
            if noted[0] == count:
                journal.working[0].result() if journal.working else None
                die()

    JournalWriter.record = record  # type: ignore[method-assign]


def _at_call(name: str, count: int) -> None:
    real, calls = getattr(os, name), [0]

    def call(*arguments: Any, **named: Any) -> Any:
        calls[0] += 1
        if calls[0] == count:
            die()
        return real(*arguments, **named)

    setattr(os, name, call)


def main(request: MergeRequest, when: str) -> None:
    from mergedesk.pipelines import merge as job

    small_chunks()
    kind, _, detail = when.partition(":")
    report = _at_stage(detail) if kind == "stage" else lambda _: None
    if kind == "chunk":
        _at_chunk(int(detail))
    elif kind == "call":
        name, _, count = detail.partition(":")
        job.warm_up()
        _at_call(name, int(count))
    done = job.merge(request, report, CancelToken())
    if done.status != "merged":
        raise RuntimeError(" ".join(finding.code for finding in done.findings))
