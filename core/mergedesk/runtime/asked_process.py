"""A question to a process of its own, and its answer, while this process keeps looking at something else."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO

POLL_SECONDS = 0.05


def answer_of(
    child: subprocess.Popen[bytes],
    question: bytes,
    meanwhile: Callable[[], None],
    poll_seconds: float = POLL_SECONDS,
) -> bytes:
    """All that ``child`` says on its standard output until it ends, once it is told ``question``.

    ``meanwhile`` is called before every wait of ``poll_seconds``, and may raise.

    The question is sent by a thread: ``Popen.communicate`` forgets what it has not yet sent when its time is up, and
    the child would wait for the rest for ever.
    """
    stream, child.stdin = child.stdin, None
    if stream is not None:
        threading.Thread(target=_send, args=(stream, question), name="question", daemon=True).start()
    while True:
        meanwhile()
        with suppress(subprocess.TimeoutExpired):
            return child.communicate(timeout=poll_seconds)[0]


def _send(stream: IO[bytes], question: bytes) -> None:
    with suppress(OSError), stream:  # one that has ended takes no question
        stream.write(question)
