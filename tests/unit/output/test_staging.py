"""A folder takes its name whole or not at all, and leaves nothing behind."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from pathlib import Path

import pytest
from folders import assert_says, contents, everything

from mergedesk.domain.findings import Code, Severity, UserError
from mergedesk.domain.progress import Cancelled
from mergedesk.output import staging as staging_module
from mergedesk.output.leftovers import put_back_set_aside
from mergedesk.output.staging import Staging, staged


def fill(staging: Staging, text: str = "new") -> None:
    (staging.folder / "1_Pooling").mkdir()
    (staging.folder / "1_Pooling" / "config.json").write_text(text, encoding="utf-8")
    (staging.folder / "weights").write_text(text, encoding="utf-8")


def publish(output: Path, overwrite: bool) -> None:
    """Fill a staging folder and publish it."""
    with staged(output) as staging:
        fill(staging)
        staging.publish(overwrite)


def stop_within(output: Path, trouble: BaseException) -> None:
    """Fill a staging folder, and then something happens."""
    with staged(output) as staging:
        fill(staging)
        raise trouble


def make(folder: Path, text: str = "old") -> Path:
    folder.mkdir(parents=True)
    (folder / "weights").write_text(text, encoding="utf-8")
    return folder


def test_staging_is_a_hidden_sibling(tmp_path: Path) -> None:
    with staged(tmp_path / "out") as staging:
        assert staging.folder.parent == staging.home.path
        assert staging.home.path.parent == tmp_path
        assert re.fullmatch(r"\.mergedesk-[0-9a-f]{8}", staging.home.path.name)
        assert not (tmp_path / "out").exists()


def test_publish(tmp_path: Path) -> None:
    with staged(tmp_path / "out") as staging:
        fill(staging)
        staging.publish(False)
    assert everything(tmp_path) == {"out", "out/weights", "out/1_Pooling", "out/1_Pooling/config.json"}


@pytest.mark.parametrize("trouble", [Cancelled(), UserError(Code.NOT_FINITE, tensor="x"), KeyboardInterrupt()])
def test_vanishes_on_failure_with_the_parents_it_made(trouble: BaseException, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(type(trouble)):
        stop_within(tmp_path / "there" / "a" / "b" / "out", trouble)
    assert everything(tmp_path) == {"there"}


def test_parents_stay_where_someone_else_used_them(tmp_path: Path) -> None:
    with staged(tmp_path / "a" / "b" / "out") as staging:
        fill(staging)
        make(tmp_path / "a" / "mine")
    assert everything(tmp_path) == {"a", "a/mine", "a/mine/weights"}


def test_parents_stay_once_published(tmp_path: Path) -> None:
    with staged(tmp_path / "a" / "b" / "out") as staging:
        fill(staging)
        staging.publish(False)
    assert (tmp_path / "a" / "b" / "out" / "weights").is_file()


def test_parents_vanish_where_the_folder_itself_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught, staged(tmp_path / "a" / ("x" * 300) / "out"):
        pytest.fail("no such folder can be made")
    assert caught.value.code is Code.WRITE_FAILED
    assert everything(tmp_path) == set()


def test_publish_over_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with staged(tmp_path / "out") as staging:
        fill(staging)
        staging.publish(False)
    assert (tmp_path / "out" / "weights").read_text() == "new"


def test_folder_that_filled_meanwhile_is_left_alone(tmp_path: Path) -> None:
    with staged(tmp_path / "out") as staging:
        fill(staging)
        make(tmp_path / "out", "someone else's")
        with pytest.raises(UserError) as caught:
            staging.publish(False)
    assert caught.value.code is Code.OUTPUT_NOT_EMPTY
    assert everything(tmp_path) == {"out", "out/weights"}
    assert (tmp_path / "out" / "weights").read_text() == "someone else's"


def test_overwriting_replaces_all_of_the_old(tmp_path: Path) -> None:
    make(tmp_path / "out" / "gone")
    with staged(tmp_path / "out") as staging:
        fill(staging)
        assert (tmp_path / "out" / "gone").is_dir()
        staging.publish(True)
    assert everything(tmp_path) == {"out", "out/weights", "out/1_Pooling", "out/1_Pooling/config.json"}


@pytest.fixture(params=["exchanged", "renamed"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the system exchanges two folders in one step, and where it cannot."""
    if request.param == "renamed":
        monkeypatch.setattr(staging_module, "exchange", lambda one, other: False)
    elif sys.platform not in ("linux", "darwin"):
        pytest.skip("this system cannot exchange folders")
    return str(request.param)


