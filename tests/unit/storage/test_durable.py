"""What is synced, by which call, and what is told where the disk refuses."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from mergedesk.storage import durable
from mergedesk.storage.durable import start_writeback, sync_file, sync_folder, sync_tree
from mergedesk.storage.exchange import exchange

posix = pytest.mark.skipif(sys.platform == "win32", reason="folders are not synced there")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "deep").write_text("x")
    (tmp_path / "a" / "file").write_text("y")
    return tmp_path / "a"


def record(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda number: seen.append(Path(f"/proc/self/fd/{number}").readlink().name))
    return seen


@pytest.mark.skipif(sys.platform != "linux", reason="open files are named in /proc")
def test_every_file_and_then_every_folder(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = record(monkeypatch)
    sync_tree(tree)
    assert sorted(seen[:2]) == ["deep", "file"]
    assert sorted(seen[2:]) == ["a", "b"]


@pytest.mark.skipif(sys.platform != "linux", reason="the flag is made up there")
def test_macs_are_asked_to_empty_the_drive_s_own_memory(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    asked: list[int] = []
    seen = record(monkeypatch)
    monkeypatch.setattr(fcntl, "fcntl", lambda number, what: asked.append(what))
    monkeypatch.setattr(sys, "platform", "darwin")
    sync_file(tree / "file")
    assert (asked, seen) == ([51], [])


@pytest.mark.skipif(sys.platform != "linux", reason="the flag is made up there")
def test_drive_that_knows_no_full_sync_is_synced_the_other_way(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def unknown(number: int, what: int) -> None:
        raise OSError(errno.ENOTSUP, "not supported")

    seen = record(monkeypatch)
    monkeypatch.setattr(fcntl, "fcntl", unknown)
    monkeypatch.setattr(sys, "platform", "darwin")
    sync_file(tree / "file")
    assert seen == ["file"]


@posix
@pytest.mark.parametrize(("number", "told"), [(errno.EIO, True), (errno.ENOSPC, True), (errno.EINVAL, False)])
def test_trouble_with_a_folder(number: int, told: bool, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(descriptor: int) -> None:
        raise OSError(number, "trouble")

    monkeypatch.setattr(os, "fsync", fails)
    if told:
        with pytest.raises(OSError, match="trouble") as caught:
            sync_folder(tree)
        assert caught.value.filename == str(tree)
    else:
        sync_folder(tree)


def test_trouble_with_a_file_names_it(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(descriptor: int) -> None:
        raise OSError(errno.EINVAL, "trouble")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="trouble") as caught:
        sync_tree(tree)
    assert caught.value.filename in {str(tree / "file"), str(tree / "b" / "deep")}


def test_each_file_is_a_moment_to_stop(tree: Path) -> None:
    def stop() -> None:
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        sync_tree(tree, stop)


def test_writing_may_be_begun_anywhere(tree: Path) -> None:
    with (tree / "file").open("r+b") as file:
        start_writeback(file.fileno(), 0, 1)
        start_writeback(file.fileno(), 10_000, 1)


def test_system_that_cannot_begin_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "_sync_file_range", lambda: None)
    start_writeback(-1, 0, 1)


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="no such call there")
def test_folders_exchange_names(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"of-{name}").touch()
    assert exchange(tmp_path / "one", tmp_path / "other")
    assert (tmp_path / "one" / "of-other").exists()
    assert (tmp_path / "other" / "of-one").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="no such call there")
def test_exchange_that_fails_says_why(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "one", tmp_path / "absent")
    assert (tmp_path / "one").is_dir()
