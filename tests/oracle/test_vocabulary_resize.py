"""Vocabularies that were resized before training. The oracle: transformers resizes, PEFT loads and merges."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from folders import (
    HIDDEN,
    VOCABULARY,
    assert_says,
    codes,
    contents,
    llama_tensors,
    lora_tensors,
    make_lora,
    make_model,
    make_tokenizer,
    read_json,
    request,
    the,
)
from peft import PeftModel
from resized_vocabularies import LAYERS, PLAIN, ROWS, train
from tiny_models import KINDS, load, make_base, same_bits, tensors, third_party_noise_off
from typer.testing import CliRunner

from mergedesk.cli.commands import app
from mergedesk.domain.findings import CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, CheckRequest, Engine
from mergedesk.output.companions import ConfigChanges, changed_config
from mergedesk.pipelines.check import check
from mergedesk.pipelines.merge import merge

PREFIX = "base_model.model."

# Where the adapter targets one of the two, PEFT saves only that one, and the other's new rows with nothing.
LOST_BY_PEFT = (("embeddings", ROWS + 5), ("head", ROWS + 5))


def merge_resized_with_peft(kind: str, base: Path, adapter: Path, folder: Path, rows: int) -> Path:
    with third_party_noise_off():
        plain = load(kind, base, "auto")
        plain.resize_token_embeddings(rows)
        PeftModel.from_pretrained(plain, adapter).eval().merge_and_unload().save_pretrained(folder)
    return folder


def run(base: Path, adapter: Path, output: Path, **options: Any) -> MergeReport:
    with third_party_noise_off():
        return merge(
            request(base, adapter, output, **{"resize_vocabulary": True, **options}), lambda _: None, CancelToken()
        )


def assert_equals_peft(kind: str, base: Path, adapter: Path, folder: Path, rows: int) -> None:
    report = run(base, adapter, folder / "ours")
    assert report.status is MergeStatus.MERGED, [*report.findings, *report.checks]
    assert {one.status for one in report.checks} <= {CheckStatus.PASS, CheckStatus.SKIPPED}
    theirs = merge_resized_with_peft(kind, base, adapter, folder / "theirs", rows)
    one, other = tensors(folder / "ours"), tensors(theirs)
    assert one.keys() == other.keys()
    assert [name for name in one if not same_bits(one[name], other[name])] == []
    ours, expected = read_json(folder / "ours" / "config.json"), read_json(theirs / "config.json")
    assert ours["vocab_size"] == expected["vocab_size"] == rows
    assert ours["tie_word_embeddings"] == expected["tie_word_embeddings"]
    assert load(kind, folder / "ours", "auto").get_input_embeddings().weight.shape[0] == rows


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize(
    ("layers", "rows"),
    [(layers, rows) for layers in LAYERS for rows in (ROWS + 5, ROWS - 7) if (layers, rows) not in LOST_BY_PEFT],
)
def test_resized_untied_embeddings(layers: str, rows: int, dtype: str, tmp_path: Path) -> None:
    base = make_base("llama", tmp_path / "base", dtype)
    adapter = train("llama", base, tmp_path / "adapter", rows, **LAYERS[layers])
    assert_equals_peft("llama", base, adapter, tmp_path, rows)


@pytest.mark.slow
@pytest.mark.parametrize("rows", [ROWS + 5, ROWS - 7])
def test_resized_tied_embeddings(rows: int, tmp_path: Path) -> None:
    base = make_base("qwen2", tmp_path / "base", "bfloat16")
    adapter = train("qwen2", base, tmp_path / "adapter", rows, **PLAIN)
    assert_equals_peft("qwen2", base, adapter, tmp_path, rows)


@pytest.mark.slow
def test_padding_rows_cut_where_nothing_was_saved_of_them(tmp_path: Path) -> None:
    """[131] against [124] without a copy: what the base has for the ids that are left is all there is to know."""
    base = make_base("llama", tmp_path / "base", "bfloat16")
    adapter = train("llama", base, tmp_path / "adapter", ROWS - 7, save=False, **LAYERS["both"])
    assert_equals_peft("llama", base, adapter, tmp_path, ROWS - 7)


@pytest.mark.slow
def test_resized_embeddings_in_several_files(tmp_path: Path) -> None:
    base = make_base("llama", tmp_path / "base", "bfloat16", max_shard_size="20KB")
    adapter = train("llama", base, tmp_path / "adapter", ROWS + 5, **LAYERS["both"])
    assert_equals_peft("llama", base, adapter, tmp_path, ROWS + 5)
    index = read_json(tmp_path / "ours" / "model.safetensors.index.json")
    assert index["metadata"]["total_size"] == sum(
        one.numel() * one.element_size() for one in tensors(tmp_path / "ours").values()
    )


@pytest.mark.parametrize("rows", [ROWS + 5, ROWS - 7])
def test_a_resize_is_offered_and_not_done_unasked(rows: int, tmp_path: Path) -> None:
    base = make_base("llama", tmp_path / "base", "bfloat16")
    adapter = train("llama", base, tmp_path / "adapter", rows, **PLAIN)
    before = contents(tmp_path)
    report = run(base, adapter, tmp_path / "out", resize_vocabulary=False)
    assert report.status is MergeStatus.REFUSED
    finding = the(report.findings, Code.VOCABULARY_MISMATCH)
    assert_says(finding, Severity.ERROR, f"{rows} rows", "131", "--resize-vocabulary", "model.embed_tokens.weight")
    assert contents(tmp_path) == before
    said = the(check(request(base, adapter, resize_vocabulary=True)).findings, Code.VOCABULARY_RESIZED)
    assert_says(said, Severity.INFO, "from 131", f"to {rows}")
    assert set(said.data["names"]) == {"model.embed_tokens.weight", "lm_head.weight"}  # type: ignore[arg-type]


@pytest.mark.parametrize(("layers", "save"), [("embeddings", "auto"), ("head", "auto"), ("both", False)])
@pytest.mark.parametrize("allowed", [False, True])
def test_new_rows_that_nobody_saved(layers: str, save: bool | str, allowed: bool, tmp_path: Path) -> None:
    base = make_base("llama", tmp_path / "base")
    adapter = train("llama", base, tmp_path / "adapter", ROWS + 5, save=save, **LAYERS[layers])
    report = run(base, adapter, tmp_path / "out", resize_vocabulary=allowed)
    assert report.status is MergeStatus.REFUSED
    finding = the(report.findings, Code.RESIZE_ROWS_UNKNOWN)
    assert_says(finding, Severity.ERROR, "136 rows", "save_embedding_layers")
    assert Code.VOCABULARY_MISMATCH not in codes(report.findings)


def test_new_rows_of_the_head_alone_are_not_enough(tmp_path: Path) -> None:
    copies = {f"{PREFIX}lm_head.weight": torch.zeros(VOCABULARY + 1, HIDDEN)}
    make_lora(tmp_path / "adapter", lora_tensors() | copies)
    found = check(request(make_model(tmp_path / "base"), tmp_path / "adapter"))
    finding = the(found.findings, Code.RESIZE_ROWS_UNKNOWN)
    assert finding.data["names"] == ["model.embed_tokens.weight"]


def embeddings(rows: int, head_rows: int | None = None) -> dict[str, torch.Tensor]:
    shapes = {"model.embed_tokens.weight": rows, "lm_head.weight": head_rows or rows}
    return {f"{PREFIX}{name}": torch.randn(count, HIDDEN) for name, count in shapes.items()}


def test_tokenizer_is_the_adapters_and_fits(tmp_path: Path) -> None:
    base = make_tokenizer(make_model(tmp_path / "base"))
    adapter = make_tokenizer(make_lora(tmp_path / "adapter", lora_tensors() | embeddings(104)), VOCABULARY + 3)
    refused = the(check(request(base, adapter)).findings, Code.VOCABULARY_MISMATCH)
    assert_says(refused, Severity.ERROR, "104 rows", "99", "102 ids")
    report = run(base, adapter, tmp_path / "out")
    assert report.status is MergeStatus.MERGED, report.findings
    assert (tmp_path / "out" / "tokenizer.json").read_bytes() == (adapter / "tokenizer.json").read_bytes()


@pytest.mark.parametrize(("rows", "ids", "own"), [(104, 110, True), (90, 95, True), (90, VOCABULARY, False)])
def test_tokenizer_longer_than_the_resized_vocabulary(rows: int, ids: int, own: bool, tmp_path: Path) -> None:
    base = make_tokenizer(make_model(tmp_path / "base"))
    adapter = make_lora(tmp_path / "adapter", lora_tensors() | embeddings(rows))
    if own:
        make_tokenizer(adapter, ids)
    found = check(request(base, adapter, resize_vocabulary=True))
    assert_says(the(found.findings, Code.TOKENIZER_TOO_LONG), Severity.ERROR, f"{ids} ids", f"{rows} rows")


def test_vocabulary_sizes_that_do_not_agree(tmp_path: Path) -> None:
    make_lora(tmp_path / "adapter", lora_tensors() | embeddings(104, 103))
    found = check(request(make_model(tmp_path / "base"), tmp_path / "adapter", resize_vocabulary=True))
    assert_says(the(found.findings, Code.SHAPE_MISMATCH), Severity.ERROR, "103 × 32")


def test_two_adapters_of_two_sizes(tmp_path: Path) -> None:
    make_lora(tmp_path / "one", lora_tensors() | embeddings(104))
    make_lora(tmp_path / "other", lora_tensors(seed=5) | embeddings(105))
    choices = (AdapterChoice(tmp_path / "one"), AdapterChoice(tmp_path / "other"))
    found = check(CheckRequest(make_model(tmp_path / "base"), choices, resize_vocabulary=True))
    assert Code.SHAPE_MISMATCH in codes(found.findings)


def test_more_than_embeddings_depends_on_the_vocabulary(tmp_path: Path) -> None:
    more = {"model.embed_tokens_per_layer.weight": torch.zeros(VOCABULARY, 8, dtype=torch.bfloat16)}
    base = make_model(tmp_path / "base", llama_tensors() | more)
    make_lora(tmp_path / "adapter", lora_tensors() | embeddings(104))
    found = check(request(base, tmp_path / "adapter", resize_vocabulary=True))
    assert_says(the(found.findings, Code.RESIZE_UNCLEAR), Severity.ERROR, "embed_tokens_per_layer", "resize_token")


def test_no_resize_with_the_peft_engine(tmp_path: Path) -> None:
    make_lora(tmp_path / "adapter", lora_tensors() | embeddings(104))
    found = check(request(make_model(tmp_path / "base"), tmp_path / "adapter", engine=Engine.PEFT))
    assert_says(the(found.findings, Code.RESIZE_NEEDS_STREAMING), Severity.ERROR, "automatic engine")


def test_consent_to_a_resize_that_was_not_needed_changes_nothing(tmp_path: Path) -> None:
    base, adapter = make_model(tmp_path / "base"), make_lora(tmp_path / "adapter")
    assert run(base, adapter, tmp_path / "out").status is MergeStatus.MERGED
    assert (tmp_path / "out" / "config.json").read_bytes() == (base / "config.json").read_bytes()


def test_resized_config_of_a_model_with_parts() -> None:
    config = {"model_type": "x", "text_config": {"vocab_size": 99}, "audio_config": {"vocab_size": 7}}
    changed = changed_config(config, ConfigChanges(vocabulary=(99, 104)))
    assert changed == {"model_type": "x", "text_config": {"vocab_size": 104}, "audio_config": {"vocab_size": 7}}


def test_a_resize_on_the_command_line(tmp_path: Path) -> None:
    base = make_model(tmp_path / "base")
    adapter = make_lora(tmp_path / "adapter", lora_tensors() | embeddings(104))
    pair = ["--base", str(base), "--adapter", str(adapter)]
    assert CliRunner().invoke(app, ["check", *pair]).exit_code == 3
    assert CliRunner().invoke(app, ["check", *pair, "--resize-vocabulary"]).exit_code == 0
    done = CliRunner().invoke(app, ["merge", *pair, "--output", str(tmp_path / "out"), "--resize-vocabulary"])
    assert done.exit_code == 0, done.output
    assert read_json(tmp_path / "out" / "config.json")["vocab_size"] == 104


def test_kinds_have_the_rows_the_tests_count_with() -> None:
    assert KINDS["llama"].config.vocab_size == KINDS["qwen2"].config.vocab_size == ROWS