def break_rename(monkeypatch: pytest.MonkeyPatch, into: Path, times: int = 1) -> None:
    """Moving a folder to its place fails that many times; there is no exchange."""
    real, left = Path.rename, [times]

    def rename(folder: Path, target: Path) -> Path:
        if target == into and left[0]:
            left[0] -= 1
            raise OSError(5, "Input/output error")
        return real(folder, target)

    monkeypatch.setattr(Path, "rename", rename)
    monkeypatch.setattr(staging_module, "exchange", lambda one, other: False)


def test_overwriting_either_way(way: str, tmp_path: Path) -> None:
    make(tmp_path / "out" / "gone")
    publish(tmp_path / "out", True)
    assert everything(tmp_path) == {"out", "out/weights", "out/1_Pooling", "out/1_Pooling/config.json"}


def test_old_folder_comes_back_where_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(make(tmp_path / "out"))
    break_rename(monkeypatch, tmp_path / "out")
    with pytest.raises(UserError) as caught:
        publish(tmp_path / "out", True)
    assert (caught.value.code, caught.value.data["reason"]) == (Code.WRITE_FAILED, "Input/output error")
    assert contents(tmp_path / "out") == before
    assert everything(tmp_path) == {"out", "out/weights"}


def test_old_folder_is_kept_and_told_where_it_cannot_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(make(tmp_path / "out"))
    break_rename(monkeypatch, tmp_path / "out", times=2)
    with pytest.raises(UserError) as caught:
        publish(tmp_path / "out", True)
    assert caught.value.code is Code.OUTPUT_SET_ASIDE
    kept = Path(str(caught.value.data["kept"]))
    assert contents(kept) == before
    assert contents(kept.with_name("model"))["weights"] == hashlib.sha256(b"new").hexdigest()
    monkeypatch.undo()
    [said] = put_back_set_aside(tmp_path / "out")
    assert said.code is Code.OUTPUT_PUT_BACK
    assert contents(tmp_path / "out") == before


def test_folder_that_cannot_be_exchanged_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(one: Path, other: Path) -> bool:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(staging_module, "exchange", fails)
    before = contents(make(tmp_path / "out"))
    with pytest.raises(UserError):
        publish(tmp_path / "out", True)
    assert contents(tmp_path / "out") == before
    assert everything(tmp_path) == {"out", "out/weights"}


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere a folder takes the place of an empty one in one step")
def test_empty_folder_comes_back_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir()
    break_rename(monkeypatch, tmp_path / "out")
    with pytest.raises(UserError):
        publish(tmp_path / "out", False)
    assert everything(tmp_path) == {"out"}


def test_empty_folder_stays_where_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    break_rename(monkeypatch, tmp_path / "out")
    with pytest.raises(UserError):
        publish(tmp_path / "out", False)
    assert everything(tmp_path) == {"out"}


def test_old_folder_is_whole_until_the_new_one_is_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(make(tmp_path / "out"))
    seen: list[tuple[bool, bool]] = []
    real = Path.rename

    def rename(folder: Path, target: Path) -> Path:
        moved = real(folder, target)
        [home] = tmp_path.glob(".mergedesk-*")
        seen.append(
            ((home / "old").is_dir() and contents(home / "old") == before, (tmp_path / "out" / "weights").exists())
        )
        return moved

    monkeypatch.setattr(Path, "rename", rename)
    monkeypatch.setattr(staging_module, "exchange", lambda one, other: False)
    publish(tmp_path / "out", True)
    assert seen[:2] == [(True, False), (True, True)]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(sys.platform != "linux", reason="the system call is Linux's")
