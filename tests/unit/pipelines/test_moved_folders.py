"""Folders that are moved or unplugged while a merge runs: an ordinary event, told as what it is, and nothing hidden."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from folders import assert_says, contents, everything, make_lora, make_sharded_model, request, the

from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken, Progress, Stage
from mergedesk.output import folder_lock
from mergedesk.output.leftovers import LeftoverKind, find_leftovers, remove
from mergedesk.output.staging_register import registered
from mergedesk.pipelines.check import check
from mergedesk.pipelines.merge import merge

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders in use are not to be moved there")
STAGES = [Stage.PLAN, Stage.MERGE, Stage.VERIFY, Stage.PUBLISH]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_sharded_model(tmp_path / "base")
    make_lora(tmp_path / "adapter")
    (tmp_path / "results").mkdir()
    return tmp_path


def merge_and_at(stage: Stage, do: Callable[[], object], home: Path, output: str = "results/out") -> MergeReport:
    def report(progress: Progress) -> None:
        if progress.stage is stage and not done:
            done.append(do())

    done: list[object] = []
    report_of = merge(request(home / "base", home / "adapter", home / output), report, CancelToken())
    assert done
    return report_of


@pytest.mark.parametrize("stage", STAGES)
def test_output_s_folder_is_moved(stage: Stage, home: Path) -> None:
    report = merge_and_at(stage, lambda: (home / "results").rename(home / "moved"), home)
    assert report.status is MergeStatus.FAILED
    told = the(report.findings, Code.OUTPUT_MOVED)
    assert_says(told, Severity.ERROR, str(home / "results"), "was moved or removed", "try again")
    the(report.findings, Code.NOTHING_KEPT)
    assert not list((home / "moved").iterdir()), "what was staged went with it, and was found and removed"
    assert not list(registered())


@pytest.mark.parametrize("stage", STAGES)
def test_output_s_folder_is_out_of_reach(stage: Stage, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when its drive is unplugged: no system tells where the folder is now."""
    monkeypatch.setattr(folder_lock, "path_of", lambda _descriptor: None)
    report = merge_and_at(stage, lambda: (home / "results").rename(home / "drive"), home)
    assert report.status is MergeStatus.FAILED
    told = the(report.findings, Code.LEFTOVER_OUT_OF_REACH)
    assert_says(told, Severity.INFO, str(home / "results" / ".mergedesk-"), "out of reach")
    assert Code.NOTHING_KEPT not in {one.code for one in report.findings}
    (home / "drive").rename(home / "results")
    [left] = find_leftovers(home / "results" / "out")
    assert left.kind in (LeftoverKind.RESUMABLE, LeftoverKind.UNFINISHED)
    remove(left)
    assert everything(home / "results") == set()


def test_what_is_out_of_reach_for_good_is_forgotten_on_request(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_lock, "path_of", lambda _descriptor: None)
    merge_and_at(Stage.MERGE, lambda: (home / "results").rename(home / "drive"), home)
    wanted = request(home / "base", home / "adapter", home / "results" / "out")
    (home / "results").mkdir()  # the drive's place, without the drive
    the(check(wanted).findings, Code.LEFTOVER_OUT_OF_REACH)
    [left] = find_leftovers(wanted.output)
    remove(left)
    assert Code.LEFTOVER_OUT_OF_REACH not in {one.code for one in check(wanted).findings}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", ["base", "adapter"])
def test_input_is_moved(name: str, stage: Stage, home: Path) -> None:
    report = merge_and_at(stage, lambda: (home / name).rename(home / "moved"), home)
    if stage is Stage.PUBLISH:
        assert report.status is MergeStatus.MERGED, "all was read, proved and compared by then"
        return
    assert report.status is MergeStatus.FAILED
    assert_says(the(report.findings, Code.INPUT_GONE), Severity.ERROR, str(home / name), "no longer there")
    the(report.findings, Code.NOTHING_KEPT)
    assert everything(home / "results") == set()


@pytest.fixture
def drive(home: Path) -> Iterator[Path]:
    """A drive that can be unplugged."""
    folder = home / "drive"
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount or "", "-t", "tmpfs", "-o", "size=1g", "tmpfs", str(folder)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield folder
    while os.path.ismount(folder):
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_drive_of_base_and_output_is_unplugged(home: Path, drive: Path) -> None:
    before = contents(home / "base")
    shutil.copytree(home / "base", drive / "base")

    def unplug() -> None:
        subprocess.run(["umount", "-l", str(drive)], check=True)

    def report(progress: Progress) -> None:
        if progress.stage is Stage.VERIFY and os.path.ismount(drive):
            unplug()

    done = merge(request(drive / "base", home / "adapter", drive / "out"), report, CancelToken())
    assert done.status is MergeStatus.FAILED
    the(done.findings, Code.INPUT_GONE)
    assert not {Code.NOTHING_KEPT, Code.INTERNAL} & {one.code for one in done.findings}
    the(done.findings, Code.LEFTOVER_OUT_OF_REACH)
    assert contents(home / "base") == before
