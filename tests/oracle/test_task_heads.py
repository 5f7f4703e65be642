"""Families with other heads, inputs and towers: merged through the whole job, against PEFT's own script."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from families import HEADS, TOWERS, Family, load_base, merged_by_peft, save_adapter, save_base
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from tiny_models import assert_same_tensors, randomise_trainable, same_bits, tensors, third_party_noise_off
from transformers import BertConfig, LlamaConfig

from mergedesk.domain.findings import CheckStatus, Code
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.pipelines.merge import merge

FAMILIES = {**HEADS, **TOWERS}
WEIGHTS = "adapter_model.safetensors"


def merged(base: Path, adapter: Path, output: Path) -> MergeReport:
    """The whole job."""
    return merge(MergeRequest(base, (AdapterChoice(adapter),), output), lambda _: None, CancelToken())


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("name", FAMILIES)
def test_job_gives_peft_s_model_of_the_right_class(name: str, dtype: str, tmp_path: Path) -> None:
    family = FAMILIES[name]
    base = save_base(family, tmp_path / "base", dtype)
    adapter = save_adapter(family, base, tmp_path / "adapter")
    report = merged(base, adapter, tmp_path / "out")
    assert report.status is MergeStatus.MERGED, report.findings
    assert report.engine == "streaming"
    assert [check for check in report.checks if check.status is CheckStatus.FAIL] == []
    assert report.merged_class == family.loader
    assert_same_tensors(tmp_path / "out", merged_by_peft(family, base, adapter, tmp_path / "peft"))
    assert tensors(tmp_path / "out").keys() == tensors(base).keys()
    config = load_base(family, tmp_path / "out").config
    assert config.id2label == family.config.id2label


Rename = tuple[tuple[str, str], ...]
# How checkpoints of later releases, or of other origin, name what transformers stores under the first name.
OTHER_STORED: dict[str, Rename] = {
    "llava": (
        (r"^language_model\.lm_head", "lm_head"),
        (r"^language_model\.model", "model.language_model"),
        (r"^(vision_tower|multi_modal_projector)", r"model.\1"),
    ),
    "gemma3": (
        (r"^language_model\.model", "model.language_model"),
        (r"^vision_tower\.", "vision_tower.vision_model."),
    ),
    "qwen2_vl": ((r"^model\.", "model.language_model."), (r"^visual", "model.visual")),
    "qwen2_5_vl": ((r"^model\.", "model.language_model."), (r"^visual", "model.visual")),
    "vit": (
        (r"encoder\.layer\.", "layers."),
        (r"attention\.attention\.(\w)\w+", r"attention.\1_proj"),
    ),
}
# What adapters trained with transformers 4 call the modules of today.
EARLIER_MODULES: dict[str, Rename] = {
    "llava": (
        (r"model\.language_model\.", "language_model.model."),
        (r"model\.vision_tower\.", "vision_tower.vision_model."),
    ),
    "gemma3": (
        (r"model\.language_model\.", "language_model.model."),
        (r"model\.vision_tower\.", "vision_tower.vision_model."),
    ),
    "qwen2_vl": ((r"model\.language_model\.", "model."), (r"model\.visual", "visual")),
    "qwen2_5_vl": ((r"model\.language_model\.", "model."), (r"model\.visual", "visual")),
    "vit": (
        (r"vit\.layers\.", "vit.encoder.layer."),
        (r"attention\.q_proj", "attention.attention.query"),
        (r"attention\.v_proj", "attention.attention.value"),
    ),
}


def renamed(source: Path, target: Path, file: str, rules: Rename) -> Path:
    """A copy of a folder with the tensors of ``file`` under other names."""
    shutil.copytree(source, target)
    stored = load_file(source / file)
    for pattern, new in rules:
        stored = {re.sub(pattern, new, name): tensor for name, tensor in stored.items()}
    assert len(stored) == len(load_file(source / file))
    assert stored.keys() != load_file(source / file).keys()
    save_file(stored, target / file, {"format": "pt"})
    return target


@pytest.mark.slow
@pytest.mark.parametrize("earlier_adapter", [False, True])
@pytest.mark.parametrize("other_base", [False, True])
@pytest.mark.parametrize("name", OTHER_STORED)
def test_names_are_matched_both_ways(name: str, other_base: bool, earlier_adapter: bool, tmp_path: Path) -> None:
    family = FAMILIES[name]
    base = save_base(family, tmp_path / "base")
    adapter = save_adapter(family, base, tmp_path / "adapter")
    wanted = load_base(family, merged_by_peft(family, base, adapter, tmp_path / "peft")).state_dict()
    if other_base:
        base = renamed(base, tmp_path / "other_base", "model.safetensors", OTHER_STORED[name])
    if earlier_adapter:
        prefixed = tuple(
            (rf"^base_model\.model\.{old}", f"base_model.model.{new}") for old, new in EARLIER_MODULES[name]
        )
        rules = EARLIER_MODULES[name] if name == "vit" else prefixed
        adapter = renamed(adapter, tmp_path / "other_adapter", WEIGHTS, rules)
    report = merged(base, adapter, tmp_path / "out")
    assert report.status is MergeStatus.MERGED, report.findings
    assert tensors(tmp_path / "out").keys() == tensors(base).keys()
    loaded = load_base(family, tmp_path / "out").state_dict()
    assert [one for one in wanted if not same_bits(wanted[one], loaded[one])] == []
    assert Code.MODULES_MISSING not in [finding.code for finding in report.findings]
    said = [finding for finding in report.findings if finding.code is Code.KEYS_RENAMED]
    if name in ("qwen2_vl", "qwen2_5_vl"):
        assert len(said) == (0 if other_base is not earlier_adapter else 2)


_TINY_LLAMA = dict[str, Any](
    vocab_size=131, hidden_size=48, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=64, pad_token_id=0,
)  # fmt: skip
_TINY_BERT = dict[str, Any](
    vocab_size=131, hidden_size=48, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
    max_position_embeddings=64, pad_token_id=0,
)  # fmt: skip
NO_HEAD: dict[str, tuple[Family, Family, dict[str, Any]]] = {
    "llama": (
        Family("LlamaForCausalLM", LlamaConfig(**_TINY_LLAMA, tie_word_embeddings=False), []),
        Family("LlamaForSequenceClassification", LlamaConfig(), ["q_proj"], "SEQ_CLS"),
        {"num_labels": 5},
    ),
    "tied": (
        Family("LlamaForCausalLM", LlamaConfig(**_TINY_LLAMA, tie_word_embeddings=True), []),
        Family("LlamaForSequenceClassification", LlamaConfig(), ["q_proj"], "SEQ_CLS"),
        {},
    ),
    "bert_bare": (
        Family("BertModel", BertConfig(**_TINY_BERT), []),
        Family("BertForSequenceClassification", BertConfig(), ["query"], "SEQ_CLS"),
        {"num_labels": 3},
    ),
    "bert_masked": (
        Family("BertForMaskedLM", BertConfig(**_TINY_BERT), []),
        Family("BertForTokenClassification", BertConfig(), ["query"], "TOKEN_CLS"),
        {"num_labels": 4},
    ),
    "answers": (
        Family("BertForMaskedLM", BertConfig(**_TINY_BERT), []),
        Family("BertForQuestionAnswering", BertConfig(), ["query"], "QUESTION_ANS"),
        {},
    ),
}


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("name", NO_HEAD)
def test_a_head_that_the_base_lacks_comes_from_the_adapter(name: str, dtype: str, tmp_path: Path) -> None:
    plain, family, options = NO_HEAD[name]
    base = save_base(plain, tmp_path / "base", dtype)
    with third_party_noise_off():
        torch.manual_seed(2)
        model = family.model_class.from_pretrained(base, dtype="auto", **options)
        asked = {"r": 3, "target_modules": list(family.targets), "task_type": family.task, **family.adapter}
        trained = get_peft_model(model, LoraConfig(**asked))
        randomise_trainable(trained)
        trained.create_or_update_model_card = lambda _: None
        trained.save_pretrained(tmp_path / "adapter")
        again = family.model_class.from_pretrained(base, dtype="auto", **options)
        wanted = PeftModel.from_pretrained(again, tmp_path / "adapter").merge_and_unload()
    report = merged(base, tmp_path / "adapter", tmp_path / "out")
    assert report.status is MergeStatus.MERGED, [report.findings, report.checks]
    assert report.merged_class == family.loader
    assert [one.data["name"] for one in report.findings if one.code is Code.HEAD_ADDED] == [family.loader]
    loaded = load_base(family, tmp_path / "out")
    theirs, ours = wanted.state_dict(), loaded.state_dict()
    assert [one for one in theirs if not same_bits(theirs[one], ours[one])] == []
    assert loaded.config.num_labels == wanted.config.num_labels
    assert not [one for one in tensors(tmp_path / "out") if one.startswith(("lm_head", "cls."))]


def test_a_head_that_nobody_holds_is_missed(tmp_path: Path) -> None:
    plain, family, _ = NO_HEAD["llama"]
    base = save_base(plain, tmp_path / "base")
    adapter = save_adapter(replace(family, task=None), base, tmp_path / "adapter")
    config = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps({**config, "task_type": "SEQ_CLS"}))
    values = load_file(adapter / WEIGHTS)
    save_file({name: tensor for name, tensor in values.items() if "score" not in name}, adapter / WEIGHTS)
    report = merged(base, adapter, tmp_path / "out")
    assert report.status is MergeStatus.MERGED
    assert [one.data["name"] for one in report.findings if one.code is Code.HEAD_MISSING] == [family.loader]
    assert report.merged_class == "LlamaForCausalLM"