def test_output_is_there_at_every_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one rename of the output: the kernel exchanges the two folders."""
    make(tmp_path / "out")
    renamed: list[Path] = []
    monkeypatch.setattr(Path, "rename", lambda folder, target: renamed.append(target))
    publish(tmp_path / "out", True)
    assert renamed == []
    assert (tmp_path / "out" / "weights").read_text() == "new"


@pytest.mark.parametrize("overwrite", [False, True])
def test_everything_is_on_the_disk_before_the_name_is_and_the_name_before_success(
    overwrite: bool, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file, each folder, then the move, then the folder in which the name stands."""
    events: list[str] = []
    real_sync, real_rename, real_exchange = os.fsync, Path.rename, staging_module.exchange

    def sync(descriptor: int) -> None:
        events.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real_sync(descriptor)

    def rename(folder: Path, target: Path) -> Path:
        events.append(f"rename to {target.name}")
        return real_rename(folder, target)

    def exchange(one: Path, other: Path) -> bool:
        done = real_exchange(one, other)
        events.extend([f"rename to {other.name}"] if done else [])
        return done

    output = tmp_path / "parent" / "out"
    make(output) if overwrite else output.parent.mkdir()
    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "rename", rename)
    monkeypatch.setattr(staging_module, "exchange", exchange)
    publish(output, overwrite)
    place = events.index("rename to out")
    assert {"weights", "config.json", "1_Pooling", "model"} <= set(events[:place])
    assert "parent" in events[place:]


def test_parents_that_were_made_are_synced_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(staging_module, "sync_folder", synced.append)
    publish(tmp_path / "a" / "b" / "out", False)
    assert {tmp_path / "a" / "b", tmp_path / "a", tmp_path} <= set(synced)


def test_name_that_the_disk_does_not_confirm_is_told_and_the_result_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(folder: Path) -> None:
        raise OSError(5, "Input/output error")

    with staged(tmp_path / "out") as staging:
        fill(staging)
        monkeypatch.setattr(staging_module, "sync_folder", fails)
        [said] = staging.publish(False)
    assert_says(said, Severity.WARNING, "in place", "Input/output error")
    assert said.code is Code.NAME_NOT_SYNCED
    assert (tmp_path / "out" / "weights").read_text() == "new"


def test_file_that_cannot_be_synced_is_never_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(UserError) as caught:
        publish(tmp_path / "out", False)
    assert caught.value.code is Code.WRITE_FAILED
    assert caught.value.data["file"] in ("weights", "config.json")
    monkeypatch.undo()
    assert everything(tmp_path) == set()


@pytest.mark.parametrize("name", ["m" * 230, "模" * 75, "m" * 255])
def test_name_as_long_as_the_file_system_takes(name: str, tmp_path: Path) -> None:
    publish(tmp_path / name, False)
    publish(tmp_path / name, True)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_link_is_followed_and_stays(tmp_path: Path) -> None:
    for overwrite, target in ((False, tmp_path / "elsewhere" / "empty"), (True, tmp_path / "elsewhere" / "full")):
        target.mkdir(parents=True)
        if overwrite:
            (target / "weights").write_text("old", encoding="utf-8")
        (tmp_path / "link").symlink_to(target, target_is_directory=True)
        with staged(tmp_path / "link") as staging:
            assert staging.home.path.parent == target.parent
            fill(staging)
            staging.publish(overwrite)
        assert (tmp_path / "link").is_symlink()
        assert (target / "weights").read_text() == "new"
        (tmp_path / "link").unlink()
    assert {path.name for path in (tmp_path / "elsewhere").iterdir()} == {"empty", "full"}
