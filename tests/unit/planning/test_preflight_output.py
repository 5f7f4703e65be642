"""Where the result may go: never over an input, nor over anything that is not a model."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from folders import assert_says, codes, contents, make_lora, make_model, request, the, write_json

from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.requests import AdapterChoice, CheckRequest
from mergedesk.pipelines.check import check as run_check
from mergedesk.planning.checks.output_folder import existing_parent
from mergedesk.planning.preflight import Preflight


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with ``base`` and ``adapter`` in it."""
    make_model(tmp_path / "base")
    make_lora(tmp_path / "adapter")
    return tmp_path


def check(home: Path, output: Path, overwrite: bool = False) -> Preflight:
    return run_check(request(home / "base", home / "adapter", output, overwrite=overwrite))


def test_new_and_empty_folders_are_fine(home: Path) -> None:
    (home / "empty").mkdir()
    for output in (home / "new", home / "empty", home / "a" / "b" / "c"):
        assert check(home, output).findings == ()
    assert not (home / "new").exists()
    assert not (home / "a").exists()


@pytest.mark.parametrize("output", ["base", "base/inside", "adapter", "adapter/inside/deep", ".", "base/../base"])
def test_overlap_with_an_input(output: str, home: Path) -> None:
    for overwrite in (False, True):
        found = check(home, home / output, overwrite)
        assert_says(the(found.findings, Code.OUTPUT_IS_INPUT), Severity.ERROR, "must stay as it is")
        assert found.refused


def test_link_to_an_input(home: Path) -> None:
    (home / "link").symlink_to(home / "base", target_is_directory=True)
    for output in (home / "link", home / "link" / "inside"):
        assert Code.OUTPUT_IS_INPUT in codes(check(home, output, overwrite=True).findings)


def test_top_of_the_file_system(home: Path) -> None:
    assert Code.OUTPUT_IS_INPUT in codes(check(home, Path("/")).findings)


def test_not_empty(home: Path) -> None:
    make_model(home / "old")
    finding = the(check(home, home / "old").findings, Code.OUTPUT_NOT_EMPTY)
    assert_says(finding, Severity.ERROR, str(home / "old"), "replaced")


@pytest.mark.parametrize("make", [make_model, make_lora])
def test_overwriting_a_model_or_an_adapter(make: object, home: Path) -> None:
    assert callable(make)
    make(home / "old")
    found = check(home, home / "old", overwrite=True)
    assert_says(the(found.findings, Code.OUTPUT_WILL_BE_REPLACED), Severity.INFO, "verified")
    assert not found.refused


def test_overwriting_what_this_program_made(home: Path) -> None:
    write_json(home / "old" / "mergedesk-report.json", {})
    assert not check(home, home / "old", overwrite=True).refused


def test_overwriting_other_things(home: Path) -> None:
    folders = {
        "photos": ["holiday.jpg"],
        "project": ["config.json", "src/main.js"],
        "run": ["config.json", "checkpoint-5/adapter_config.json"],
    }
    for name, files in folders.items():
        for file in files:
            write_json(home / name / file, {})
        found = check(home, home / name, overwrite=True)
        assert_says(the(found.findings, Code.OUTPUT_NOT_REPLACEABLE), Severity.ERROR, name)


@pytest.mark.parametrize("stray", ["checkpoint-5/adapter_config.json", ".git/config"])
def test_overwriting_a_model_that_holds_more(stray: str, home: Path) -> None:
    write_json(make_model(home / "old") / stray, {})
    assert Code.OUTPUT_NOT_REPLACEABLE in codes(check(home, home / "old", overwrite=True).findings)


def test_file_in_the_way(home: Path) -> None:
    (home / "file").write_text("", encoding="utf-8")
    for output in (home / "file", home / "file" / "under" / "it"):
        finding = the(check(home, output, overwrite=True).findings, Code.OUTPUT_NOT_WRITABLE)
        assert_says(finding, Severity.ERROR, str(home / "file"))


def test_no_right_to_write(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != home and real(path, mode))
    finding = the(check(home, home / "new").findings, Code.OUTPUT_NOT_WRITABLE)
    assert_says(finding, Severity.ERROR, str(home))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_no_right_to_write_for_real(home: Path) -> None:
    (home / "locked").mkdir(mode=0o500)
    assert Code.OUTPUT_NOT_WRITABLE in codes(check(home, home / "locked" / "new").findings)


def test_unreadable_output(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.iterdir

    def refuse(folder: Path) -> Iterator[Path]:
        if folder.name == "old":
            raise PermissionError(13, "Permission denied")
        return real(folder)

    (home / "old").mkdir()
    monkeypatch.setattr(Path, "iterdir", refuse)
    assert Code.OUTPUT_NOT_WRITABLE in codes(check(home, home / "old").findings)


@pytest.mark.parametrize("name", ["x" * 5000, "null\0byte"])
def test_names_that_no_system_takes(name: str, home: Path) -> None:
    assert Code.OUTPUT_NOT_WRITABLE in codes(check(home, home / name).findings)


def test_links_in_a_circle(home: Path) -> None:
    (home / "one").symlink_to(home / "two")
    (home / "two").symlink_to(home / "one")
    assert Code.OUTPUT_NOT_WRITABLE in codes(check(home, home / "one").findings)


def test_drive_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "exists", lambda _: False)
    gone = Path("/gone/at/all")
    assert existing_parent(gone) == gone


def test_the_folder_one_is_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``Path(".")`` is a mount to Python 3.11, its parent being itself."""
    (home / "here").mkdir()
    monkeypatch.chdir(home / "here")
    assert check(home, Path()).findings == ()
    assert run_check(CheckRequest(Path("../base"), (AdapterChoice(Path("../adapter")),), Path())).findings == ()


def test_top_of_a_drive(home: Path) -> None:
    drive = home / "drive"
    drive.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(drive)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        assert_says(the(check(home, drive).findings, Code.OUTPUT_IS_DRIVE), Severity.ERROR, str(drive))
        full = the(check(home, drive / "new").findings, Code.DISK_FULL)
        assert_says(full, Severity.ERROR, str(drive), "1.05 MB is free")
    finally:
        # What tries the disk's speed may have a file open there for a moment still.
        subprocess.run(["umount", "--lazy", str(drive)], check=True)


def test_no_output_is_a_check_without_one(home: Path) -> None:
    found = run_check(CheckRequest(home / "base", request(home / "base", home / "adapter").adapters))
    assert (found.findings, found.free_bytes) == ((), None)


def test_a_check_leaves_everything_as_it_was(home: Path) -> None:
    before = contents(home)
    check(home, home / "new" / "deep")
    assert contents(home) == before
    assert not (home / "new").exists()
