"""What a worker can be asked for, one entry each, and the messages between it and a window: one line of JSON each.

``loop`` has what it then does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, Generic, TypeVar

from ...domain.findings import Finding
from ...domain.gguf_export import ExportProgress, GgufReport, GgufRequest
from ...domain.merge_report import MergeReport
from ...domain.packed_export import ExportRequest, PackedExport
from ...domain.progress import Progress
from ...domain.requests import CheckRequest, VerifyRequest
from ...domain.verdict import Verdict
from ...inference.logits_comparison import LogitsComparison
from ...inference.trial import Piece, Speed, Trial, TrialProgress, TrialRequest
from ...output.leftovers import remove_left_by
from ...runtime.codec import from_text, to_text
from ..hub_merge import HubMerge

Q = TypeVar("Q")
A = TypeVar("A")
Devices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LogitsQuestion:
    """Which models to compare, and on which prompts beyond the built-in ones."""

    request: TrialRequest
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job(Generic[Q, A]):
    """One kind of job. ``pieces`` are the types of what it publishes on its way.

    ``clear`` removes what a job has on the disk whose process, given by its number, will not do it any more; not what
    another can go on with, if the last argument says so.
    """

    name: str
    question: type[Q]
    answer: type[A]
    pieces: tuple[type, ...]
    clear: Callable[[Q, int, bool], None] | None = None


LibraryFindings = tuple[Finding, ...]
WARM_UP: Job[None, None] = Job("warm_up", NoneType, NoneType, ())
MERGE = Job(
    "merge",
    HubMerge,
    MergeReport,
    (Progress,),
    lambda asked, process, keeps_work: remove_left_by(asked.request.output, process, keeps_work),
)
VERIFY = Job("verify", VerifyRequest, Verdict, (Progress,))
TRY_IT = Job("try_it", TrialRequest, Trial, (Piece, TrialProgress))
TRY_STRENGTH = Job("try_strength", TrialRequest, Trial, (Piece, TrialProgress))
COMPARE_LOGITS = Job("compare_logits", LogitsQuestion, LogitsComparison, (TrialProgress,))
MEASURE_SPEED = Job("measure_speed", TrialRequest, Speed, (TrialProgress,))
DEVICES: Job[None, Devices] = Job("devices", NoneType, Devices, ())
ASK_LIBRARIES: Job[CheckRequest, LibraryFindings] = Job("ask_libraries", CheckRequest, LibraryFindings, ())
EXPORT_GGUF = Job(
    "export_gguf",
    GgufRequest,
    GgufReport,
    (ExportProgress,),
    lambda request, process, keeps_work: remove_left_by(request.output, process, keeps_work),
)
EXPORT_PACKED = Job(
    "export_packed",
    ExportRequest,
    PackedExport,
    (Progress,),
    lambda request, process, keeps_work: remove_left_by(request.output, process, keeps_work),
)
MAKE_DEMO_BASE = Job("make_demo_base", Path, Path, (str,), remove_left_by)

_ALL: tuple[Job[Any, Any], ...] = (
    WARM_UP, ASK_LIBRARIES, MERGE, VERIFY, TRY_IT, TRY_STRENGTH, COMPARE_LOGITS, MEASURE_SPEED, DEVICES, EXPORT_GGUF,
    EXPORT_PACKED, MAKE_DEMO_BASE,
)  # fmt: skip
JOBS: dict[str, Job[Any, Any]] = {job.name: job for job in _ALL}


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
