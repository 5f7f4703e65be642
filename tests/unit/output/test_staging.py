"""A folder takes its name whole or not at all, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from folders import contents, everything

from mergedesk.domain.findings import Code, UserError
from mergedesk.domain.progress import Cancelled
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


def dead_pid() -> int:
    """A process number that was in use and is no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        return process.pid


def prefix_of(output: Path) -> str:
    with staged(output) as staging:
        return staging.folder.name.partition(str(os.getpid()))[0]


def test_staging_is_a_hidden_sibling(tmp_path: Path) -> None:
    with staged(tmp_path / "out") as staging:
        assert staging.folder.parent == tmp_path
        assert staging.folder.name.startswith(".out.mergedesk-")
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
    with pytest.raises(UserError) as caught, staged(tmp_path / "a" / ("x" * 250)):
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


def break_rename(monkeypatch: pytest.MonkeyPatch, into: Path) -> None:
    """Moving the new folder into its place fails; moving anything else works."""
    real = Path.rename

    def rename(folder: Path, target: Path) -> Path:
        if target == into and not folder.name.endswith("-old"):
            raise OSError(5, "Input/output error")
        return real(folder, target)

    monkeypatch.setattr(Path, "rename", rename)


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


def test_empty_folder_comes_back_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
        old = [path for path in tmp_path.iterdir() if path.name.endswith("-old")]
        seen.append((contents(old[0]) == before, (tmp_path / "out" / "weights").exists()))
        return moved

    monkeypatch.setattr(Path, "rename", rename)
    with staged(tmp_path / "out") as staging:
        fill(staging)
        staging.publish(True)
    assert seen == [(True, False), (True, True)]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_link_is_followed_and_stays(tmp_path: Path) -> None:
    for overwrite, target in ((False, tmp_path / "elsewhere" / "empty"), (True, tmp_path / "elsewhere" / "full")):
        target.mkdir(parents=True)
        if overwrite:
            (target / "weights").write_text("old", encoding="utf-8")
        (tmp_path / "link").symlink_to(target, target_is_directory=True)
        with staged(tmp_path / "link") as staging:
            assert staging.folder.parent == target.parent
            fill(staging)
            staging.publish(overwrite)
        assert (tmp_path / "link").is_symlink()
        assert (target / "weights").read_text() == "new"
        (tmp_path / "link").unlink()
    assert {path.name for path in (tmp_path / "elsewhere").iterdir()} == {"empty", "full"}


def test_what_dead_processes_left_is_removed_and_what_living_ones_use_is_kept(tmp_path: Path) -> None:
    prefix = prefix_of(tmp_path / "out")
    abandoned = make(tmp_path / f"{prefix}{dead_pid()}-0123ab")
    alive = make(tmp_path / f"{prefix}{os.getpid()}-0123ab")
    elsewhere = make(tmp_path / f"{prefix.replace('mergedesk-', 'mergedesk-otherhost')}{dead_pid()}-0123ab")
    other_output = make(tmp_path / f"{prefix.replace('.out.', '.out2.')}{dead_pid()}-0123ab")
    similar = make(tmp_path / f"{prefix}{dead_pid()}-notes")
    with staged(tmp_path / "out"):
        assert not abandoned.exists()
        assert alive.exists()
        assert elsewhere.exists()
        assert other_output.exists()
        assert similar.exists()


def test_old_folder_of_a_dead_process_is_removed_only_once_it_is_replaced(tmp_path: Path) -> None:
    old = make(tmp_path / f"{prefix_of(tmp_path / 'out')}{dead_pid()}-0123ab-old")
    with staged(tmp_path / "out") as staging:
        assert old.exists()
        fill(staging)
        staging.publish(False)
    assert old.exists()
    with staged(tmp_path / "out"):
        assert not old.exists()
