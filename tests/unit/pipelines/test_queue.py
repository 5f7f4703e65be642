"""Lists of jobs on the disk, files of jobs, and many jobs carried out: what fails stops nothing else."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tiny_models import make_adapter, make_base

from mergedesk.domain.findings import Code, UserError, error
from mergedesk.domain.gguf_export import GgufForm, GgufRequest
from mergedesk.domain.hub_reference import HubReference
from mergedesk.domain.job_list import JobList, JobState, QueuedJob, Task, added, begun, paused, retried
from mergedesk.domain.packed_export import ExportRequest
from mergedesk.domain.progress import CancelToken, Progress, Stage
from mergedesk.domain.requests import (
    AdapterChoice,
    Combination,
    CombinationMethod,
    Engine,
    MergeRequest,
    Precision,
    RoundingChoice,
    RoundingMode,
    VerifyRequest,
)
from mergedesk.domain.transfer import UploadRequest
from mergedesk.pipelines.queue import stored
from mergedesk.pipelines.queue.batch_file import read_batch, write_batch
from mergedesk.pipelines.queue.one_each import Choices, one_each
from mergedesk.pipelines.queue.perform import JobEnd, perform
from mergedesk.pipelines.queue.run import gone_on_with, run_all, with_end
from mergedesk.pipelines.queue.stored import jobs_of, jobs_text, keep_report, load, save
from mergedesk.pipelines.worker.pool import Workers

DONE = JobState.DONE


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def tasks(home: Path) -> tuple[Task, ...]:
    """One of each kind, with what is not as it usually is."""
    adapters = (AdapterChoice(home / "a", 0.5), AdapterChoice(home / "odd=name"))
    hub = HubReference("owner/name", "v1").path
    return (
        MergeRequest(home / "base", (AdapterChoice(home / "lora"),), home / "out"),
        MergeRequest(
            hub,
            adapters,
            Path("/elsewhere/out"),
            precision=Precision.FLOAT16,
            engine=Engine.PEFT,
            max_shard_size=5_000_000_000,
            overwrite=True,
            combination=Combination(CombinationMethod.DARE_TIES, density=0.3, seed=7),
            resize_vocabulary=True,
            own_alpha=16.0,
            resume=True,
        ),
        MergeRequest(
            home / "base",
            adapters,
            home / "drawn",
            rounding=RoundingChoice(RoundingMode.STOCHASTIC, 5),
            dequantize=True,
        ),
        VerifyRequest(home / "base", adapters, home / "merged", quick=True, own_alpha=8.0),
        GgufRequest(home / "out", home / "out.gguf", types=("Q8_0", "Q4_K_M"), prompt="Hi?", answer=False),
        GgufRequest(home / "lora", home / "l.gguf", GgufForm.GGUF_LORA, base=home / "base", overwrite=True),
        ExportRequest(home / "out", home / "packed", "int4-32"),
        UploadRequest(home / "out", "me/model", private=False),
    )


# --- On the disk ------------------------------------------------------------------------------------------------------


def test_a_list_is_read_as_it_was_written(tmp_path: Path) -> None:
    jobs = paused(added(JobList(held=True), tasks(tmp_path)), 2)
    told = QueuedJob(9, jobs.jobs[0].task, JobState.FAILED, 2, (error(Code.NOT_FINITE, tensor="w"),), 1.5, tmp_path)
    jobs = replace(jobs, jobs=(*jobs.jobs, told), latest=9)
    assert jobs_of(jobs_text(jobs)) == jobs
    save(jobs, tmp_path / "deep" / "queue.json")
    assert load(tmp_path / "deep" / "queue.json") == jobs
    assert names_in(tmp_path / "deep") == ["queue.json"]


def test_what_ran_when_the_program_ended_is_offered_again(tmp_path: Path) -> None:
    save(begun(added(JobList(), tasks(tmp_path)), 1), tmp_path / "queue.json")
    first = load(tmp_path / "queue.json").jobs[0]
    assert (first.state, first.may_retry) == (JobState.INTERRUPTED, True)


def test_paths_are_whole_and_names_on_a_hub_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    hub = HubReference("owner/name").path
    (job,) = jobs_of(jobs_text(added(JobList(), [MergeRequest(hub, (AdapterChoice(Path("a")),), Path("o"))]))).jobs
    assert isinstance(job.task, MergeRequest)
    assert (job.task.base, job.task.adapters[0].folder, job.task.output) == (hub, tmp_path / "a", tmp_path / "o")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_list_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    file, jobs = tmp_path / "queue.json", added(JobList(), tasks(tmp_path))
    save(jobs, file)

    def fail(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((stored, "sync_descriptor") if step == "fsync" else (Path, "replace")), fail)
    with pytest.raises(UserError) as raised:
        save(JobList(), file)
    assert raised.value.code is Code.DISK_FILLED_UP
    monkeypatch.undo()
    assert load(file) == jobs
    assert names_in(tmp_path) == ["queue.json"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"version":1,"jobs":[{"number":1,"kind":"dance","task":{}}]}', b"\xff", b'{"version":"x"}'],
)
def test_a_broken_list_is_set_aside(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "queue.json"
    file.write_bytes(content)
    assert load(file) == JobList()
    assert (tmp_path / "queue.unreadable.json").read_bytes() == content
    assert not file.exists()


def test_a_later_versions_list_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "queue.json"
    file.write_text('{"version": 99, "jobs": "another form"}')
    with pytest.raises(UserError) as raised:
        load(file)
    assert raised.value.code is Code.QUEUE_NEWER
    assert file.exists()


# --- Files of jobs ----------------------------------------------------------------------------------------------------


def test_a_file_of_jobs_is_read_as_it_was_written(tmp_path: Path) -> None:
    every = tasks(tmp_path)
    write_batch(every, tmp_path / "jobs.yaml")
    assert read_batch(tmp_path / "jobs.yaml") == every
    assert str(tmp_path) not in (tmp_path / "jobs.yaml").read_text(encoding="utf-8")


def test_one_merge_each_of_bases_adapters_and_strengths(tmp_path: Path) -> None:
    (tmp_path / "jobs.yaml").write_text(
        "- merge:\n"
        "    for_each: {base: [x/llama, y/llama], adapter: [a, [b, 'c=0.5']], strength: [1, 0.5]}\n"
        "    output: out/{base}-{adapter}-{strength}\n",
        encoding="utf-8",
    )
    every = read_batch(tmp_path / "jobs.yaml")
    assert len(every) == 8
    last = every[-1]
    assert isinstance(last, MergeRequest)
    assert last.base == tmp_path / "y" / "llama"
    assert last.adapters == (AdapterChoice(tmp_path / "b", 0.5), AdapterChoice(tmp_path / "c", 0.25))
    assert last.output == tmp_path / "out" / "y-llama-b-0.5"


def test_one_each_of_nothing_is_the_merge_itself(tmp_path: Path) -> None:
    like = MergeRequest(tmp_path / "base", (AdapterChoice(tmp_path / "a", 0.5),), tmp_path / "out")
    assert one_each(like, Choices()) == (like,)


GOOD = "merge: {base: b, adapter: a, output: o"


@pytest.mark.parametrize(
    ("text", "code", "data"),
    [
        ("jobs: [", Code.BATCH_UNREADABLE, {"line": 1}),
        ("a: \0", Code.BATCH_UNREADABLE, {}),
        ("", Code.BATCH_EMPTY, {}),
        ("jobs: []", Code.BATCH_EMPTY, {}),
        ("just words", Code.BATCH_EMPTY, {}),
        ("version: 2\njobs: []", Code.BATCH_NEWER, {}),
        ("- dance: {}", Code.BATCH_KIND_UNKNOWN, {"number": 1}),
        ("- merge", Code.BATCH_KIND_UNKNOWN, {"number": 1}),
        ("- merge: {base: b}\n  verify: {}", Code.BATCH_KIND_UNKNOWN, {"number": 1}),
        (f"- {GOOD}}}\n- merge: {{base: b, output: p}}", Code.BATCH_KEY_MISSING, {"number": 2, "key": "adapter"}),
        (f"- {GOOD}, adaptor: x}}", Code.BATCH_KEY_UNKNOWN, {"key": "adaptor"}),
        (f"- {GOOD}, for_each: {{bases: [x]}}}}", Code.BATCH_KEY_UNKNOWN, {"key": "bases"}),
        (f"- {GOOD}, for_each: [x]}}", Code.BATCH_VALUE_WRONG, {"key": "for_each"}),
        (f"- {GOOD}, for_each: {{strength: [strong]}}}}", Code.BATCH_VALUE_WRONG, {"key": "strength"}),
        (f"- {GOOD}, precision: float8}}", Code.BATCH_VALUE_WRONG, {"key": "precision", "value": "float8"}),
        (f"- {GOOD}, density: 2}}", Code.BATCH_VALUE_WRONG, {"key": "density"}),
        (f"- {GOOD}, seed: -1}}", Code.BATCH_VALUE_WRONG, {"key": "seed"}),
        (f"- {GOOD}, combine: mix}}", Code.BATCH_VALUE_WRONG, {"key": "combine"}),
        (f"- {GOOD}, max_shard_size: huge}}", Code.BATCH_VALUE_WRONG, {"key": "max_shard_size"}),
        (f"- {GOOD}, overwrite: 1}}", Code.BATCH_VALUE_WRONG, {"key": "overwrite"}),
        ("- merge: {base: 7, adapter: a, output: o}", Code.BATCH_VALUE_WRONG, {"key": "base"}),
        ("- merge: {base: b, adapter: [], output: o}", Code.BATCH_VALUE_WRONG, {"key": "adapter"}),
        ("- merge: {base: b, adapter: {path: a, weight: .nan}, output: o}", Code.BATCH_VALUE_WRONG, {"key": "weight"}),
        ("- export: {model: m, to: onnx, output: o}", Code.BATCH_VALUE_WRONG, {"key": "to"}),
        ("- export: {model: m, to: gguf, type: Q9, output: o}", Code.BATCH_VALUE_WRONG, {"key": "type", "value": "Q9"}),
        ("- export: {model: m, to: int8, type: Q8_0, output: o}", Code.BATCH_VALUE_WRONG, {"key": "type"}),
        ("- upload: {model: m, repo: no name}", Code.BATCH_VALUE_WRONG, {"key": "repo"}),
        (f"- {GOOD}}}\n- {GOOD}}}", Code.BATCH_OUTPUT_TWICE, {}),
        (f"- {GOOD}, for_each: {{strength: [1, 2]}}}}", Code.BATCH_OUTPUT_TWICE, {}),
    ],
)
def test_a_file_that_is_wrong_says_where(tmp_path: Path, text: str, code: Code, data: dict[str, object]) -> None:
    (tmp_path / "jobs.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as raised:
        read_batch(tmp_path / "jobs.yaml")
    assert raised.value.code is code
    assert data.items() <= raised.value.data.items()


def test_a_file_runs_nothing(tmp_path: Path) -> None:
    """YAML can name functions to call; none is called."""
    (tmp_path / "jobs.yaml").write_text(f"- !!python/object/apply:os.mkdir [{tmp_path / 'made'}]", encoding="utf-8")
    with pytest.raises(UserError):
        read_batch(tmp_path / "jobs.yaml")
    assert not (tmp_path / "made").exists()


# --- Carried out ------------------------------------------------------------------------------------------------------


def ends(*states: JobState) -> Callable[[QueuedJob], JobEnd]:
    each = iter(states)
    return lambda _job: JobEnd(next(each))


def test_an_interrupted_job_waits_once_more_behind_the_others(tmp_path: Path) -> None:
    told: list[tuple[int, JobState, int]] = []
    jobs = added(JobList(), tasks(tmp_path)[:3])
    cut, done = JobState.INTERRUPTED, JobState.DONE
    left = run_all(
        jobs, ends(cut, done, done, cut), lambda _jobs, job, _end: told.append((job.number, job.state, job.attempts)),
        lambda: False,
    )  # fmt: skip
    ended_so = [one for one in told if one[1] is not JobState.RUNNING]
    assert ended_so == [(1, cut, 1), (2, done, 1), (3, done, 1), (1, cut, 2)]
    assert [(job.number, job.state) for job in left.jobs] == [(2, done), (3, done), (1, cut)]
    assert left.jobs[-1].task == replace(tasks(tmp_path)[0], resume=True)


def test_once_it_is_stopped_nothing_more_is_begun(tmp_path: Path) -> None:
    cancel = CancelToken()

    def do(_job: QueuedJob) -> JobEnd:
        cancel.cancel()
        return JobEnd(JobState.CANCELLED)

    left = run_all(added(JobList(), tasks(tmp_path)[:3]), do, lambda *_: None, lambda: cancel.cancelled)
    assert [job.state for job in left.jobs] == [JobState.CANCELLED, JobState.WAITING, JobState.WAITING]


def test_going_on_leaves_out_what_is_done_and_still_there(tmp_path: Path) -> None:
    first, gone, cut = (replace(tasks(tmp_path)[0], output=tmp_path / name) for name in ("there", "gone", "cut"))
    (tmp_path / "there").mkdir()
    before = added(JobList(), (cut, gone, first))
    for number, state in ((1, JobState.INTERRUPTED), (2, JobState.DONE), (3, JobState.DONE)):
        before = with_end(before, number, JobEnd(state))
    now = gone_on_with((first, gone, cut), before)
    assert [(job.number, job.state) for job in now.jobs] == [
        (1, JobState.DONE), (2, JobState.WAITING), (3, JobState.WAITING),
    ]  # fmt: skip
    assert now.jobs[2].task == replace(cut, resume=True)
    assert gone_on_with((first, gone, cut), retried(before, 1)).jobs[2].task == cut


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_twenty_merges_two_refused_and_one_worker_killed(tmp_path: Path) -> None:
    """Eighteen are done, three were told and offered again, nothing is lost or half there."""
    wanted = twenty_merges(tmp_path)
    workers, told, file = Workers(), [], tmp_path / "state" / "queue.json"

    def do(job: QueuedJob) -> JobEnd:
        def kill_in_the_middle(reading: Progress) -> None:
            if (job.number, job.attempts) == (12, 1) and reading.stage is Stage.MERGE:
                for process in workers._busy:
                    os.kill(process.pid, signal.SIGKILL)

        return perform(job.task, workers.run, kill_in_the_middle, CancelToken())

    def tell(jobs: JobList, job: QueuedJob, end: JobEnd | None) -> None:
        save(jobs, file)
        if end is not None:
            told.append((job.number, job.state, [finding.code for finding in job.findings if end.state is not DONE]))
            keep_report(tmp_path / "reports", job, end.report)

    try:
        jobs = run_all(added(JobList(), wanted), do, tell, lambda: False)
    finally:
        workers.close()
    not_done = {number: (state, codes[0]) for number, state, codes in told if state is not DONE}
    assert not_done == {
        5: (JobState.REFUSED, Code.OUTPUT_NOT_EMPTY),
        10: (JobState.REFUSED, Code.FOLDER_MISSING),
        12: (JobState.INTERRUPTED, Code.WORKER_KILLED),
    }
    assert (jobs.count(DONE), [job.number for job in jobs.jobs if job.may_retry]) == (18, [5, 10])
    assert (jobs.jobs[-1].number, jobs.jobs[-1].attempts) == (12, 2)
    assert load(file) == jobs
    assert names_in(tmp_path / "taken") == ["work.txt"]
    assert {name for name in names_in(tmp_path) if name.startswith(("out", "."))} == {
        f"out-{number}" for number in range(1, 21) if number not in (5, 10)
    }
    assert all((tmp_path / f"out-{number}" / "mergedesk-report.json").is_file() for number in (1, 12, 20))
    assert len(names_in(tmp_path / "reports")) == 20


def twenty_merges(home: Path) -> list[MergeRequest]:
    """One adapter at twenty strengths; the fifth's output holds somebody's work, the tenth's adapter is not there."""
    base = make_base("llama", home / "base", "bfloat16")
    lora = make_adapter("llama", base, home / "lora")
    (home / "taken").mkdir()
    (home / "taken" / "work.txt").write_text("mine", encoding="utf-8")
    like = MergeRequest(base, (AdapterChoice(lora),), home / "out-{number}")
    wanted = list(one_each(like, Choices(strengths=tuple(number / 10 for number in range(1, 21)))))
    wanted[4] = replace(wanted[4], output=home / "taken")
    wanted[9] = replace(wanted[9], adapters=(AdapterChoice(home / "missing"),))
    return wanted
