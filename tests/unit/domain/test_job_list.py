"""The list of jobs: its order, and what may become of each, as pure functions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mergedesk.domain.findings import Code
from mergedesk.domain.gguf_export import GgufRequest
from mergedesk.domain.job_list import (
    JobKind,
    JobList,
    JobState,
    QueuedJob,
    added,
    after_crash,
    begun,
    ended,
    moved,
    paused,
    removed,
    retried,
    unpaused,
    without_done,
)
from mergedesk.domain.packed_export import ExportRequest
from mergedesk.domain.requests import AdapterChoice, MergeRequest, VerifyRequest
from mergedesk.domain.transfer import UploadRequest

MERGE = MergeRequest(Path("base"), (AdapterChoice(Path("lora")),), Path("out"))
VERIFY = VerifyRequest(Path("base"), MERGE.adapters, Path("merged"))
EXPORT = GgufRequest(Path("merged"), Path("out.gguf"))
PACK = ExportRequest(Path("merged"), Path("packed"), "int4")
UPLOAD = UploadRequest(Path("merged"), "me/model")
FIVE = added(JobList(), (MERGE, VERIFY, EXPORT, PACK, UPLOAD))


def order(jobs: JobList) -> list[int]:
    return [job.number for job in jobs.jobs]


def states(jobs: JobList) -> list[JobState]:
    return [job.state for job in jobs.jobs]


def turned(jobs: JobList, number: int, state: JobState) -> JobList:
    job = jobs.job(number)
    assert job is not None
    return ended(jobs, replace(job, state=state))


def test_each_job_knows_its_kind_what_it_is_about_and_what_it_writes() -> None:
    merge, verify, export, pack, upload = FIVE.jobs
    assert [job.kind for job in FIVE.jobs] == [
        JobKind.MERGE, JobKind.VERIFY, JobKind.EXPORT, JobKind.EXPORT, JobKind.UPLOAD,
    ]  # fmt: skip
    assert [job.subject.name for job in FIVE.jobs] == ["out", "merged", "out.gguf", "packed", "merged"]
    assert (verify.output, upload.output) == (None, None)
    assert (merge.output, export.output, pack.output) == (Path("out"), Path("out.gguf"), Path("packed"))


def test_jobs_move_and_stop_at_the_ends() -> None:
    assert order(moved(FIVE, 2, -1)) == [2, 1, 3, 4, 5]
    assert order(moved(FIVE, 2, 1)) == [1, 3, 2, 4, 5]
    assert order(moved(FIVE, 1, -1)) == order(moved(FIVE, 5, 3)) == order(moved(FIVE, 9, 1)) == [1, 2, 3, 4, 5]


def test_the_first_that_waits_is_next_and_one_at_a_time_runs() -> None:
    assert FIVE.next == FIVE.jobs[0]
    running = begun(paused(FIVE, 1), 2)
    assert running.running == running.job(2) != FIVE.job(2)
    assert running.next is None
    assert turned(running, 2, JobState.DONE).next == FIVE.job(3)
    assert replace(FIVE, held=True).next is None


def test_only_what_waits_is_paused_and_only_what_is_paused_goes_on() -> None:
    assert states(paused(FIVE, 1))[0] is JobState.PAUSED
    assert unpaused(paused(FIVE, 1), 1) == FIVE
    running = begun(FIVE, 1)
    assert paused(running, 1) == running == unpaused(running, 1)


@pytest.mark.parametrize("state", [JobState.REFUSED, JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED])
def test_what_ended_without_a_result_waits_again_behind_the_others(state: JobState) -> None:
    again = retried(turned(begun(FIVE, 1), 1, state), 1)
    assert order(again) == [2, 3, 4, 5, 1]
    in_place = retried(turned(begun(FIVE, 1), 1, state), 1, in_place=True)
    assert (order(in_place), in_place.job(1)) == ([1, 2, 3, 4, 5], again.job(1))
    job = again.job(1)
    assert job is not None
    assert isinstance(job.task, MergeRequest)
    assert (job.state, job.attempts) == (JobState.WAITING, 1)
    assert job.task.resume is (state is JobState.INTERRUPTED)


@pytest.mark.parametrize("state", [JobState.WAITING, JobState.RUNNING, JobState.PAUSED, JobState.DONE])
def test_nothing_else_is_begun_again(state: JobState) -> None:
    jobs = turned(FIVE, 1, state)
    assert retried(jobs, 1) == jobs


def test_a_running_job_is_not_removed_and_numbers_are_never_given_twice() -> None:
    running = begun(FIVE, 5)
    assert order(removed(running, 5)) == [1, 2, 3, 4, 5]
    fewer = removed(FIVE, 5)
    assert order(added(fewer, (VERIFY,))) == [1, 2, 3, 4, 6]
    assert order(without_done(turned(FIVE, 2, JobState.DONE))) == [1, 3, 4, 5]


def test_a_job_that_was_removed_meanwhile_does_not_come_back_with_its_end() -> None:
    assert ended(removed(FIVE, 3), QueuedJob(3, EXPORT, JobState.DONE)) == removed(FIVE, 3)


def test_what_ran_when_the_program_ended_was_interrupted_and_says_so() -> None:
    left = after_crash(begun(paused(FIVE, 1), 2))
    assert states(left) == [JobState.PAUSED, JobState.INTERRUPTED, *[JobState.WAITING] * 3]
    assert [finding.code for finding in left.jobs[1].findings] == [Code.QUEUE_INTERRUPTED]
    assert left.count(JobState.WAITING, JobState.PAUSED) == 4
