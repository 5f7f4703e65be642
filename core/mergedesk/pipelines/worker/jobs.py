"""What a worker can be asked for: one entry each. Nothing of torch is imported before one is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any, Generic, TypeVar

from ...demo.base_model import make_demo_base
from ...domain.merge_report import MergeReport
from ...domain.progress import CancelToken, Progress
from ...domain.requests import MergeRequest, VerifyRequest
from ...domain.verdict import Verdict
from ...inference.logits_comparison import LogitsComparison
from ...inference.trial import Piece, Speed, Trial, TrialProgress, TrialRequest
from ...output.staging import remove_left_by

Q = TypeVar("Q")
A = TypeVar("A")
Publish = Callable[[Any], None]
Devices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LogitsQuestion:
    """Which models to compare, and on which prompts beyond the built-in ones."""

    request: TrialRequest
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job(Generic[Q, A]):
    """One kind of job. ``pieces`` are the types of what it publishes on its way.

    ``clear`` removes what a job has on the disk whose process, given by its number, will not do it any more.
    """

    name: str
    question: type[Q]
    answer: type[A]
    pieces: tuple[type, ...]
    run: Callable[[Q, Publish, CancelToken], A]
    clear: Callable[[Q, int], None] | None = None


def _do_nothing(_nothing: None, _publish: Publish, _cancel: CancelToken) -> None:
    """The worker imports what jobs need before any of them."""


def _merge(request: MergeRequest, publish: Publish, cancel: CancelToken) -> MergeReport:
    from ..merge import merge

    return merge(request, publish, cancel)


def _verify(request: VerifyRequest, publish: Publish, cancel: CancelToken) -> Verdict:
    from ..verify import verify

    return verify(request, publish, cancel)


def _try_it(request: TrialRequest, publish: Publish, cancel: CancelToken) -> Trial:
    from ..trial import try_it

    return try_it(request, publish, publish, cancel)


def _compare_logits(question: LogitsQuestion, publish: Publish, cancel: CancelToken) -> LogitsComparison:
    from ..trial import compare_logits

    return compare_logits(question.request, question.prompts, publish, cancel)


def _measure_speed(request: TrialRequest, publish: Publish, cancel: CancelToken) -> Speed:
    from ..trial import measure_speed

    return measure_speed(request, publish, cancel)


def _devices(_nothing: None, _publish: Publish, _cancel: CancelToken) -> Devices:
    from ..trial import devices

    return devices()


def _make_demo_base(target: Path, publish: Publish, cancel: CancelToken) -> Path:
    def say(line: str) -> None:
        cancel.check()
        publish(line)

    return make_demo_base(target, say)


def _clear_merge(request: MergeRequest, process: int) -> None:
    remove_left_by(request.output, process)


WARM_UP: Job[None, None] = Job("warm_up", NoneType, NoneType, (), _do_nothing)
MERGE = Job("merge", MergeRequest, MergeReport, (Progress,), _merge, _clear_merge)
VERIFY = Job("verify", VerifyRequest, Verdict, (Progress,), _verify)
TRY_IT = Job("try_it", TrialRequest, Trial, (Piece, TrialProgress), _try_it)
COMPARE_LOGITS = Job("compare_logits", LogitsQuestion, LogitsComparison, (TrialProgress,), _compare_logits)
MEASURE_SPEED = Job("measure_speed", TrialRequest, Speed, (TrialProgress,), _measure_speed)
DEVICES: Job[None, Devices] = Job("devices", NoneType, Devices, (), _devices)
MAKE_DEMO_BASE = Job("make_demo_base", Path, Path, (str,), _make_demo_base, remove_left_by)

JOBS: dict[str, Job[Any, Any]] = {
    job.name: job for job in (WARM_UP, MERGE, VERIFY, TRY_IT, COMPARE_LOGITS, MEASURE_SPEED, DEVICES, MAKE_DEMO_BASE)
}
