"""Commands that are given a name on a hub in the place of a folder, and those that are only for hubs."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest
from folders import make_lora, make_model, read_json
from hub_environment import ADAPTER, MODEL, hub
from loopback_hub import TOKEN, LoopbackHub
from typer.testing import CliRunner, Result

from mergedesk.cli import commands as cli
from mergedesk.inspection.inspect_folder import inspect_folder

__all__ = ["hub"]
pytestmark = pytest.mark.slow


def run(*arguments: object, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def weights_asked(hub: LoopbackHub) -> int:
    return sum(asked.range is None for asked in hub.requests_for("model.safetensors"))


def test_inspect_tells_what_it_is_and_downloads_nothing(hub: LoopbackHub, tmp_path: Path) -> None:
    result = run("inspect", MODEL)
    assert result.exit_code == 0
    for said in ("LlamaForCausalLM", "apache-2.0", "To download:", MODEL):
        assert said in result.stdout
    assert not list(tmp_path.rglob("snapshots"))
    assert not weights_asked(hub)


def test_inspect_json_says_the_same_with_more(hub: LoopbackHub) -> None:
    told = json.loads(run("inspect", f"{hub.url}/{MODEL}/tree/main", "--json").stdout)
    local = json.loads(run("inspect", hub.folder(MODEL), "--json").stdout)
    same = local.keys() - {"path", "findings"}
    assert {name: told[name] for name in same} == {name: local[name] for name in same}
    assert (told["licence"], told["gated"], told["folder"]) == ("apache-2.0", False, None)


def test_inspect_of_an_adapter_offers_its_base(hub: LoopbackHub, tmp_path: Path) -> None:
    for what in (ADAPTER, make_lora(tmp_path / "far" / "lora", base_model_name_or_path=MODEL)):
        assert f"mergedesk download {MODEL}" in run("inspect", what).stdout
    run("download", MODEL)
    assert "mergedesk download" not in run("inspect", ADAPTER).stdout


def test_inspect_of_what_is_not_there(hub: LoopbackHub) -> None:
    result = run("inspect", "acme/nothing", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["findings"][0]["code"] == "hub_not_found"
    assert json.loads(result.stdout)["kind"] == "missing"


def test_what_names_no_model_is_refused_as_a_name(hub: LoopbackHub, tmp_path: Path) -> None:
    asked = (("inspect",), ("usage",), ("check", "--adapter", tmp_path, "--base"), ("download",))
    for wrong, code in (("hf://acme/../../etc", "hub_name_wrong"), ("hf://datasets/acme/x", "hub_is_dataset")):
        for command in asked:
            result = run(*command, wrong, "--json")
            assert result.exit_code == 1
            assert json.loads(result.stdout)["findings"][0]["code"] == code
    assert not hub.asked


def test_a_folder_of_that_name_wins(hub: LoopbackHub, tmp_path: Path) -> None:
    make_lora(tmp_path / MODEL)
    assert json.loads(run("inspect", MODEL, "--json").stdout)["kind"] == "adapter"
    assert not hub.asked


def test_download(hub: LoopbackHub) -> None:
    hub.revisions[MODEL] = {"v1"}
    told = json.loads(run("download", MODEL, "--revision", "v1", "--json").stdout)
    assert inspect_folder(Path(told["path"])).class_name == "LlamaForCausalLM"
    assert (Path(told["path"]).parents[1] / "refs" / "v1").is_file()
    result = run("download", f"hf://{MODEL}@v2")
    assert result.exit_code == 1
    assert "v2" in result.stderr
    assert run("download", "no name").exit_code == 1


def test_a_password_of_the_hub_s_address_is_not_printed(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.url.replace("http://", "http://anna:geheim1@"))
    said = [run("download", MODEL), run("inspect", MODEL), run("inspect", "acme/nothing", "--json")]
    assert [result.exit_code for result in said] == [0, 0, 1]
    assert f"from {hub.url.removeprefix('http://')}" in said[0].stderr
    assert not any(part in result.output for result in said for part in ("anna", "geheim1"))


def test_a_merge_of_names_is_the_merge_of_the_folders(hub: LoopbackHub, tmp_path: Path) -> None:
    result = run("merge", "--base", MODEL, "--adapter", f"hf://{ADAPTER}=0.5", "--output", tmp_path / "a", "--json")
    assert result.exit_code == 0, result.stderr
    assert f"Downloading {MODEL}" in result.stderr
    assert json.loads(result.stdout)["status"] == "merged"
    folders = ("--base", hub.folder(MODEL), "--adapter", f"{hub.folder(ADAPTER)}=0.5")
    assert run("merge", *folders, "--output", tmp_path / "b").exit_code == 0
    name = "model.safetensors"
    assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert read_json(tmp_path / "a" / "mergedesk-report.json")["status"] == "merged"
    assert run("verify", "--base", MODEL, "--adapter", f"{ADAPTER}=0.5", "--merged", tmp_path / "a").exit_code == 0


def test_a_model_of_a_hub_is_nowhere_called_by_its_snapshot(hub: LoopbackHub, tmp_path: Path) -> None:
    commits = [hub.commit(name) for name in (MODEL, ADAPTER)]
    result = run("merge", "--base", MODEL, "--adapter", ADAPTER, "--output", tmp_path / "a")
    assert f"1 × {ADAPTER}" in result.stdout
    written = (tmp_path / "a" / "mergedesk-report.json").read_text() + (tmp_path / "a" / "README.md").read_text()
    swapped = run("check", "--base", ADAPTER, "--adapter", MODEL)
    for said in (result.stdout, written, swapped.output):
        assert not any(commit in said for commit in commits)
    assert ADAPTER in swapped.output
    for name, commit in zip((MODEL, ADAPTER), commits, strict=True):
        said = run("usage", name).stdout
        assert name.rpartition("/")[2] in said
        assert not re.search(rf"(?<!snapshots/){commit}", said)


def test_check_and_usage(hub: LoopbackHub) -> None:
    assert run("check", "--base", MODEL, "--adapter", ADAPTER).exit_code == 0
    assert run("usage", MODEL).exit_code == 0


def test_a_wrong_option_is_told_before_anything_is_asked(hub: LoopbackHub, tmp_path: Path) -> None:
    given = ("--base", MODEL, "--adapter", ADAPTER, "--output", tmp_path / "a", "--density", "0.5")
    assert run("merge", *given).exit_code == 2
    assert not hub.asked


def test_a_merge_whose_base_cannot_be_had(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.gated.add(MODEL)
    result = run("merge", "--base", MODEL, "--adapter", ADAPTER, "--output", tmp_path / "a", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["status"], told["findings"][0]["code"]) == ("failed", "hub_gated")
    assert not (tmp_path / "a").exists()


def test_nothing_is_downloaded_for_an_output_that_cannot_be(hub: LoopbackHub, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "notes.txt").write_text("mine")
    result = run("merge", "--base", MODEL, "--adapter", ADAPTER, "--output", tmp_path / "a", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["findings"][0]["code"] == "output_not_empty"
    assert not hub.asked


def test_offline_what_was_downloaded_is_merged(
    hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("download", MODEL)
    run("download", ADAPTER)
    asked = len(hub.asked)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert run("merge", "--base", MODEL, "--adapter", ADAPTER, "--output", tmp_path / "a").exit_code == 0
    assert run("inspect", "acme/other").exit_code == 1
    assert len(hub.asked) == asked


def test_push_shows_the_card_and_asks(hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    model = make_model(tmp_path / "merged", _name_or_path="/home/anna/base")
    (model / "README.md").write_text("# My own card\n")
    result = run("push", model, "me/merged")
    assert result.exit_code == 2
    assert "# My own card" in result.stderr
    assert not hub.created
    told = json.loads(run("push", model, "me/merged", "--yes", "--json").stdout)
    assert (told["status"], told["private"]) == ("pushed", True)
    assert [finding["code"] for finding in told["findings"]] == ["hub_paths_replaced"]
    assert hub.created[0]["visibility"] == "private"
    assert {file["name"] for file in told["files"]} == {"README.md", "config.json", "model.safetensors"}
    shown = run("push", model, "--repo", "me/merged", "--public", "--yes")
    assert shown.exit_code == 0
    assert f"{hub.url}/me/merged" in shown.stdout


def test_push_names_its_troubles(hub: LoopbackHub, tmp_path: Path) -> None:
    model = make_model(tmp_path / "merged")
    for arguments, code in (
        ((model, "me/merged"), "hub_no_token"),
        ((model, "merged"), "hub_name_wrong"),
        ((tmp_path / "gone", "me/merged"), "folder_missing"),
    ):
        told = json.loads(run("push", *arguments, "--yes", "--json").stdout)
        assert told["findings"][0]["code"] == code
    assert run("push", model).exit_code == 2
    assert run("push", model, "me/a", "--repo", "me/b").exit_code == 2


def test_a_token_is_in_nothing_that_is_said_or_written(
    hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Not where it is taken, not where it is refused, not where a server says what nobody expects."""
    caplog.set_level(logging.DEBUG)
    model = make_model(tmp_path / "merged")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    said = [run("login", stdin=f"{TOKEN}\n")]
    assert said[0].exit_code == 1
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    hub.gated.add(MODEL)
    output = tmp_path / "a"
    said += [run("merge", "--base", MODEL, "--adapter", ADAPTER, "--output", output, "--json"), run("inspect", MODEL)]
    monkeypatch.delenv("HF_HUB_OFFLINE")  # a merge keeps its process offline from then on
    for status in (None, 401, 403, 418):
        hub.refuses_uploads = status
        said.append(run("push", model, "me/merged", "--yes", "--json"))
    assert [result.exit_code for result in said[1:]] == [0, 0, 0, 1, 1, 1]
    assert TOKEN not in "".join(result.output for result in said) + caplog.text
    asked = [asked for asked in hub.asked if asked.with_token]
    assert asked
    written = [file for file in tmp_path.rglob("*") if file.is_file() and file.stat().st_size < 5_000_000]
    assert not [file for file in written if TOKEN.encode() in file.read_bytes()]
