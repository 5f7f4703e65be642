"""What an ended run left is found, told with its size, put back, gone on with or removed; a living run's is not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from folders import assert_says, contents, everything

from mergedesk.checkpoints.files import REPORT
from mergedesk.domain.findings import Code, Severity, UserError
from mergedesk.output import staging as staging_module
from mergedesk.output.folder_lock import held, is_held
from mergedesk.output.leftovers import (
    LeftoverKind,
    find_leftovers,
    leftover_findings,
    put_back_set_aside,
    remove,
    remove_left_by,
    remove_spent,
    resumable,
)
from mergedesk.output.staging import staged
from mergedesk.output.staging_folder import StagingFolder
from mergedesk.output.staging_register import out_of_reach, register, registered

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="processes are ended by a signal")


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    monkeypatch.setattr("mergedesk.output.staging_register.register_folder", lambda: folder / "staging")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where outputs lie."""
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


def leave(output: Path, *, replacing: bool = False, number: str = "00c0ffee") -> StagingFolder:
    """What a run leaves that is ended while it writes."""
    home = StagingFolder(output.with_name(f".mergedesk-{number}"))
    home.model.mkdir(parents=True)
    (home.path / "lock").touch()
    home.about.write_text(json.dumps({"output": output.name, "parents": 0, "process": 4194305}), encoding="utf-8")
    (home.model / "weights").write_bytes(b"w" * 10_000)
    (home.model / REPORT).write_text("the new one", encoding="utf-8")
    if replacing:
        home.publishing.write_text(json.dumps({"report": staging_module.report_digest(home.model)}), encoding="utf-8")
    return home


def old_model(folder: Path) -> dict[str, str]:
    folder.mkdir(parents=True)
    (folder / "weights").write_text("old", encoding="utf-8")
    (folder / REPORT).write_text("the old one", encoding="utf-8")
    return contents(folder)


