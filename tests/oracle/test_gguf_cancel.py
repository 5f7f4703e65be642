"""A GGUF export that is cancelled stops within a second in every phase, and leaves neither files nor processes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from folders import everything
from gguf_models import tiny_model

from mergedesk.domain.gguf_export import ExportProgress, ExportStage, GgufRequest, VerifyGgufRequest
from mergedesk.domain.progress import Cancelled, CancelToken
from mergedesk.pipelines import export_gguf, verify_export

pytestmark = pytest.mark.slow
SECONDS = 2.0  # one, on a computer that has nothing else to do
QUANTIZED = ("Q4_0",)


@dataclass
class Stop:
    """A cancel token that knows when it was set."""

    token: CancelToken = field(default_factory=CancelToken)
    at: float = 0.0

    def now(self) -> None:
        self.at = time.monotonic()
        self.token.cancel()

    def later(self, seconds: float) -> None:
        threading.Timer(seconds, self.now).start()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("models") / "tiny", "Llama")


def processes() -> set[int]:
    """What this process has started, however deep: each leads a group of its own, so nothing but its parent tells."""
    return {one.pid for one in psutil.Process().children(recursive=True) if one.status() != psutil.STATUS_ZOMBIE}


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path) -> Iterator[None]:
    before = processes()
    yield
    assert processes() <= before
    with_path = [
        one for one in psutil.process_iter(["cmdline"]) if str(tmp_path) in " ".join(one.info["cmdline"] or ())
    ]
    assert not with_path
    assert not everything(tmp_path)


def cancelled(model: Path, output: Path, stop: Stop, report: Callable[[ExportProgress], None], **wanted: Any) -> float:
    """Seconds from the cancelling to the end."""
    with pytest.raises(Cancelled):
        export_gguf.export_gguf(GgufRequest(model, output, **wanted), report, stop.token)
    return time.monotonic() - stop.at


@pytest.mark.parametrize("seconds", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("stage", [ExportStage.CONVERT, ExportStage.QUANTIZE])
def test_llama_cpp_s_processes_end(stage: ExportStage, seconds: float, model: Path, tmp_path: Path) -> None:
    """While they start, too, and while the model's own answer is made ready beside them."""
    stop, begun = Stop(), list[ExportStage]()

    def report(progress: ExportProgress) -> None:
        if progress.stage is stage and not begun:
            begun.append(stage)
            stop.later(seconds if stage is ExportStage.CONVERT else seconds / 10)

    assert cancelled(model, tmp_path / "out", stop, report, types=QUANTIZED) < SECONDS


@pytest.mark.parametrize("stage", [ExportStage.CHECK, ExportStage.PROVE, ExportStage.ANSWER, ExportStage.PUBLISH])
def test_every_other_stage_ends_where_it_begins(stage: ExportStage, model: Path, tmp_path: Path) -> None:
    stop = Stop()

    def report(progress: ExportProgress) -> None:
        if progress.stage is stage and not stop.at:
            stop.now()

    assert cancelled(model, tmp_path / "out", stop, report, types=("BF16",)) < SECONDS


@pytest.mark.parametrize("name", ["question_of", "answer_of_gguf", "own_answer"])
def test_questions_and_both_answers_end(
    name: str, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, asked = Stop(), getattr(verify_export, name)

    def interrupted(*given: Any) -> Any:
        stop.later(0.1)
        return asked(*given)

    monkeypatch.setattr(verify_export, name, interrupted)
    assert cancelled(model, tmp_path / "out.gguf", stop, lambda _: None, types=("BF16",)) < SECONDS


def test_a_proof_of_a_file_ends(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "made.gguf"
    export_gguf.export_gguf(GgufRequest(model, made, types=("BF16",), answer=False))
    stop, asked = Stop(), verify_export.own_answer

    def interrupted(*given: Any) -> Any:
        stop.later(0.1)
        return asked(*given)

    monkeypatch.setattr(verify_export, "own_answer", interrupted)
    with pytest.raises(Cancelled):
        verify_export.verify_export(VerifyGgufRequest(made, model), lambda _: None, stop.token)
    assert time.monotonic() - stop.at < SECONDS
    made.unlink()
