"""Answers one question: ``python -m mergedesk.hub.online``, asked on stdin, answered on stdout."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from ...domain.findings import Finding
from ...domain.transfer import Transfer
from ...runtime.codec import from_plain, from_text, to_plain, to_text
from ..questions import TASKS, HubLine, HubQuestion, LineKind
from .describe import describe
from .download import download
from .failures import finding_of_failure
from .outline import outline
from .pieces import bring_pieces
from .tokens import Token, forget, keep, token_for
from .upload import push

Report = Callable[[Transfer], None]
_BETWEEN_READINGS = 0.1
_RUNS: Mapping[str, Callable[[Any, Token, Report], Any]] = {
    "describe": lambda reference, token, _: describe(reference, token),
    "download": download,
    "outline": lambda request, token, _: outline(request, token),
    "pieces": bring_pieces,
    "push": push,
    "keep_token": lambda token, *_: keep(token),
    "forget_token": lambda *_: forget(),
}


def main() -> None:
    """Answer what stands in the first line of stdin. The process ends with whoever asked."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    question = from_text(sys.stdin.buffer.readline(), HubQuestion)
    threading.Thread(target=_end_with_the_asker, daemon=True).start()
    outbox = _AnswerLines(answers)
    try:
        outbox.send(LineKind.ANSWER, _answered(question, outbox.reading))
    except Exception as error:
        outbox.send(LineKind.FAILED, _failed(question, error))


def _answered(question: HubQuestion, report: Report) -> Any:
    task = TASKS[question.task]
    return _RUNS[task.name](from_plain(question.body, task.question), token_for(question.token), report)


def _failed(question: HubQuestion, error: Exception) -> Finding:
    asked = from_plain(question.body, TASKS[question.task].question)
    return finding_of_failure(error, asked)


def _end_with_the_asker() -> None:
    """Nothing more is said on stdin: that it ends means that nobody waits for an answer."""
    sys.stdin.buffer.read()
    os._exit(0)


class _AnswerLines:
    """Writes lines, from any thread; of readings one now and then, and the last of each stage."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._lock, self._when = stream, threading.Lock(), 0.0

    def send(self, kind: LineKind, body: Any) -> None:
        line = to_text(HubLine(kind, to_plain(body))).encode() + b"\n"
        with self._lock:
            self._stream.write(line)
            self._stream.flush()

    def reading(self, reading: Transfer) -> None:
        now = time.monotonic()
        if now - self._when >= _BETWEEN_READINGS or reading.done_bytes >= reading.total_bytes:
            self._when = now
            self.send(LineKind.READING, reading)


if __name__ == "__main__":
    main()
