"""A process for heavy work: started, asked, heard and ended."""

from __future__ import annotations

import logging
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from ...domain.progress import Cancelled, CancelToken
from ...runtime import subprocess_module
from ...runtime.codec import from_plain, to_plain
from ...support.failures import Failed, Failure
from ...support.logs import LOGGER
from .jobs import Job, MessageKind, WorkerMessage, decode, encode

MODULE = "mergedesk.pipelines.worker"
_LOOK_SECONDS = 0.05
_ENDING_SECONDS = 2.0
_MOST_LAST_WORDS = 16_384
Q = TypeVar("Q")
A = TypeVar("A")
Publish = Callable[[Any], None]


class WorkerGone(Exception):
    """The process ended before it answered. ``began``: it had started on the job; ``said``: its stderr."""

    def __init__(self, exit_code: int, said: str, *, began: bool) -> None:
        super().__init__(f"the worker ended: {exit_code}")
        self.exit_code, self.said, self.began = exit_code, said, began


class WorkerProcess:
    """One process, asked by one thread at a time; a thread of its own reads what it says."""

    def __init__(self, module: str = MODULE) -> None:
        """Raises OSError where the system starts no process."""
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the process)
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self._stderr}
        self._process = subprocess_module.start(module, **streams)
        self._stdin: Any = self._process.stdin
        self._stdout: Any = self._process.stdout
        self._inbox: SimpleQueue[WorkerMessage | None] = SimpleQueue()
        self._numbers = count(1)
        self._reader = threading.Thread(target=self._read, name="worker's messages", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The system's number of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked anything."""
        return self._process.poll() is None

    def ask(self, job: Job[Q, Any], question: Q) -> int:
        """Have a job done after those asked before; the number that its messages carry."""
        number = next(self._numbers)
        self._send(WorkerMessage(MessageKind.ASK, number, job.name, to_plain(question, whole_paths=True)))
        return number

    def wait_for(self, number: int, job: Job[Any, A], publish: Publish, cancel: CancelToken, patience: float) -> A:
        """A job's answer; its pieces are published meanwhile. One that does not stop within ``patience`` is ended.

        Raises Cancelled; Failed with what the job failed with; WorkerGone where the process ended.
        """
        pieces, deadline, began = {piece.__name__: piece for piece in job.pieces}, 0.0, False
        while True:
            if cancel.cancelled and not deadline:
                deadline = time.monotonic() + patience
                self._send(WorkerMessage(MessageKind.CANCEL, number))
            if deadline and time.monotonic() > deadline:
                self.end(grace=0)
                raise Cancelled
            message = self._next(number)
            if message is None:
                raise WorkerGone(self._exit_code(), self._last_words(), began=began)
            began |= message.number == number
            if message.kind is MessageKind.PIECE:
                publish(from_plain(message.body, pieces[message.name]))
            elif message.kind in (MessageKind.ANSWER, MessageKind.CANCELLED, MessageKind.FAILED):
                return _answer(message, job)

    def end(self, grace: float = _ENDING_SECONDS) -> None:
        """End the process, by force where it has not ended ``grace`` seconds after its questions did."""
        with suppress(OSError):
            self._stdin.close()
        for seconds, force in ((grace, self._process.terminate), (_ENDING_SECONDS, self._process.kill)):
            if self._has_ended(seconds):
                break
            force()
        self._has_ended(_ENDING_SECONDS)
        self._reader.join(_ENDING_SECONDS)
        if not self._reader.is_alive():
            self._stdout.close()
        self._stderr.close()

    def _send(self, message: WorkerMessage) -> None:
        with suppress(OSError, ValueError):  # where it has ended, its silence tells
            self._stdin.write(encode(message))
            self._stdin.flush()

    def _read(self) -> None:
        with suppress(OSError):
            for line in self._stdout:
                with suppress(ValueError):  # a line that a process did not live to finish
                    message = decode(line)
                    _log(message) if message.kind is MessageKind.LOG else self._inbox.put(message)
        self._inbox.put(None)

    def _next(self, number: int) -> WorkerMessage | None:
        """The next message of a job; an empty one where there is none yet, None where there will be none."""
        with suppress(Empty):
            message = self._inbox.get(timeout=_LOOK_SECONDS)
            if message is None or message.number == number:
                return message
        return WorkerMessage(MessageKind.STARTED)

    def _has_ended(self, seconds: float) -> bool:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return not self.is_alive

    def _exit_code(self) -> int:
        """How it ended; one that only fell silent is ended now."""
        if not self._has_ended(_ENDING_SECONDS):
            self._process.kill()
        return self._process.wait()

    def _last_words(self) -> str:
        with suppress(OSError, ValueError):  # closed, where the window ends meanwhile
            size = self._stderr.seek(0, os.SEEK_END)
            self._stderr.seek(max(0, size - _MOST_LAST_WORDS))
            return self._stderr.read().decode("utf-8", "replace")
        return ""


def _answer(message: WorkerMessage, job: Job[Any, A]) -> A:
    if message.kind is MessageKind.CANCELLED:
        raise Cancelled
    if message.kind is MessageKind.FAILED:
        raise Failed(from_plain(message.body, Failure))
    return from_plain(message.body, job.answer)


def _log(message: WorkerMessage) -> None:
    """Put what the process has to log into this one's log, as it was there."""
    text, trace = message.body
    level = logging.getLevelNamesMapping().get(message.name, logging.INFO)
    values = {"name": LOGGER, "levelno": level, "levelname": message.name, "msg": text, "exc_text": trace or None}
    logging.getLogger(LOGGER).handle(logging.makeLogRecord({**values, "threadName": "worker"}))
