"""The worker itself: takes one question after the other, and ends with the window that asks them."""

from __future__ import annotations

import faulthandler
import gc
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO

from ...demo.base_model import make_demo_base
from ...domain.gguf_export import ExportProgress, ExportStage
from ...domain.progress import Cancelled, CancelToken, Progress, Stage
from ...inference.kept_model import KeptModel
from ...runtime.allocator import give_back_free_memory
from ...runtime.codec import from_plain, to_plain
from ...runtime.priority import step_back
from ...support.failures import failure_of
from ...support.logs import LOGGER
from ...support.redact import private_of_this_computer
from ..dry_run import libraries_say
from ..export_gguf import export_gguf
from ..export_packed import export_packed
from ..merge_from_hub import merge_wherever
from ..trial import compare_logits, devices, measure_speed, try_it, try_strength
from ..verify import verify
from ..warm_up import warm_up
from .jobs import ASK_LIBRARIES, DEVICES, JOBS, TRY_STRENGTH, WARM_UP, Job, MessageKind, WorkerMessage, decode, encode

Publish = Callable[[Any], None]
PATIENCE_SECONDS = 5.0
_BETWEEN_READINGS = 0.05
_BEFORE_TIDYING = 0.5
_KEPT_SECONDS = 600.0


def _make_demo_base(target: Path, publish: Publish, cancel: CancelToken) -> Path:
    def say(line: str) -> None:
        cancel.check()
        publish(line)

    return make_demo_base(target, say)


RUNS: Mapping[str, Callable[..., Any]] = {
    "warm_up": lambda *_: None,  # what jobs need is imported before any of them
    "ask_libraries": lambda request, *_: tuple(libraries_say(request)),
    "merge": partial(merge_wherever, apart=True),
    "verify": verify,
    "try_it": lambda request, publish, cancel: try_it(request, publish, publish, cancel),
    "try_strength": lambda request, publish, cancel, kept: try_strength(request, publish, publish, cancel, kept),
    "compare_logits": lambda asked, publish, cancel: compare_logits(asked.request, asked.prompts, publish, cancel),
    "measure_speed": measure_speed,
    "devices": lambda *_: devices(),
    "export_gguf": export_gguf,
    "export_packed": export_packed,
    "make_demo_base": _make_demo_base,
}

"""What each job does with a question, where it publishes, how it is stopped, and one with the model that is kept."""
_KEEPS = TRY_STRENGTH.name
# What takes little memory, and may come between two questions to a model.
_LIGHT = frozenset({WARM_UP.name, ASK_LIBRARIES.name, DEVICES.name})


@dataclass(frozen=True, slots=True)
class _Task:
    """A question that was asked, and how it is told to stop."""

    job: Job[Any, Any]
    number: int
    question: Any
    token: CancelToken = field(default_factory=CancelToken)


class _Outbox:
    """Sends messages from whatever thread. A window that no longer reads is noticed where it no longer writes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._lock = stream, threading.Lock()

    def send(self, message: WorkerMessage) -> None:
        line = encode(message)
        with self._lock, suppress(OSError, ValueError):
            self._stream.write(line)
            self._stream.flush()


class _LogSender(logging.Handler):
    """Has the window write the log: two processes writing one file would lose lines of it."""

    def __init__(self, outbox: _Outbox) -> None:
        super().__init__()
        self._outbox = outbox

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(Exception):  # what cannot be put into words must not harm what logged it
            trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
            self._outbox.send(WorkerMessage(MessageKind.LOG, 0, record.levelname, [record.getMessage(), trace]))


def main() -> None:
    """Answer what is asked on stdin until that ends."""
    step_back()
    faulthandler.enable()
    questions, answers = _take_streams()
    outbox = _Outbox(answers)
    logger = logging.getLogger(LOGGER)
    logger.setLevel(logging.INFO)
    logger.addHandler(_LogSender(outbox))
    tasks: SimpleQueue[_Task | None] = SimpleQueue()
    listener = _Listener(questions, tasks, outbox)
    threading.Thread(target=listener.run, name="listener", daemon=True).start()
    kept = KeptModel()
    while (task := _next(tasks, kept)) is not None:
        outbox.send(WorkerMessage(MessageKind.STARTED, task.number))
        outbox.send(_answer(task, outbox, kept))
        listener.forget(task)


def _next(tasks: SimpleQueue[_Task | None], kept: KeptModel) -> _Task | None:
    """The next task; while there is none, memory that the last one left is given back, after long that of the model."""
    with suppress(Empty):
        return tasks.get(timeout=_BEFORE_TIDYING)
    _tidy()
    with suppress(Empty):
        return tasks.get(timeout=_KEPT_SECONDS)
    kept.let_go()
    _tidy()
    return tasks.get()


def _tidy() -> None:
    gc.collect()
    give_back_free_memory()


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep stdin and stdout for messages alone: to everything else stdin is empty, and stdout leads to stderr."""
    questions, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return os.fdopen(questions, "rb"), os.fdopen(answers, "wb")


