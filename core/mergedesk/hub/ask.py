"""Asks for what is on a hub, in a process of its own that ends with the answer.

It alone may reach a network, and only for what was asked. Ending it is how a download is cancelled: what came stays.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from ..domain.findings import Code, Finding, UserError
from ..domain.progress import CancelToken
from ..domain.transfer import Transfer, TransferReport
from ..runtime.codec import from_plain, from_text, to_plain, to_text
from ..runtime.offline import environment_of_person
from ..runtime.subprocess_module import start
from .questions import HubLine, HubQuestion, HubTask, LineKind

Q = TypeVar("Q")
A = TypeVar("A")
_MODULE = "mergedesk.hub.online"
_POLL_SECONDS = 0.1
_SPOKEN = {"HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_XET": "1"}


def unreported(_reading: Transfer) -> None:
    """Where nobody wants to know how far a transfer is."""


def ask(
    task: HubTask[Q, A],
    question: Q,
    cancel: CancelToken,
    report: TransferReport = unreported,
    token: str | None = None,
) -> A:
    """The answer. ``report`` is called in the thread that asks.

    Raises:
        UserError: any ``hub_…`` code.
        Cancelled: if ``cancel`` was told; nothing of that process is running then.
    """
    line = to_text(HubQuestion(task.name, to_plain(question, whole_paths=True), token)).encode() + b"\n"
    process = _start()
    try:
        assert process.stdin is not None
        process.stdin.write(line)
        process.stdin.flush()
        return from_plain(_answer(process, cancel, report), task.answer)
    except BrokenPipeError as trouble:
        raise UserError(Code.HUB_FAILED, reason="") from trouble
    finally:
        _end(process)


def _start() -> subprocess.Popen[bytes]:
    """In the person's own environment: this process itself may have been made to stay offline."""
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return start(_MODULE, **streams, env={**environment_of_person(), **_SPOKEN})


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    with process:  # closes its streams and waits for it
        pass


def _answer(process: subprocess.Popen[bytes], cancel: CancelToken, report: TransferReport) -> Any:
    """The plain answer. Raises UserError and Cancelled."""
    for line in _lines(process, cancel):
        if line.kind is LineKind.READING:
            report(from_plain(line.body, Transfer))
        elif line.kind is LineKind.ANSWER:
            return line.body
        else:
            finding = from_plain(line.body, Finding)
            raise UserError(finding.code, **finding.data)
    raise UserError(Code.HUB_FAILED, reason="")


def _lines(process: subprocess.Popen[bytes], cancel: CancelToken) -> Iterator[HubLine]:
    """What it says, until it ends. Raises Cancelled."""
    said: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(process, said), name="hub", daemon=True).start()
    while True:
        cancel.check()
        try:
            line = said.get(timeout=_POLL_SECONDS)
        except Empty:
            continue
        if not line:
            return
        yield from_text(line, HubLine)


def _listen(process: subprocess.Popen[bytes], said: SimpleQueue[bytes]) -> None:
    assert process.stdout is not None
    with suppress(ValueError):  # whoever asked has ended it, and closed what it said
        for line in process.stdout:
            said.put(line)
    said.put(b"")
