"""``mergedesk library``: the same list as the window's."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from folders import make_lora, make_model
from typer.testing import CliRunner, Result

from mergedesk.cli import commands as cli
from mergedesk.domain.library import LibraryPlaces
from mergedesk.domain.merge_record import Front, MergeRecord
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.inspection.library_places import keep_places
from mergedesk.pipelines.history.store import keep

KEYS = {
    "path", "name", "kind", "origin", "class", "bytes", "modified", "dtype", "quantization", "peft_type", "r",
    "base", "base_path", "adapters", "merged_here", "complete",
}  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "MODELSCOPE_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["library", *map(str, arguments)])


def test_where_nothing_is_found_it_says_what_to_do() -> None:
    result = run()
    assert result.exit_code == 0
    assert "mergedesk library DIR" in result.stdout
    assert json.loads(run("--json").stdout) == {"entries": [], "cut": [], "missing": []}


def test_listed(tmp_path: Path) -> None:
    make_model(tmp_path / "models" / "Little-7B")
    make_lora(tmp_path / "models" / "pirate" / "checkpoint-5", base_model_name_or_path="acme/Little-7B")
    lines = run(tmp_path / "models", tmp_path / "gone").stdout.splitlines()
    assert lines[0] == "Little-7B"
    assert "LlamaForCausalLM" in lines[1]
    assert lines[3] == "pirate/checkpoint-5"
    assert "LORA · rank 4" in lines[4]
    assert lines[5].endswith(f"trained on acme/Little-7B → {tmp_path / 'models' / 'Little-7B'}")
    assert lines[-1] == f"{tmp_path / 'gone'} is not there now, or cannot be read."


def test_as_json(tmp_path: Path) -> None:
    base = make_model(tmp_path / "models" / "Little-7B")
    adapter = make_lora(tmp_path / "models" / "pirate" / "checkpoint-5", base_model_name_or_path="acme/Little-7B")
    entries = {entry["path"]: entry for entry in json.loads(run(tmp_path / "models", "--json").stdout)["entries"]}
    assert set(entries) == {str(base), str(adapter)}
    assert all(set(entry) == KEYS for entry in entries.values())
    known = entries[str(adapter)]
    assert (known["name"], known["kind"], known["base_path"]) == ("pirate/checkpoint-5", "adapter", str(base))
    assert known["modified"].endswith("+00:00")


def test_what_the_window_knows_is_listed_too(tmp_path: Path) -> None:
    make_model(tmp_path / "chosen" / "one")
    make_model(tmp_path / "added" / "two")
    keep_places(LibraryPlaces((tmp_path / "added",), (tmp_path / "chosen" / "one",)))
    found = {entry["name"]: entry["origin"] for entry in json.loads(run("--json").stdout)["entries"]}
    assert found == {"one": "chosen", "two": "added"}


def test_what_was_merged_before_is_listed(tmp_path: Path) -> None:
    base = make_model(tmp_path / "somewhere" / "Little-7B")
    adapter = make_lora(tmp_path / "elsewhere" / "pirate")
    merged = make_model(tmp_path / "out" / "merged-pirate")
    asked = MergeRequest(base, (AdapterChoice(adapter),), merged)
    assert keep(MergeRecord(datetime.now(UTC), asked, MergeStatus.MERGED, Front.COMMAND))
    assert {entry["name"] for entry in json.loads(run("--json").stdout)["entries"]} == {
        "Little-7B",
        "pirate",
        "merged-pirate",
    }
