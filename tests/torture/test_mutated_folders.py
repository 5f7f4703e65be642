"""Configs, indexes and tokenizer files changed at random: a result or a sentence, in bounded time and memory."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from folders import (
    LLAMA,
    codes,
    contents,
    lora_config,
    make_lora,
    make_sharded_model,
    make_tokenizer,
    read_json,
    request,
    write_json,
)
from hypothesis import given
from hypothesis import strategies as st
from mutations import SEEDS, documents, drawn, files, within_limits
from safetensors import safe_open

from mergedesk.deployment.modelfile import modelfile_of
from mergedesk.deployment.usage import usage_json, usage_of
from mergedesk.domain.findings import Code, Finding, UserError
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.messages import finding_text
from mergedesk.inspection.inspect_folder import inspect_folder
from mergedesk.pipelines.check import check
from mergedesk.pipelines.merge import merge

pytestmark = pytest.mark.slow
GENERATION = {"do_sample": True, "temperature": 0.5, "top_p": 0.9, "eos_token_id": [2], "pad_token_id": 0}
CONFIG = {**LLAMA, "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0}, "head_dim": 8}
ADAPTER = {
    **lora_config(),
    "rank_pattern": {"q_proj": 4},
    "alpha_pattern": {"layers.0.mlp.up_proj": 16},
    "exclude_modules": None,
    "modules_to_save": None,
    "layers_to_transform": None,
    "use_rslora": False,
    "use_dora": False,
    "init_lora_weights": True,
    "fan_in_fan_out": False,
    "target_parameters": None,
    "trainable_token_indices": None,
}


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base in two shards with all that lies beside one, and its adapter."""
    home = tmp_path_factory.mktemp("pair")
    make_tokenizer(make_sharded_model(home / "base", **{k: v for k, v in CONFIG.items() if k not in LLAMA}))
    write_json(home / "base" / "generation_config.json", GENERATION)
    make_lora(home / "adapter")
    write_json(home / "adapter" / "adapter_config.json", ADAPTER)
    return home


def valid(pair: Path) -> Mapping[str, Any]:
    """Each file that is changed, and what it holds when it is right."""
    base = pair / "base"
    names = ("config.json", "model.safetensors.index.json", "tokenizer.json", "generation_config.json")
    made = {f"base/{name}": read_json(base / name) for name in names}
    tokenizer_config = {**read_json(base / "tokenizer_config.json"), "added_tokens_decoder": {"2": {"content": "</s>"}}}
    made["base/tokenizer_config.json"] = tokenizer_config
    made["adapter/adapter_config.json"] = read_json(pair / "adapter" / "adapter_config.json")
    made["base/modules.json"] = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}
    ]
    return made


def is_said(findings: tuple[Finding, ...]) -> None:
    """Each finding is a sentence, and none says that it should not have happened."""
    assert Code.INTERNAL not in codes(findings)
    assert all(finding_text(finding).whole for finding in findings)


@pytest.mark.parametrize("seed", SEEDS)
def test_configs(seed: str, pair: Path, tmp_path: Path, tally: Any) -> None:
    whole = valid(pair)
    home = tmp_path / "home"
    shutil.copytree(pair, home)

    @drawn(0.3, seed)
    @given(st.sampled_from(sorted(whole)).flatmap(lambda name: st.tuples(st.just(name), files(whole[name]))))
    def run(changed: tuple[str, bytes]) -> None:
        name, content = changed
        (home / name).write_bytes(content)
        try:
            with within_limits():
                for folder in (home / "base", home / "adapter"):
                    is_said(inspect_folder(folder).findings)
                is_said(check(request(home / "base", home / "adapter")).findings)
                tell_usage(home / "base")
            tally.count("configs, indexes, tokenizer files mutated: inspect, check, usage, modelfile")
        finally:
            (home / name).unlink()
            if (pair / name).exists():
                shutil.copyfile(pair / name, home / name)

    run()


def tell_usage(folder: Path) -> None:
    usage = usage_of(folder)
    assert usage_json(usage)
    is_said(usage.findings)
    try:
        modelfile_of(folder)
    except UserError as trouble:
        is_said((trouble.finding(),))


@pytest.mark.parametrize("seed", SEEDS)
def test_merges(seed: str, pair: Path, tmp_path: Path, tally: Any) -> None:
    """What preflight lets through is merged or failed with a sentence, and what is published can be read."""
    whole = valid(pair)
    home, output = tmp_path / "home", tmp_path / "out"
    shutil.copytree(pair, home)
    sides = ("base/config.json", "adapter/adapter_config.json", "base/tokenizer_config.json", "base/tokenizer.json")

    @drawn(0.01, seed)
    @given(st.sampled_from(sides).flatmap(lambda name: st.tuples(st.just(name), documents(whole[name]))))
    def run(changed: tuple[str, Any]) -> None:
        name, document = changed
        write_json(home / name, document)
        before = contents(home)
        try:
            report = merge(request(home / "base", home / "adapter", output))
            is_said(report.findings)
            tally.count(f"merges of mutated folders: {report.status.value}")
            assert contents(home) == before
            assert output.exists() == (report.status is MergeStatus.MERGED)
            for file in output.glob("*.safetensors"):
                with safe_open(file, "pt") as opened:
                    assert opened.keys()
        finally:
            shutil.copyfile(pair / name, home / name)
            shutil.rmtree(output, ignore_errors=True)

    run()
