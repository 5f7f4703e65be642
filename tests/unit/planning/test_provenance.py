"""What a merged folder's report says it was made of, found again by content and not by name alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from folders import lora_tensors, make_lora, make_model, read_json, write_json

from mergedesk.checkpoints.files import REPORT
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, Combination, CombinationMethod, MergeRequest
from mergedesk.pipelines.merge import merge
from mergedesk.planning.provenance import Provenance, find_origins

HOW = Combination(CombinationMethod.TIES, 0.25)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with base, two adapters and their merge, which lies elsewhere."""
    home = tmp_path_factory.mktemp("home")
    base = make_model(home / "models" / "base")
    one, two = make_lora(home / "loras" / "one"), make_lora(home / "loras" / "two", lora_tensors(seed=2))
    adapters = (AdapterChoice(one, 0.5), AdapterChoice(two, -1.0))
    report = merge(MergeRequest(base, adapters, home / "merged", combination=HOW), lambda _: None, CancelToken())
    assert report.status == "merged", report.findings
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "home")
    return tmp_path / "home"


def known(home: Path) -> list[Path]:
    return [home / "models" / "base", home / "loras" / "one"]


def test_everything_is_found_among_known_folders_and_beside_them(home: Path) -> None:
    adapters = (AdapterChoice(home / "loras" / "one", 0.5), AdapterChoice(home / "loras" / "two", -1.0))
    found = find_origins(home / "merged", known(home))
    assert found == Provenance(home / "models" / "base", adapters, HOW)


def test_what_lies_beside_the_merge_is_found_without_being_known(home: Path) -> None:
    shutil.move(home / "models" / "base", home / "base")
    found = find_origins(home / "merged", ())
    assert found == Provenance(home / "base", (), HOW, ("one", "two"))


def test_another_adapter_of_the_same_name_is_not_taken(home: Path) -> None:
    shutil.rmtree(home / "loras" / "two")
    make_lora(home / "loras" / "two", lora_tensors(seed=3))
    found = find_origins(home / "merged", known(home))
    assert found is not None
    assert found.missing == ("two",)
    assert [one.folder.name for one in found.adapters] == ["one"]


def test_another_base_of_the_same_name_is_not_taken(home: Path) -> None:
    shutil.rmtree(home / "models" / "base")
    from folders import llama_tensors

    make_model(home / "models" / "base", llama_tensors(layers=1))
    found = find_origins(home / "merged", known(home))
    assert found is not None
    assert found.base is None
    assert found.missing == ("base",)


def test_a_name_that_leads_elsewhere_is_not_followed(home: Path) -> None:
    report = read_json(home / "merged" / REPORT)
    write_json(home / "merged" / REPORT, {**report, "base": "../models/base", "adapters": report["adapters"][:1]})
    found = find_origins(home / "merged", known(home))
    assert found is not None
    assert found.base is None


@pytest.mark.parametrize(
    "content", [None, "{", "[]", "{}", '{"base": 1, "adapters": [{}]}', '{"base": "b", "adapters": [7, null]}']
)
def test_no_report_or_a_strange_one_names_nothing(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / REPORT).write_text(content, encoding="utf-8")
    assert find_origins(tmp_path, [tmp_path]) is None
