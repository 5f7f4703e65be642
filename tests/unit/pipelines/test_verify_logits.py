"""``verify --logits``: outputs count beside weights, also where weights already gave the verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tiny_models import make_adapter, make_base
from tokenizers_made import add_tokenizer
from trial_cases import merge
from typer.testing import CliRunner, Result

from mergedesk.cli import commands as cli
from mergedesk.domain.findings import CheckCode, Code


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("logits-proof")
    base = add_tokenizer(make_base("llama", home / "base", "bfloat16", max_position_embeddings=256))
    make_adapter("llama", base, home / "adapter")
    merge(home, "merged", ("adapter", 1.0))
    merge(home, "half", ("adapter", 0.5))
    return home


def run(home: Path, merged: str, *more: str) -> Result:
    folders = ["--base", home / "base", "--adapter", home / "adapter", "--merged", home / merged]
    result = CliRunner().invoke(cli.app, ["verify", "--logits", *map(str, folders), *more])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def shown(result: Result) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(result.stdout)
    return parsed


def outcomes(result: dict[str, Any]) -> dict[str, str]:
    return {check["code"]: check["status"] for check in result["checks"]}


@pytest.mark.slow
def test_a_right_merge(home: Path) -> None:
    result = run(home, "merged", "--json", "--quick")
    assert result.exit_code == 0
    made = shown(result)
    assert made["verdict"] == "match"
    assert outcomes(made)[CheckCode.BEHAVES_AS_UNMERGED] == "pass"
    assert outcomes(made)[CheckCode.DIFFERS_FROM_BASE] == "pass"
    assert [(gap["one"], gap["other"]) for gap in made["logits"]["gaps"]] == [
        ("merged", "unmerged"), ("merged", "base"), ("unmerged", "base"),
    ]  # fmt: skip
    assert made["logits"]["gaps"][0]["mean"] < 4 * made["logits"]["rounding"]["mean"]
    assert "Behaves as unmerged" in run(home, "merged", "--quick").stdout


@pytest.mark.slow
def test_a_wrong_merge_fails_by_weights_and_by_outputs(home: Path) -> None:
    result = run(home, "half", "--json", "--quick")
    assert result.exit_code == 4
    made = shown(result)
    assert made["reason"]["code"] == Code.MERGE_SCALED
    assert outcomes(made)[CheckCode.BEHAVES_AS_UNMERGED] == "fail"


@pytest.mark.slow
def test_the_base_for_a_merge(home: Path) -> None:
    made = shown(run(home, "base", "--json", "--quick"))
    assert outcomes(made)[CheckCode.BEHAVES_AS_UNMERGED] == "fail"
    assert outcomes(made)[CheckCode.DIFFERS_FROM_BASE] == "warn"


def test_outputs_alone_refute_what_weights_let_pass(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a model behaved otherwise although its weights are right."""
    from mergedesk.pipelines.trial import compare_logits

    def other(request: Any, *rest: Any) -> Any:
        from dataclasses import replace

        return compare_logits(replace(request, merged=home / "half"), *rest)

    monkeypatch.setattr("mergedesk.pipelines.verify_logits.compare_logits", other)
    result = run(home, "merged", "--json", "--quick")
    assert result.exit_code == 4
    assert shown(result)["reason"]["code"] == Code.LOGITS_DIFFER


def test_without_a_tokenizer_the_weights_decide(home: Path, tmp_path: Path) -> None:
    base = make_base("llama", tmp_path / "base")
    make_adapter("llama", base, tmp_path / "adapter")
    merge(tmp_path, "merged", ("adapter", 1.0))
    result = run(tmp_path, "merged", "--json", "--quick")
    assert result.exit_code == 0
    made = shown(result)
    assert made["verdict"] == "match"
    assert outcomes(made)[CheckCode.BEHAVES_AS_UNMERGED] == "skipped"
    assert Code.TRIAL_NO_TOKENIZER in [finding["code"] for finding in made["findings"]]
