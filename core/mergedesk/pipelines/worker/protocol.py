"""The messages between a window and its worker: one line of JSON each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ...runtime.codec import from_text, to_text


class MessageKind(StrEnum):
    """What a message is: the first two go to the worker, the others come from it."""

    ASK = "ask"
    CANCEL = "cancel"
    STARTED = "started"
    PIECE = "piece"
    ANSWER = "answer"
    CANCELLED = "cancelled"
    FAILED = "failed"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class WorkerMessage:
    """``number`` is that of the asking it belongs to, 0 for none; ``name`` a job's, a piece's class or a log's level.

    ``body`` is a question, piece, answer or failure, as plain JSON.
    """

    kind: MessageKind
    number: int = 0
    name: str = ""
    body: Any = None


def encode(message: WorkerMessage) -> bytes:
    """The message as a line."""
    return to_text(message).encode("ascii") + b"\n"


def decode(line: bytes) -> WorkerMessage:
    """The message of a line. Raises ValueError where it is none."""
    return from_text(line, WorkerMessage)
