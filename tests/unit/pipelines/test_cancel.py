"""Cancelled at any moment, a job leaves nothing behind and nothing changed."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from folders import contents, everything, make_lora, make_model, make_sharded_model, request
from tiny_models import make_adapter, make_base

from mergedesk.domain.progress import Cancelled, CancelToken, Progress, Stage
from mergedesk.domain.requests import Engine
from mergedesk.engines.peft import whole
from mergedesk.pipelines import verify_staged, write_output
from mergedesk.pipelines.merge import merge
from mergedesk.pipelines.merge_job import MergeJob
from mergedesk.pipelines.writing import Written

MOMENTS = [
    *((stage, False) for stage in Stage),
    (Stage.MERGE, True),
    (Stage.VERIFY, True),
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_sharded_model(tmp_path / "base")
    make_lora(tmp_path / "adapter")
    return tmp_path


def cancel_at(home: Path, stage: Stage, midway: bool, output: Path, **options: Any) -> list[Progress]:
    """Run until ``stage`` begins, or until some of its bytes are done, and cancel there."""
    token, seen = CancelToken(), list[Progress]()

    def report(progress: Progress) -> None:
        seen.append(progress)
        if progress.stage is stage and bool(progress.done_bytes) is midway:
            token.cancel()

    with pytest.raises(Cancelled):
        merge(request(home / "base", home / "adapter", output, **options), report, token)
    return seen


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
@pytest.mark.parametrize(("stage", "midway"), MOMENTS)
def test_nothing_is_left(stage: Stage, midway: bool, engine: Engine, home: Path) -> None:
    before, names = contents(home), everything(home)
    seen = cancel_at(home, stage, midway, home / "new" / "deep" / "out", engine=engine)
    assert contents(home) == before
    assert everything(home) == names
    assert {one.stage for one in seen} == set(list(Stage)[: list(Stage).index(stage) + 1])


@pytest.mark.parametrize(("stage", "midway"), MOMENTS)
def test_folder_that_was_to_be_replaced_stays(stage: Stage, midway: bool, home: Path) -> None:
    make_model(home / "out")
    before, names = contents(home), everything(home)
    cancel_at(home, stage, midway, home / "out", overwrite=True)
    assert contents(home) == before
    assert everything(home) == names


def test_cancel_in_the_middle_of_a_merge_ends_it_there(home: Path) -> None:
    seen = cancel_at(home, Stage.MERGE, True, home / "out")
    done = max(one.done_bytes for one in seen if one.stage is Stage.MERGE)
    assert 0 < done < seen[-1].total_bytes


def test_cancelled_before_it_began(home: Path) -> None:
    token = CancelToken()
    token.cancel()
    names = everything(home)
    with pytest.raises(Cancelled):
        merge(request(home / "base", home / "adapter", home / "out"), lambda _: None, token)
    assert everything(home) == names


@pytest.mark.parametrize("where", ["before", "after"])
def test_whole_model_merge(where: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A base of fused experts, which only PEFT's whole-model merge can take."""
    base = make_base("mixtral", home / "experts")
    adapter = make_adapter("mixtral", base, home / "on-experts", target_parameters=["experts.down_proj"])
    names, token = everything(home), CancelToken()
    real = whole.merge_whole

    def merge_whole(*arguments: Any) -> Any:
        if where == "before":
            token.cancel()
        result = real(*arguments)
        token.cancel()
        return result

    monkeypatch.setattr(whole, "merge_whole", merge_whole)
    with pytest.raises(Cancelled):
        merge(request(base, adapter, home / "out", engine=Engine.PEFT), lambda _: None, token)
    assert token.cancelled
    assert everything(home) == names


def test_cancel_between_writing_and_verifying(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names, token = everything(home), CancelToken()
    real = write_output.write_output

    def write(job: MergeJob) -> Written:
        written = real(job)
        token.cancel()
        return written

    monkeypatch.setattr(write_output, "write_output", write)
    with pytest.raises(Cancelled):
        merge(request(home / "base", home / "adapter", home / "out"), lambda _: None, token)
    assert everything(home) == names


@pytest.mark.slow
def test_cancel_while_the_adapter_is_hashed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is written and proved, and the hash of a large adapter is not there yet: nothing more is begun."""
    names, token, seen = everything(home), CancelToken(), list[Progress]()
    real = verify_staged.verify_staged

    def hash_slowly(_file: Path) -> str:
        while not token.cancelled:
            time.sleep(0.01)
        time.sleep(0.5)
        return "0" * 64

    def verify(job: MergeJob, written: Written) -> verify_staged.StagedChecks:
        checks = real(job, written)
        threading.Timer(0.1, token.cancel).start()
        return checks

    monkeypatch.setattr("mergedesk.pipelines.merge_outcome.file_sha256", hash_slowly)
    monkeypatch.setattr(verify_staged, "verify_staged", verify)
    with pytest.raises(Cancelled):
        merge(request(home / "base", home / "adapter", home / "out"), seen.append, token)
    assert Stage.PUBLISH not in {one.stage for one in seen}
    assert everything(home) == names


def test_threads_end_with_the_job(home: Path) -> None:
    cancel_at(home, Stage.VERIFY, False, home / "out")
    deadline = time.monotonic() + 5
    while any(thread.name.startswith("mergedesk") for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
