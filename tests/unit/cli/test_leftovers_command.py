"""``mergedesk leftovers``, and what check and merge say of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from folders import everything, make_lora, make_model
from typer.testing import CliRunner, Result

from mergedesk.cli import commands as cli
from mergedesk.output.folder_lock import held
from mergedesk.output.staging_folder import StagingFolder
from mergedesk.output.staging_register import register

LEFT = ".mergedesk-00c0ffee"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_model(tmp_path / "base")
    make_lora(tmp_path / "adapter")
    leave(tmp_path / "results")
    return tmp_path


def leave(folder: Path) -> StagingFolder:
    left = StagingFolder(folder / LEFT)
    left.model.mkdir(parents=True)
    (left.model / "model.safetensors").write_bytes(b"x" * 50_000)
    left.about.write_text(json.dumps({"output": "out"}), encoding="utf-8")
    return left


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def pair(home: Path) -> list[object]:
    return ["--base", home / "base", "--adapter", home / "adapter", "--output", home / "results" / "out"]


def test_listed(home: Path) -> None:
    result = run("leftovers", home / "results")
    assert result.exit_code == 0
    assert str(home / "results" / LEFT) in result.stdout
    assert "kB" in result.stdout
    assert "--remove" in result.stdout
    assert (home / "results" / LEFT).is_dir()


def leave_base(home: Path) -> StagingFolder:
    left = StagingFolder(home / "results" / ".out-base")
    (left.path / "models--acme--wide").mkdir(parents=True)
    (left.path / "models--acme--wide" / "model.safetensors.00001").write_bytes(b"x" * 50_000)
    left.about.write_text(json.dumps({"output": "out", "holds": "base"}), encoding="utf-8")
    return left


def test_pieces_of_a_base_are_listed_and_removed(home: Path) -> None:
    left = leave_base(home)
    others = home / "results" / ".their-base"
    others.mkdir()
    (others / "notes.txt").write_text("mine", encoding="utf-8")
    assert "pieces of its base" in " ".join(run("leftovers", home / "results").stdout.split())
    listed = json.loads(run("leftovers", home / "results", "--remove", "--json").stdout)["leftovers"]
    assert {one["kind"]: one["removed"] for one in listed} == {"base": True, "unfinished": True}
    assert next(one for one in listed if one["kind"] == "base")["bytes"] >= 50_000
    assert not left.path.exists()
    assert (others / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_pieces_of_a_base_are_known_wherever_they_lie(home: Path) -> None:
    left = leave_base(home)
    assert str(left.path) not in run("leftovers").stdout
    register(left)
    assert left.path.name in run("leftovers").stdout
    run("leftovers", "--remove")
    assert not left.path.exists()
    assert left.path.name not in run("leftovers").stdout


def test_pieces_that_are_used_are_no_leftover(home: Path) -> None:
    left = leave_base(home)
    with held(left.path):
        assert left.path.name not in run("leftovers", home / "results", "--remove").stdout
    assert left.path.is_dir()


def test_known_ones_are_found_without_being_told_where(home: Path) -> None:
    assert LEFT not in run("leftovers").stdout
    register(StagingFolder(home / "results" / LEFT))
    assert LEFT in run("leftovers").stdout


def test_nothing_to_list(tmp_path: Path) -> None:
    result = run("leftovers", tmp_path)
    assert (result.exit_code, result.stdout) == (0, "No run that ended early has left anything.\n")


def test_removed(home: Path) -> None:
    result = run("leftovers", home / "results", "--remove")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Removed {home / 'results' / LEFT} (")
    assert everything(home / "results") == set()


def test_for_scripts(home: Path) -> None:
    [told] = json.loads(run("leftovers", home / "results", "--json").stdout)["leftovers"]
    size = told.pop("bytes")
    assert 50_000 <= size < 80_000
    where = {"path": str(home / "results" / LEFT), "output": str(home / "results" / "out")}
    assert told == {**where, "kind": "unfinished", "removed": False}
    [told] = json.loads(run("leftovers", home / "results", "--json", "--remove").stdout)["leftovers"]
    assert told["removed"]


def test_what_cannot_be_removed_is_a_failure(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.rmtree", lambda path: (_ for _ in ()).throw(OSError(5, "Input/output error")))
    result = run("leftovers", home / "results", "--remove")
    assert result.exit_code == 1
    assert "could not be removed completely" in result.stderr


def test_folder_that_was_set_aside_is_put_back_and_said(home: Path) -> None:
    (home / "results" / LEFT / "old").mkdir()
    (home / "results" / LEFT / "old" / "mine").touch()
    result = run("leftovers", home / "results", "--remove")
    assert "back in its place" in result.stdout
    assert everything(home / "results") == {"out", "out/mine"}


@pytest.mark.parametrize("command", ["check", "merge"])
def test_check_and_merge_tell(command: str, home: Path) -> None:
    result = run(command, *pair(home))
    assert result.exit_code == 0
    assert f"left 53.2 kB in {home / 'results' / LEFT}" in result.stdout or LEFT in result.stdout
    assert (home / "results" / LEFT / "model").is_dir()


def test_merge_that_goes_on(home: Path) -> None:
    result = run("merge", *pair(home), "--resume", "--json")
    assert result.exit_code == 0
    assert "resume_nothing" in {one["code"] for one in json.loads(result.stdout)["findings"]}
    assert LEFT not in everything(home / "results")
