"""A report that lies beside a model tells the same again as when it was made, whatever else is in its file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tiny_models import make_adapter, make_base

from mergedesk.domain.findings import UserError
from mergedesk.domain.merge_report import MergeReport, report_json
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.pipelines.merge import merge
from mergedesk.reports.stored_report import stored_report

REPORT = "mergedesk-report.json"
KEYS = (
    "files", "checks", "findings", "adapters", "classes", "tensors", "modules", "answers", "modules_effect", "versions",
    "engine", "engine_reason", "seconds", "finished",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MergeReport:
    home = tmp_path_factory.mktemp("stored")
    adapter = make_adapter("llama", make_base("llama", home / "base", "bfloat16"), home / "lora")
    return merge(MergeRequest(home / "base", (AdapterChoice(adapter, 0.5),), home / "out"))


@pytest.mark.slow
def test_it_tells_what_the_merge_told(made: MergeReport) -> None:
    again = stored_report(made.output)
    told, told_again = report_json(made), report_json(again)
    # What only the run knew is in none.
    same = ("status", "engine", "engine_reason", "precision", "classes", "tensors", "modules", "checks", "adapters")
    for name in (*same, "base", "finished", "versions"):
        assert told_again[name] == told[name], name
    assert again.files == made.files, "the report, which is written last, is one of them"
    assert again.checks == made.checks
    assert made.effect is not None
    assert again.effect is not None
    assert [one.name for one in again.effect.modules] == [one.name for one in made.effect.modules]
    shares = [one.relative for one in made.effect.modules]
    assert [one.relative for one in again.effect.modules] == pytest.approx(shares, rel=1e-5)
    assert again.output == made.output


def broken(folder: Path, made: MergeReport, content: Any) -> Path:
    folder.mkdir()
    (folder / REPORT).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", [None, 7, "x", [1, {"code": "no", "status": 3}], {"a": {"b": 1}}, 1e999, True])
def test_nonsense_in_one_place_leaves_the_rest(key: str, value: object, made: MergeReport, tmp_path: Path) -> None:
    content = {**report_json(made), key: value}
    again = stored_report(broken(tmp_path / "f", made, content))
    assert again.status is made.status
    assert again.base_name == made.base_name
    assert replace(again, seconds=0.0).seconds == 0.0


@pytest.mark.parametrize("content", ["{", "[]", "null", {}, {"status": "failed"}, {"status": ["merged"]}])
def test_what_is_no_report_of_a_merge_is_refused(content: object, tmp_path: Path) -> None:
    with pytest.raises(UserError):
        stored_report(broken(tmp_path / "f", None, content))  # type: ignore[arg-type]
