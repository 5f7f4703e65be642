"""``check --output-format``: what the packed merge would refuse, by the same codes, and how large it will be."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from folders import read_json, write_json
from tiny_models import make_adapter, make_base
from typer.testing import CliRunner, Result

from mergedesk.cli.commands import app


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plain")
    make_base("llama", folder / "base", "bfloat16", hidden_size=64, intermediate_size=128)
    make_adapter("llama", folder / "base", folder / "adapter")
    return folder


def ran(command: str, folder: Path, output: Path, *options: str) -> Result:
    given = ["--base", folder / "base", "--adapter", folder / "adapter", "--output", output, *options, "--json"]
    return CliRunner().invoke(app, [command, *map(str, given)])


def told(result: Result) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(result.stdout)
    return shown


@pytest.mark.parametrize(
    "options",
    [("fp8",), ("fp8", "--scales", "block"), ("int8",), ("int4", "--group-size", "32"), ("int4",)],
    ids=" ".join,
)
def test_the_size_is_that_of_the_merge(options: tuple[str, ...], plain: Path, tmp_path: Path) -> None:
    checked = ran("check", plain, tmp_path / "out", "--output-format", *options)
    merged = ran("merge", plain, tmp_path / "out", "--output-format", *options, "--no-history")
    assert checked.exit_code == merged.exit_code
    if merged.exit_code:
        assert errors(checked) == errors(merged)
        return
    weights = sum(one["bytes"] for one in told(merged)["files"] if one["name"].endswith(".safetensors"))
    assert told(checked)["predicted_bytes"] == weights
    assert told(checked)["predicted_bytes"] < told(ran("check", plain, tmp_path / "other"))["predicted_bytes"]


def errors(result: Result) -> list[str]:
    return [one["code"] for one in told(result)["findings"] if one["severity"] == "error"]


def unnamed(folder: Path) -> tuple[str, ...]:
    config = read_json(folder / "base" / "config.json")
    write_json(folder / "base" / "config.json", {**config, "architectures": []})
    return ()


def of_nobody(folder: Path) -> tuple[str, ...]:
    config = read_json(folder / "base" / "config.json")
    write_json(folder / "base" / "config.json", {**config, "architectures": ["NobodyForCausalLM"]})
    return ()


def by_peft(_folder: Path) -> tuple[str, ...]:
    return ("--engine", "peft")


def there_already(folder: Path) -> tuple[str, ...]:
    (folder / "out").mkdir()
    (folder / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    return ()


@pytest.mark.slow
@pytest.mark.parametrize("amiss", [unnamed, of_nobody, by_peft, there_already])
def test_it_refuses_what_the_merge_refuses(
    amiss: Any, plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of its time that goes by since the program was started, which these tests were long ago."""
    monkeypatch.setattr("mergedesk.cli.commands.check.SECONDS", 1e6)
    shutil.copytree(plain, tmp_path, dirs_exist_ok=True)
    options = ("--output-format", "int4", "--group-size", "32", *amiss(tmp_path))
    checked, merged = (ran(name, tmp_path, tmp_path / "out", *options) for name in ("check", "merge"))
    assert checked.exit_code == merged.exit_code == 3, (checked.output, merged.output)
    assert errors(checked) == errors(merged) != []


@pytest.mark.slow
def test_a_class_that_could_not_be_asked_in_time_refuses_nothing(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mergedesk.cli.commands.check.SECONDS", -1e6)
    shutil.copytree(plain, tmp_path, dirs_exist_ok=True)
    of_nobody(tmp_path)
    checked = ran("check", tmp_path, tmp_path / "out", "--output-format", "fp8")
    assert (checked.exit_code, errors(checked)) == (0, [])
    assert "libraries_not_asked" in [one["code"] for one in told(checked)["findings"]]
    assert told(checked)["predicted_bytes"] is None


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--output-format", "fp8", "--precision", "float32"), "--precision has no meaning"),
        (("--output-format", "fp8", "--keep-quantization"), "--keep-quantization has no meaning"),
        (("--output-format", "fp8", "--group-size", "32"), "--group-size has a meaning"),
        (("--scales", "block"), "--scales has a meaning"),
    ],
)
def test_options_without_meaning_are_refused_alike(
    options: tuple[str, ...], says: str, plain: Path, tmp_path: Path
) -> None:
    for command in ("check", "merge"):
        result = ran(command, plain, tmp_path / "out", *options)
        assert result.exit_code == 2
        assert says in " ".join(result.output.replace("│", " ").split())
