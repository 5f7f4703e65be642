"""The processes for heavy work: one is kept warm, used again and again, and replaced when it dies."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from ...domain.findings import Code, error
from ...domain.progress import Cancelled, CancelToken
from ...support.failures import Failed, Failure, said_by
from ...support.redact import private_of_this_computer
from .ending import Before, before, clear_away, ended_by, kept_of
from .jobs import WARM_UP, Job
from .process import Publish, WorkerGone, WorkerProcess

PATIENCE_SECONDS = 5.0
"""How long a job may take to stop before its process is ended."""
Q = TypeVar("Q")
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A job that is to be done, and how it is heard and stopped."""

    job: Job[Any, Any]
    question: Any
    publish: Publish
    cancel: CancelToken


class Workers:
    """To be called from any thread but the window's own, ``warm_up`` and ``close`` from that too."""

    def __init__(self, patience: float = PATIENCE_SECONDS, start: Callable[[], WorkerProcess] = WorkerProcess) -> None:
        self._patience, self._start = patience, start
        self._lock = threading.Lock()
        self._idle: WorkerProcess | None = None
        self._busy: set[WorkerProcess] = set()
        self._is_closed = False

    def warm_up(self) -> None:
        """Have a process ready that has imported what jobs need; returns before it has."""
        with self._lock:
            is_ready = self._idle is not None and self._idle.is_alive
            if is_ready or self._busy or self._is_closed:
                return
            with suppress(OSError):  # told when it is needed
                self._idle = self._start()
                self._idle.ask(WARM_UP, None)

    def run(self, job: Job[Q, A], question: Q, publish: Publish, cancel: CancelToken) -> A:
        """Have a job done.

        Raises:
            Cancelled: if it was stopped.
            Failed: with what it failed with, or with what ended its process.
        """
        return cast(A, self._attempt(_Asked(job, question, publish, cancel), is_last=False))

    def close(self) -> None:
        """End all processes; what is being done is cancelled."""
        with self._lock:
            self._is_closed = True
            left = [process for process in (self._idle, *self._busy) if process is not None]
            self._idle = None
        for process in left:
            process.end()

    def _attempt(self, asked: _Asked, *, is_last: bool) -> Any:
        worker, was, died = self._take(), before(asked.question), False
        try:
            number = worker.ask(asked.job, asked.question)
            return worker.wait_for(number, asked.job, asked.publish, asked.cancel, self._patience)
        except WorkerGone as gone:
            if asked.cancel.cancelled or self._is_closed:
                raise Cancelled from gone
            died = gone.began or is_last
            if died:
                clear_away(asked.job, asked.question, worker.pid, was, keeps_work=True)
                raise Failed(_failure(gone, asked.question, was)) from gone
        except (Cancelled, Failed):
            raise
        except BaseException:  # whoever listens has failed: nobody would take the answer
            worker.end(grace=0)
            raise
        finally:
            if not worker.is_alive:
                clear_away(asked.job, asked.question, worker.pid, was, keeps_work=died)
            self._give_back(worker)
        return self._attempt(asked, is_last=True)  # one that had waited long may have died of that

    def _take(self) -> WorkerProcess:
        with self._lock:
            if self._is_closed:
                raise Cancelled
            worker, self._idle = self._idle, None
            if worker is not None and not worker.is_alive:  # what it was spoken to through is closed with it
                worker.end(grace=0)
                worker = None
            if worker is None:
                worker = _started(self._start)
            self._busy.add(worker)
            return worker

    def _give_back(self, worker: WorkerProcess) -> None:
        with self._lock:
            self._busy.discard(worker)
            if self._idle is None and worker.is_alive and not self._is_closed:
                self._idle = worker
                return
        worker.end()


def _started(start: Callable[[], WorkerProcess]) -> WorkerProcess:
    try:
        return start()
    except OSError as trouble:
        reason = trouble.strerror or said_by(trouble)
        raise Failed(Failure(error(Code.WORKER_NOT_STARTED, reason=reason), said_by(trouble))) from trouble


def _failure(gone: WorkerGone, question: object, was: Before) -> Failure:
    """What ended a process, in words, and its last ones without what is private in them."""
    details = f"{gone}\n\n{gone.said}".strip()
    return Failure(ended_by(gone.exit_code, was), private_of_this_computer().hide(details), kept_of(question, was))
