"""``mergedesk export`` and ``merge --output-format``: what they print, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from folders import read_json
from tiny_models import make_adapter, make_base
from typer.testing import CliRunner, Result

from mergedesk.cli.commands import app


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plain")
    make_base("llama", folder / "base", "bfloat16", hidden_size=64, intermediate_size=128)
    make_adapter("llama", folder / "base", folder / "adapter")
    return folder


def ran(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_model_is_packed_and_told(plain: Path, tmp_path: Path) -> None:
    """The class is asked in a process of its own, as always."""
    done = ran("export", plain / "base", "--to", "int4", "--group-size", "32", "--output", tmp_path / "out", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["status"] == "exported"
    assert told["form"] == "int4-32"
    assert {one["name"]: one["bytes"] for one in told["files"]} == {
        one.name: one.stat().st_size for one in (tmp_path / "out").iterdir()
    }
    assert told["total_bytes"] == sum(one["bytes"] for one in told["files"])
    assert all(0 < module["loss"] < 0.3 for module in told["modules"])
    beside = (tmp_path / "out" / "mergedesk-export.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in beside
    assert json.loads(beside)["modules"] == told["modules"]
    again = ran("export", plain / "base", "--to", "fp8", "--output", tmp_path / "out")
    assert again.exit_code == 3, again.output


def test_a_merge_is_packed_in_one_pass(plain: Path, tmp_path: Path) -> None:
    given = ("merge", "--base", plain / "base", "--adapter", plain / "adapter", "--output", tmp_path / "out")
    refused = ran(*given, "--output-format", "fp8", "--precision", "float32")
    assert refused.exit_code == 2
    assert "--precision has no meaning" in refused.output
    done = ran(*given, "--output-format", "fp8", "--scales", "block", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["status"] == "merged"
    assert told["options"]["output_format"] == "fp8-block"
    weights = read_json(tmp_path / "out" / "config.json")["quantization_config"]["config_groups"]["group_0"]["weights"]
    assert weights["block_structure"] == [128, 128]
    assert (tmp_path / "out" / "README.md").is_file()


def test_a_result_that_is_not_loaded_says_why_in_one_sentence(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mergedesk.pipelines.packed_load.find_spec", lambda _name: None)
    given = ("merge", "--base", plain / "base", "--adapter", plain / "adapter", "--output", tmp_path / "out")
    done = ran(*given, "--output-format", "fp8")
    assert done.exit_code == 0, done.output
    said = [line for line in done.stdout.splitlines() if "not loaded" in line or "→" in line]
    assert len(said) == 1, done.stdout
    assert said[0].startswith("The result was not loaded to try it: Loading packed weights takes the library")