@contextmanager
def another_process_holding(home: StagingFolder) -> Iterator[subprocess.Popen[str]]:
    script = (
        "import sys, time; from pathlib import Path; from mergedesk.output.folder_lock import held\n"
        "with held(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(home.path)], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def test_nothing_is_left_where_nothing_was_ended(place: Path) -> None:
    with staged(place / "out"):
        pass
    assert find_leftovers(place / "out") == []
    assert leftover_findings() == []
    assert everything(place) == set()


def test_unfinished_run_is_told_with_place_and_size(place: Path) -> None:
    home = leave(place / "out")
    [left] = find_leftovers(place / "out")
    assert (left.home, left.kind) == (home, LeftoverKind.UNFINISHED)
    assert 10_000 <= left.nbytes < 40_000
    assert_says(left.finding, Severity.INFO, str(home.path), "kB", "mergedesk leftovers --remove")
    assert left.finding.code is Code.LEFTOVER_UNFINISHED


def test_size_is_what_it_takes_and_not_what_it_would_have_taken(place: Path) -> None:
    home = leave(place / "out")
    with (home.model / "preallocated").open("wb") as file:
        file.truncate(1 << 30)
    [left] = find_leftovers(place / "out")
    assert left.nbytes < 1 << 20


@needs_signals
def test_what_a_living_run_uses_is_no_leftover_until_it_is_killed(place: Path) -> None:
    home = leave(place / "out")
    with another_process_holding(home) as process:
        assert is_held(home.path)
        assert find_leftovers(place / "out") == []
        assert resumable(place / "out") is None
        with pytest.raises(UserError) as caught, staged(place / "out", home):
            pytest.fail("it is another's")
        assert caught.value.code is Code.STAGING_IN_USE
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert [left.home for left in find_leftovers(place / "out")] == [home]


def test_process_number_decides_nothing(place: Path) -> None:
    """A living process of another namespace may have any number, and a dead one's may be in use again."""
    home = leave(place / "out")
    home.about.write_text(json.dumps({"output": "out", "process": os.getpid()}), encoding="utf-8")
    assert [left.home for left in find_leftovers(place / "out")] == [home]


def test_run_that_starts_leaves_others_alone(place: Path) -> None:
    home = leave(place / "out")
    before = contents(home.path)
    with staged(place / "out") as staging:
        assert staging.home != home
    assert contents(home.path) == before


def test_own_of_other_places_are_found_through_the_register(place: Path, tmp_path: Path) -> None:
    home = leave(place / "out")
    register(home)
    assert [left.home for left in find_leftovers()] == [home]
    assert [left.home for left in find_leftovers(tmp_path / "elsewhere" / "out")] == [home]
    assert [left.home for left in find_leftovers(place / "out")] == [home]


def test_register_forgets_what_is_gone_but_not_what_is_on_a_drive_that_is_away(place: Path, tmp_path: Path) -> None:
    gone, away = StagingFolder(place / ".mergedesk-00000001"), StagingFolder(tmp_path / "drive" / ".mergedesk-00000002")
    away.path.mkdir(parents=True)
    register(gone)
    register(away)
    assert list(registered()) == [away]
    assert list(out_of_reach()) == []
    away.path.parent.rename(tmp_path / "unplugged")
    (tmp_path / "drive").mkdir()
    assert list(registered()) == []
    assert list(out_of_reach()) == [away]
    (tmp_path / "drive").rmdir()
    assert list(out_of_reach()) == [away]
    (tmp_path / "unplugged").rename(tmp_path / "drive")
    assert list(registered()) == [away]


def test_register_that_cannot_be_written_stops_nothing(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("mergedesk.output.staging_register.register_folder", lambda: tmp_path / "file" / "staging")
    with staged(place / "out") as staging:
        (staging.folder / "weights").touch()
        staging.publish(False)
    assert everything(place) == {"out", "out/weights"}


def test_removal(place: Path) -> None:
    leave(place / "out")
    [left] = find_leftovers(place / "out")
    remove(left)
    assert everything(place) == set()


def test_removal_takes_the_parents_that_were_made_for_it(place: Path) -> None:
    home = leave(place / "a" / "b" / "out")
    home.about.write_text(json.dumps({"output": "out", "parents": 2}), encoding="utf-8")
    [left] = find_leftovers(place / "a" / "b" / "out")
    remove(left)
    assert everything(place) == set()


@needs_signals
def test_removal_leaves_what_another_process_has_taken_up(place: Path) -> None:
    home = leave(place / "out")
    [left] = find_leftovers(place / "out")
    before = contents(home.model)
    with another_process_holding(home):
        with pytest.raises(UserError) as caught:
            remove(left)
        assert caught.value.code is Code.STAGING_IN_USE
        assert contents(home.model) == before


def test_removal_that_fails_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = leave(place / "out")
    [left] = find_leftovers(place / "out")

    def fails(path: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("shutil.rmtree", fails)
    with pytest.raises(UserError) as caught:
        remove(left)
    assert caught.value.code is Code.LEFTOVER_NOT_REMOVED
    assert (home.model / "weights").exists()


def test_replaced_folder_that_could_not_be_removed_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_model(place / "out")
    monkeypatch.setattr("shutil.rmtree", lambda path: (_ for _ in ()).throw(OSError(5, "Input/output error")))
    with staged(place / "out") as staging:
        (staging.folder / REPORT).write_text("the new one", encoding="utf-8")
        staging.publish(True)
    [said] = leftover_findings(place / "out")
    assert said.code is Code.LEFTOVER_REPLACED
    assert_says(said, Severity.INFO, str(place / "out"))
    assert (place / "out" / REPORT).read_text() == "the new one"


def test_killed_between_the_two_renames_the_old_folder_is_put_back_and_the_new_one_kept(place: Path) -> None:
    before = old_model(place / "out")
    home = leave(place / "out", replacing=True)
    new = contents(home.model)
    (place / "out").rename(home.old)
    [said] = put_back_set_aside(place / "out")
    assert_says(said, Severity.INFO, str(place / "out"), "back in its place", str(home.path))
    assert contents(place / "out") == before
    assert contents(home.model) == new
    [left] = find_leftovers(place / "out")
    assert left.kind is LeftoverKind.UNFINISHED
    assert put_back_set_aside(place / "out") == []


@needs_signals
def test_folder_that_a_living_run_has_set_aside_is_left_to_it(place: Path) -> None:
    old_model(place / "out")
    home = leave(place / "out", replacing=True)
    with another_process_holding(home):
        (place / "out").rename(home.old)
        assert put_back_set_aside(place / "out") == []
        assert home.old.is_dir()


def test_set_aside_folder_whose_name_is_taken_is_told_and_never_removed(place: Path) -> None:
    before = old_model(place / "out")
    home = leave(place / "out", replacing=True)
    (place / "out").rename(home.old)
    (place / "out").mkdir()
    (place / "out" / "mine").touch()
    assert put_back_set_aside(place / "out") == []
    [left] = find_leftovers(place / "out")
    assert left.kind is LeftoverKind.SET_ASIDE
    assert_says(left.finding, Severity.WARNING, str(home.old))
    remove_left_by(place / "out", 4194305, keeps_work=False)
    assert contents(home.old) == before


@pytest.mark.parametrize("exchanged", [True, False])
def test_killed_after_the_move_what_was_replaced_is_told_as_that(exchanged: bool, place: Path) -> None:
    old_model(place / "out")
    home = leave(place / "out", replacing=True)
    (place / "out").rename(home.old)
    home.model.rename(place / "out")
    if exchanged:
        home.old.rename(home.model)
    assert put_back_set_aside(place / "out") == []
    [left] = find_leftovers(place / "out")
    assert left.kind is LeftoverKind.REPLACED
    assert resumable(place / "out") is None
    remove(left)
    assert [path.name for path in place.iterdir()] == ["out"]
    assert (place / "out" / REPORT).read_text() == "the new one"


def test_folder_of_a_run_killed_before_it_said_whose_it_is(place: Path) -> None:
    home = StagingFolder(place / ".mergedesk-0badf00d")
    home.path.mkdir()
    [left] = find_leftovers(place / "out")
    assert (left.home.output, left.kind) == (None, LeftoverKind.UNFINISHED)
    assert_says(left.finding, Severity.INFO, str(home.path))
    remove_spent(place / "out")
    assert everything(place) == set()


def test_similar_names_are_none_of_ours(place: Path) -> None:
    for name in (".mergedesk-notes", ".mergedesk-00c0ffee.txt", "mergedesk-00c0ffee", ".mergedesk-00c0ffee1"):
        (place / name).mkdir()
    (place / ".mergedesk-00c0ffee").touch()
    assert find_leftovers(place / "out") == []


def test_worker_that_ended_is_tidied_up_after_and_no_other(place: Path) -> None:
    old_model(place / "out")
    mine, other = leave(place / "out", number="00000001"), leave(place / "out", number="00000002")
    other.about.write_text(json.dumps({"output": "out", "process": 7}), encoding="utf-8")
    (place / "out").rename(mine.old)
    remove_left_by(place / "out", 4194305, keeps_work=False)
    assert (place / "out" / "weights").read_text() == "old"
    assert not mine.path.exists()
    assert other.path.exists()
    remove_left_by(place / "nowhere" / "out", 7, keeps_work=False)


def test_lock_is_for_one_at_a_time(place: Path) -> None:
    home = leave(place / "out")
    assert not is_held(home.path)
    with held(home.path):
        assert is_held(home.path)
    assert not is_held(home.path)
