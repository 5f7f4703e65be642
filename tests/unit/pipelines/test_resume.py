"""A merge that was killed is gone on with, and ends in the same bytes; what is not the same merge is refused."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from folders import assert_says, everything, make_lora, make_sharded_model, make_tokenizer, request, the
from killed_merge import run_killed, with_small_chunks

from mergedesk.checkpoints.files import REPORT
from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import Engine, MergeRequest, Precision, RoundingChoice, RoundingMode
from mergedesk.engines import streaming
from mergedesk.output import journal
from mergedesk.output.leftovers import LeftoverKind, find_leftovers
from mergedesk.output.staging_folder import StagingFolder
from mergedesk.pipelines import merge as job
from mergedesk.pipelines.check import check

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are ended by a signal")
NEVER_THE_SAME = {REPORT, "README.md"}  # both tell the time


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_tokenizer(make_sharded_model(tmp_path / "base"))
    make_lora(tmp_path / "adapter")
    return tmp_path


@pytest.fixture(autouse=True)
def _small_chunks() -> Iterator[None]:
    with with_small_chunks():
        yield


def asked(home: Path, **options: Any) -> MergeRequest:
    return request(home / "base", home / "adapter", home / "out", **options)


def run(wanted: MergeRequest) -> MergeReport:
    return job.merge(wanted, lambda _: None, CancelToken())


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files if file.name not in NEVER_THE_SAME}


def expected(home: Path, wanted: MergeRequest) -> dict[str, bytes]:
    """The same merge without a break."""
    assert run(replace(wanted, output=home / "whole", overwrite=False, resume=False)).status is MergeStatus.MERGED
    return bytes_of(home / "whole")


@pytest.mark.parametrize("options", [{}, {"precision": Precision.FLOAT32}], ids=["as it is", "float32"])
@pytest.mark.parametrize("when", ["chunk:1", "chunk:9", "chunk:30", "stage:verify", "stage:publish"])
def test_same_bytes(when: str, options: dict[str, Any], home: Path) -> None:
    wanted = asked(home, **options)
    assert run_killed(wanted, when) == -9
    [left] = find_leftovers(home / "out")
    assert left.kind is LeftoverKind.RESUMABLE
    report = run(replace(wanted, resume=True))
    assert report.status is MergeStatus.MERGED
    told = the(report.findings, Code.RESUMED)
    assert_says(told, Severity.INFO, "were on the disk already")
    assert 0 < int(str(told.data["done_bytes"])) <= int(str(told.data["total_bytes"]))
    assert bytes_of(home / "out") == expected(home, wanted)
    assert find_leftovers(home / "out") == []
    assert not [name for name in everything(home) if "mergedesk-0" in name or ".mergedesk" in name]


def test_report_of_the_effect_is_that_of_an_unbroken_run(home: Path) -> None:
    assert run_killed(asked(home), "chunk:20") == -9
    resumed = run(asked(home, resume=True))
    whole = run(replace(asked(home), output=home / "whole"))
    assert resumed.effect == whole.effect
    assert resumed.tensors == whole.tensors
    assert [check.code for check in resumed.checks] == [check.code for check in whole.checks]


def test_what_is_done_is_not_done_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_killed(asked(home), "chunk:15") == -9
    done = journal.read_journal(find_leftovers(home / "out")[0].home).done
    filled: list[int] = []
    real = streaming._fill

    def fill(run: Any, numbered: tuple[int, streaming.Chunk]) -> None:
        filled.append(numbered[0])
        real(run, numbered)

    monkeypatch.setattr(streaming, "_fill", fill)
    assert run(asked(home, resume=True)).status is MergeStatus.MERGED
    assert len(done) == 15
    assert filled
    assert not set(filled) & set(done)


def test_chance_goes_on_with_the_same_draws_and_no_others(home: Path) -> None:
    drawn = RoundingChoice(RoundingMode.STOCHASTIC, 7)
    assert run_killed(asked(home, rounding=drawn, precision=Precision.BFLOAT16), "chunk:9") == -9
    other = asked(home, rounding=RoundingChoice(RoundingMode.STOCHASTIC, 8), precision=Precision.BFLOAT16, resume=True)
    assert Code.RESUME_PLAN_DIFFERS in {finding.code for finding in run(other).findings}
    again = asked(home, rounding=drawn, precision=Precision.BFLOAT16, resume=True)
    report = run(again)
    assert report.status is MergeStatus.MERGED
    assert Code.RESUMED in {finding.code for finding in report.findings}
    assert bytes_of(home / "out") == expected(home, replace(again, resume=False))


def test_killed_twice(home: Path) -> None:
    assert run_killed(asked(home), "chunk:5") == -9
    assert run_killed(asked(home, resume=True), "chunk:5") == -9
    [left] = find_leftovers(home / "out")
    assert len(journal.read_journal(left.home).done) >= 10
    assert run(asked(home, resume=True)).status is MergeStatus.MERGED
    assert bytes_of(home / "out") == expected(home, asked(home))


@pytest.mark.parametrize("call", ["ftruncate", "rename", "unlink", "fsync", "mkdir"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_killed_at_a_call(call: str, count: int, home: Path) -> None:
    """The output is never there by half; what is left is told, and gone on with."""
    code = run_killed(asked(home), f"call:{call}:{count}")
    output = home / "out"
    if code == 0:
        pytest.skip("the call is not made so often")
    assert code == -9
    assert not output.exists() or REPORT in everything(output)
    assert len(find_leftovers(output)) <= 1
    if output.exists():
        return
    assert run(asked(home, resume=True)).status is MergeStatus.MERGED
    assert bytes_of(output) == expected(home, asked(home))
    assert find_leftovers(output) == []


def test_overwriting_is_gone_on_with_too(home: Path) -> None:
    make_sharded_model(home / "out")
    before = bytes_of(home / "out")
    assert run_killed(asked(home, overwrite=True), "stage:publish") == -9
    assert bytes_of(home / "out") == before
    assert run(asked(home, overwrite=True, resume=True)).status is MergeStatus.MERGED
    assert bytes_of(home / "out") == expected(home, asked(home))


def journal_of_killed(home: Path) -> tuple[StagingFolder, list[bytes]]:
    """The journal of a run that had noted nine chunks, as lines."""
    assert run_killed(asked(home), "chunk:9") == -9
    [left] = find_leftovers(home / "out")
    return left.home, left.home.journal.read_bytes().splitlines(keepends=True)


def test_torn_line_of_the_journal_is_not_believed(home: Path) -> None:
    staging, lines = journal_of_killed(home)
    whole = lines[:-1]
    staging.journal.write_bytes(b"".join(whole) + lines[-1][: len(lines[-1]) // 2])
    kept = journal.read_journal(staging)
    assert 0 < len(kept.done) <= 9
    assert kept.nbytes == sum(map(len, whole))
    assert run(asked(home, resume=True)).status is MergeStatus.MERGED
    assert bytes_of(home / "out") == expected(home, asked(home))


def test_after_a_power_cut_only_what_was_synced_is_believed(home: Path) -> None:
    staging, lines = journal_of_killed(home)
    contents = [json.loads(line) for line in lines]
    synced = {index for line in contents for index in line.get("synced", ())}
    unsynced = [line for line in contents if "synced" not in line]
    staging.journal.write_text("".join(json.dumps({**line, "since": "another boot"}) + "\n" for line in contents))
    assert set(journal.read_journal(staging).done) == synced
    staging.journal.write_text("".join(json.dumps({**line, "since": "another boot"}) + "\n" for line in unsynced))
    assert journal.read_journal(staging).done == {}
    staging.journal.write_text("".join(json.dumps(line) + "\n" for line in unsynced))
    assert len(journal.read_journal(staging).done) == 9


def test_without_the_adapters_hash_nothing_is_believed(home: Path) -> None:
    staging, lines = journal_of_killed(home)
    staging.journal.write_bytes(b"".join(line for line in lines if b'"adapters"' not in line))
    assert journal.read_journal(staging).done == {}


def test_weight_file_that_is_gone_is_made_again(home: Path) -> None:
    assert run_killed(asked(home), "stage:verify") == -9
    [left] = find_leftovers(home / "out")
    next(left.home.model.glob("*.safetensors")).unlink()
    report = run(asked(home, resume=True))
    assert report.status is MergeStatus.MERGED
    the(report.findings, Code.RESUME_NOTHING)
    assert bytes_of(home / "out") == expected(home, asked(home))


@pytest.mark.parametrize("name", ["adapter/adapter_model.safetensors", "base/config.json", "base/tokenizer.json"])
def test_input_that_is_another_by_now_is_refused_and_the_work_kept(name: str, home: Path) -> None:
    assert run_killed(asked(home), "chunk:9") == -9
    os.utime(home / name, ns=(0, 0))
    report = run(asked(home, resume=True))
    assert report.status is MergeStatus.REFUSED
    assert_says(the(report.findings, Code.RESUME_INPUT_DIFFERS), Severity.ERROR, Path(name).name)
    assert not (home / "out").exists()
    the(report.findings, Code.LEFTOVER_RESUMABLE)


def test_adapter_of_the_same_size_and_time_but_other_values_is_refused(home: Path) -> None:
    assert run_killed(asked(home), "chunk:9") == -9
    file = home / "adapter" / "adapter_model.safetensors"
    times, data = file.stat(), bytearray(file.read_bytes())
    data[-5] ^= 1
    file.write_bytes(data)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    report = run(asked(home, resume=True))
    assert report.status is MergeStatus.REFUSED
    assert_says(the(report.findings, Code.RESUME_INPUT_DIFFERS), Severity.ERROR, file.name)


@pytest.mark.parametrize("options", [{"precision": Precision.FLOAT32}, {"max_shard_size": 20_000}])
def test_other_options_are_refused(options: dict[str, Any], home: Path) -> None:
    assert run_killed(asked(home), "chunk:9") == -9
    report = run(asked(home, resume=True, **options))
    assert report.status is MergeStatus.REFUSED
    assert_says(the(report.findings, Code.RESUME_PLAN_DIFFERS), Severity.ERROR, "--resume")
    [left] = find_leftovers(home / "out")
    assert left.kind is LeftoverKind.RESUMABLE


def test_nothing_to_go_on_with(home: Path) -> None:
    report = run(asked(home, resume=True))
    assert report.status is MergeStatus.MERGED
    the(report.findings, Code.RESUME_NOTHING)


def test_what_peft_merges_begins_anew_and_that_is_said(home: Path) -> None:
    wanted = asked(home, engine=Engine.PEFT)
    assert run_killed(wanted, "stage:verify") == -9
    report = run(replace(wanted, resume=True))
    assert report.status is MergeStatus.MERGED
    assert_says(the(report.findings, Code.RESUME_NEEDS_STREAMING), Severity.INFO, "PEFT")
    assert bytes_of(home / "out") == expected(home, wanted)
    assert find_leftovers(home / "out") == []


def test_without_being_asked_nothing_is_gone_on_with_but_told(home: Path) -> None:
    assert run_killed(asked(home), "chunk:9") == -9
    [left] = find_leftovers(home / "out")
    checked = check(asked(home))
    assert the(checked.findings, Code.LEFTOVER_RESUMABLE).data["path"] == str(left.home.path)
    report = run(asked(home))
    assert report.status is MergeStatus.MERGED
    the(report.findings, Code.LEFTOVER_RESUMABLE)
    assert left.home.path.is_dir()


def test_paths_of_leftovers_are_not_written_into_the_report(home: Path) -> None:
    assert run_killed(asked(home), "chunk:9") == -9
    assert run(asked(home)).status is MergeStatus.MERGED
    text = (home / "out" / REPORT).read_text(encoding="utf-8")
    assert ".mergedesk-" not in text
    assert "leftover" not in json.dumps(json.loads(text)["findings"])