class _Listener:
    """Reads messages while the main thread works. When the window ends, so does this process, with nothing left."""

    def __init__(self, questions: BinaryIO, tasks: SimpleQueue[_Task | None], outbox: _Outbox) -> None:
        self._questions, self._tasks, self._outbox = questions, tasks, outbox
        self._latest: _Task | None = None

    def run(self) -> None:
        with suppress(OSError):
            for line in self._questions:
                with suppress(ValueError):  # what a window that was killed had not written to its end
                    self._receive(decode(line))
        self._end()

    def forget(self, task: _Task) -> None:
        """A task is done: nothing of it is to be stopped or cleared away."""
        if self._latest is task:
            self._latest = None

    def _receive(self, message: WorkerMessage) -> None:
        if message.kind is MessageKind.ASK:
            try:
                job = JOBS[message.name]
                self._latest = _Task(job, message.number, from_plain(message.body, job.question))
            except (LookupError, ValueError) as error:
                self._outbox.send(_failed(message.number, error, ()))
            else:
                self._tasks.put(self._latest)
        elif self._latest is not None and self._latest.number == message.number:
            self._latest.token.cancel()

    def _end(self) -> None:
        """Let a job that has something on the disk clear it away; what does not come to that is cut short.

        Of a merge that is cut short the work stays, which the next check tells of.
        """
        task = self._latest
        if task is not None and task.job.clear is not None:
            task.token.cancel()
            self._tasks.put(None)
            time.sleep(PATIENCE_SECONDS)
            task.job.clear(task.question, os.getpid(), True)
        os._exit(0)


def _answer(task: _Task, outbox: _Outbox, kept: KeptModel) -> WorkerMessage:
    readings = _Readings(task.number, outbox)
    try:
        _import_libraries()
        task.token.check()
        name = task.job.name
        if name != _KEEPS and name not in _LIGHT:
            kept.let_go()
        also = (kept,) if name == _KEEPS else ()
        answer = RUNS[name](task.question, readings.publish, task.token, *also)
        readings.flush()
        return WorkerMessage(MessageKind.ANSWER, task.number, body=to_plain(answer))
    except Cancelled:
        return WorkerMessage(MessageKind.CANCELLED, task.number)
    except BaseException as error:  # whatever it is, the window must hear of it and this process go on
        return _failed(task.number, error, _folders(task.question))


def _import_libraries() -> None:
    """Import what every job needs, once. It stays, so looking through it for garbage would be a waste of time."""
    if gc.get_freeze_count() == 0:
        warm_up()
        gc.collect()
        gc.freeze()


def _failed(number: int, error: BaseException, folders: tuple[Any, ...]) -> WorkerMessage:
    failure = failure_of(error)
    hidden = private_of_this_computer(folders).hide(failure.details)
    return WorkerMessage(MessageKind.FAILED, number, body=to_plain(replace(failure, details=hidden)))


def _folders(question: object) -> tuple[Any, ...]:
    """The folders that a request names."""
    named = (getattr(question, name, None) for name in ("base", "output", "merged", "source"))
    adapters = (adapter.folder for adapter in getattr(question, "adapters", ()))
    return tuple(folder for folder in (*named, *adapters) if folder is not None)


class _Readings:
    """Sends what a job publishes; of progress, which comes by the thousand, a reading now and then and the last."""

    def __init__(self, number: int, outbox: _Outbox, clock: Callable[[], float] = time.monotonic) -> None:
        self._number, self._outbox, self._clock = number, outbox, clock
        self._lock = threading.Lock()
        self._stage: Stage | ExportStage | None = None
        self._kept: Progress | ExportProgress | None = None
        self._when = 0.0

    def publish(self, piece: object) -> None:
        with self._lock:
            if not isinstance(piece, Progress | ExportProgress) or self._stage is not piece.stage:
                self._send_kept()
                self._send(piece)
            else:
                self._kept = piece
                if self._clock() - self._when >= _BETWEEN_READINGS:
                    self._send_kept()

    def flush(self) -> None:
        """Send the reading that was kept back, if there is one."""
        with self._lock:
            self._send_kept()

    def _send_kept(self) -> None:
        if self._kept is not None:
            self._send(self._kept)

    def _send(self, piece: object) -> None:
        if isinstance(piece, Progress | ExportProgress):
            self._stage, self._kept, self._when = piece.stage, None, self._clock()
        self._outbox.send(WorkerMessage(MessageKind.PIECE, self._number, type(piece).__name__, to_plain(piece)))
