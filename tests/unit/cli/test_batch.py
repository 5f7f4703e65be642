"""``mergedesk batch``: many jobs from a file, what it prints of each, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tiny_models import make_adapter, make_base
from typer.testing import CliRunner, Result

from mergedesk.cli.commands import app, batch
from mergedesk.domain.findings import Code, error
from mergedesk.domain.job_list import JobState
from mergedesk.pipelines.history.store import records
from mergedesk.pipelines.queue.perform import JobEnd
from mergedesk.pipelines.queue.stored import batch_state_file


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def ran(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["batch", *map(str, arguments)])


def file_of(home: Path, *jobs: Mapping[str, Any]) -> Path:
    file = home / "jobs.yaml"
    file.write_text(json.dumps({"jobs": jobs}), encoding="utf-8")
    return file


def merge_of(output: str, **more: object) -> dict[str, Any]:
    return {"merge": {"base": "base", "adapter": "lora", "output": output, **more}}


@pytest.mark.slow
def test_jobs_run_one_after_the_other_and_go_on_where_they_were(tmp_path: Path) -> None:
    """A merge, one that is refused, and the proof of the first; then the same file with what was wrong put right."""
    base = make_base("llama", tmp_path / "base", "bfloat16")
    verify = {"verify": {"base": "base", "adapter": "lora", "merged": "out"}}
    file = file_of(tmp_path, merge_of("out"), {"merge": {"base": "base", "adapter": "other", "output": "two"}}, verify)
    make_adapter("llama", base, tmp_path / "lora")
    done = ran(file, "--json", "--reports", tmp_path / "reports")
    assert done.exit_code == 1, done.output
    first, second, third, end = map(json.loads, done.stdout.splitlines())
    assert [(one["job"], one["kind"], one["state"], one["exit_code"]) for one in (first, second, third)] == [
        (1, "merge", "done", 0), (2, "merge", "refused", 3), (3, "verify", "done", 0),
    ]  # fmt: skip
    assert first["report"]["status"] == "merged"
    kept = [(one.request.output.name, one.status.value, one.front.value) for one in records().values()]
    assert kept == [("two", "refused", "batch"), ("out", "merged", "batch")]
    assert third["report"]["verdict"] == "match"
    assert (end["status"], end["jobs"], end["done"], end["refused"], end["again"]) == ("failed", 3, 2, 1, [2])
    assert sorted(one.name for one in (tmp_path / "reports").iterdir()) == [
        "001-merge.json", "002-merge.json", "003-verify.json",
    ]  # fmt: skip
    make_adapter("llama", base, tmp_path / "other", seed=2)
    again = ran(file, "--resume", "--no-history")
    assert len(records()) == 2
    assert again.exit_code == 0, again.output
    assert again.stdout.splitlines()[-1] == "3 of 3 jobs are done."
    assert "Merge" in again.stdout.splitlines()[0]
    assert str(tmp_path / "two") in again.stdout.splitlines()[0]
    assert not batch_state_file(file).exists()


def test_a_file_that_is_wrong_begins_nothing(tmp_path: Path) -> None:
    wrong = ran(file_of(tmp_path, merge_of("out"), merge_of("two", precision="float7")))
    assert wrong.exit_code == 2
    assert "In job 2, “precision” cannot be “float7”." in wrong.output
    assert ran(tmp_path / "missing.yaml").exit_code == 2
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("end", "code", "whole"),
    [
        (JobEnd(JobState.DONE), 0, 0),
        (JobEnd(JobState.REFUSED), 3, 1),
        (JobEnd(JobState.FAILED), 1, 1),
        (JobEnd(JobState.FAILED, (error(Code.VERIFICATION_FAILED, count=1, checks="values"),)), 4, 1),
        (JobEnd(JobState.FAILED, report={"verdict": "mismatch"}), 4, 1),
    ],
)
def test_each_end_has_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: JobEnd, code: int, whole: int
) -> None:
    monkeypatch.setattr(batch, "perform", lambda *_given: end)
    verify = {"verify": {"base": "base", "adapter": "lora", "merged": "out"}}
    done = ran(file_of(tmp_path, verify), "--json")
    assert done.exit_code == whole
    assert json.loads(done.stdout.splitlines()[0])["exit_code"] == code


def test_cancelling_ends_the_running_job_and_begins_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cancelled(_task: object, _ask: object, _show: object, cancel: Any) -> JobEnd:
        cancel.cancel()
        return JobEnd(JobState.CANCELLED)

    monkeypatch.setattr(batch, "perform", cancelled)
    done = ran(file_of(tmp_path, merge_of("out"), merge_of("two")), "--json")
    assert done.exit_code == 130
    end = json.loads(done.stdout.splitlines()[-1])
    assert (end["status"], end["cancelled"], end["waiting"], end["again"]) == ("cancelled", 1, 1, [1, 2])
    monkeypatch.setattr(batch, "perform", lambda *_given: JobEnd(JobState.DONE))
    assert len(ran(tmp_path / "jobs.yaml", "--resume", "--json").stdout.splitlines()) == 3
