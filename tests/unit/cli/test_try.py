"""``mergedesk try`` for people and for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from families import HEADS, merged_by_peft, save_adapter, save_base
from tiny_models import WEIGHTS, make_adapter, make_base, third_party_noise_off
from tokenizers_made import TEMPLATE, add_tokenizer
from trial_cases import PROMPT, expected, merge
from typer.testing import CliRunner, Result

from mergedesk.cli import commands as cli
from mergedesk.domain.findings import Code
from mergedesk.inference.trial import Side


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("try-cli")
    base = add_tokenizer(make_base("llama", home / "base"), TEMPLATE)
    make_adapter("llama", base, home / "adapter")
    merge(home, "merged", ("adapter", 1.0))
    return home


def run(home: Path, *more: str, merged: str | None = "merged") -> Result:
    folders = ["--base", str(home / "base"), "--adapter", str(home / "adapter")]
    folders += ["--merged", str(home / merged)] if merged else []
    result = CliRunner().invoke(cli.app, ["try", *folders, "--prompt", PROMPT, "--max-tokens", "12", *more])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.slow
def test_json_holds_every_answer(home: Path) -> None:
    result = run(home, "--json")
    assert result.exit_code == 0
    made = json.loads(result.stdout)
    assert [one["side"] for one in made["answers"]] == ["base", "unmerged", "merged"]
    assert [one["class"] for one in made["answers"]] == ["LlamaForCausalLM", "PeftModelForCausalLM", "LlamaForCausalLM"]
    assert [one["tokens"] for one in made["answers"]] == [len(expected(home, side)) for side in Side]
    assert made["differences"][0] == {
        "one": "merged", "other": "unmerged", "same": True, "first_token": None, "largest": None, "cosine": None,
    }  # fmt: skip


@pytest.mark.slow
def test_people_read_who_says_what(home: Path) -> None:
    result = run(home)
    assert result.exit_code == 0
    assert "Base plus adapter, unmerged:" in result.stdout
    assert "Merged and base plus adapter, unmerged: the same answer" in result.stdout
    assert "they part at token" in result.stdout
    assert "Rounding" not in result.stdout
    assert (
        "Rounding can do that; mergedesk verify --logits tells whether it is more." in run(home, merged="base").stdout
    )


@pytest.mark.slow
def test_without_a_merged_folder_the_other_two_answer(home: Path) -> None:
    made = json.loads(run(home, "--json", merged=None).stdout)
    assert [one["side"] for one in made["answers"]] == ["base", "unmerged"]


def test_a_missing_folder_is_refused(home: Path) -> None:
    result = run(home, "--json", merged="nowhere")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["findings"][0]["code"] == Code.FOLDER_MISSING


@pytest.mark.slow
def test_broken_weights_of_one_side_leave_the_others(home: Path, tmp_path: Path) -> None:
    """The header is whole; what transformers then says is that side's trouble only."""
    config = (home / "merged" / "config.json").read_text(encoding="utf-8")
    (tmp_path / "config.json").write_text(config.replace('"hidden_size": 48', '"hidden_size": 44'), encoding="utf-8")
    (tmp_path / WEIGHTS).write_bytes((home / "merged" / WEIGHTS).read_bytes())
    result = run(home, "--json", merged=str(tmp_path))
    assert result.exit_code == 0
    made = json.loads(result.stdout)
    assert [one["trouble"] is None for one in made["answers"]] == [True, True, False]
    assert made["answers"][2]["trouble"]["code"] == Code.TRIAL_FAILED


@pytest.mark.slow
def test_classes_are_listed_by_probability(tmp_path: Path) -> None:
    base = add_tokenizer(save_base(HEADS["deberta"], tmp_path / "base"), size=126)
    save_adapter(HEADS["deberta"], base, tmp_path / "adapter")
    with third_party_noise_off():
        merged_by_peft(HEADS["deberta"], base, tmp_path / "adapter", tmp_path / "merged")
    result = run(tmp_path)
    assert result.exit_code == 0
    assert "BertForSequenceClassification" not in result.stdout
    assert "DebertaV2ForSequenceClassification; " in result.stdout
    assert "probabilities differ by up to" in result.stdout
