"""Configs, indexes and tokenizer files changed at random: a result or a sentence, in bounded time and memory."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
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
from mutations import SEEDS, Kind, content, document, draw_many
from rounds import in_memory
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


KINDS = {
    "configs": (0.06, "base/config.json", "base/generation_config.json", "base/modules.json"),
    "adapter configs": (0.05, "adapter/adapter_config.json"),
    "indexes": (0.03, "base/model.safetensors.index.json"),
    "tokenizer files": (0.03, "base/tokenizer.json", "base/tokenizer_config.json"),
}
UNREAD = ("base/modules.json", "base/generation_config.json", "base/model.safetensors.index.json")
METHODS = ("LORA", "ADALORA", "IA3", "LOHA", "LOKR", "MISS", "OFT", "VERA", "BOFT", "TRAINABLE_TOKENS", "LN_TUNING")
PACKED = (
    {
        "quant_method": "bitsandbytes",
        "load_in_4bit": True,
        "bnb_4bit_quant_type": "nf4",
        "bnb_4bit_compute_dtype": "float16",
    },
    {"quant_method": "gptq", "bits": 4, "group_size": 128, "desc_act": False, "dynamic": {"-:.*": {}}},
    {"quant_method": "fp8", "weight_block_size": [128, 128], "modules_to_not_convert": ["lm_head"]},
    {
        "quant_method": "compressed-tensors",
        "format": "pack-quantized",
        "config_groups": {"group_0": {"targets": ["Linear"], "weights": {"num_bits": 4, "group_size": 32}}},
        "ignore": ["re:.*"],
    },
)


def valid(pair: Path) -> list[tuple[str, Any]]:
    """The files that are changed, each with what it may hold when it is right."""
    base, adapter = pair / "base", read_json(pair / "adapter" / "adapter_config.json")
    names = ("config.json", "model.safetensors.index.json", "tokenizer.json", "generation_config.json")
    made = [(f"base/{name}", read_json(base / name)) for name in names]
    config, tokenizer = made[0][1], read_json(base / "tokenizer_config.json")
    made += [
        ("base/config.json", {**config, "quantization_config": stated, "text_config": config}) for stated in PACKED
    ]
    made += [("adapter/adapter_config.json", {**adapter, "peft_type": method}) for method in METHODS]
    made.append(("base/tokenizer_config.json", {**tokenizer, "added_tokens_decoder": {"2": {"content": "</s>"}}}))
    made.append(("base/modules.json", [{"idx": 0, "name": "0", "path": "", "type": "a.models.Transformer"}]))
    return made


def is_said(findings: tuple[Finding, ...]) -> None:
    """Each finding is a sentence, and none says that it should not have happened."""
    assert Code.INTERNAL not in codes(findings)
    assert all(finding_text(finding).whole for finding in findings)


@pytest.fixture
def home(pair: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy that may be changed."""
    folder = in_memory(tmp_path)
    shutil.copytree(pair, folder, dirs_exist_ok=True)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def with_file(pair: Path, home: Path, name: str, changed: bytes) -> Iterator[None]:
    (home / name).write_bytes(changed)
    try:
        yield
    finally:
        (home / name).unlink()
        if (pair / name).exists():
            shutil.copyfile(pair / name, home / name)


@pytest.mark.usefixtures("quick_calls", "compiled_once")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_configs(kind: str, seed: str, pair: Path, home: Path, tally: Any) -> None:
    whole = [(name, document) for name, document in valid(pair) if name in KINDS[kind]]

    def make(chance: Random) -> tuple[str, bytes]:
        name, right = chance.choice(whole)
        return name, content(chance, right)

    def judge(changed: tuple[str, bytes]) -> None:
        with with_file(pair, home, *changed):
            for folder in (home / "base", home / "adapter"):
                is_said(inspect_folder(folder).findings)
            is_said(check(request(home / "base", home / "adapter")).findings)
            if changed[0].startswith("base"):
                tell_usage(home / "base")

    draw_many(Kind(f"{kind} mutated: inspect, check, usage, modelfile", KINDS[kind][0]), seed, make, judge, tally)


@pytest.mark.usefixtures("quick_calls")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["adapter/adapter_model.safetensors", "base/model-00001-of-00002.safetensors"])
def test_names_shapes_and_dtypes(name: str, seed: str, pair: Path, home: Path, tally: Any) -> None:
    stored = (pair / name).read_bytes()
    end = 8 + struct.unpack("<Q", stored[:8])[0]
    right = json.loads(stored[8:end])

    def judge(header: Any) -> None:
        raw = json.dumps(header).encode()
        (home / name).write_bytes(struct.pack("<Q", len(raw)) + raw + stored[end:])
        is_said(check(request(home / "base", home / "adapter")).findings)

    draw_many(
        Kind("headers of folders mutated: check", 0.03), seed, lambda chance: document(chance, right), judge, tally
    )


def tell_usage(folder: Path) -> None:
    usage = usage_of(folder)
    assert usage_json(usage)
    is_said(usage.findings)
    try:
        modelfile_of(folder)
    except UserError as trouble:
        is_said((trouble.finding(),))


@pytest.mark.parametrize("seed", SEEDS)
def test_merges(seed: str, pair: Path, home: Path, tally: Any) -> None:
    """What preflight lets through is merged or failed with a sentence, and what is published can be read."""
    output = home / "out"
    whole = [(name, right) for name, right in valid(pair) if name not in UNREAD]

    def make(chance: Random) -> tuple[str, Any]:
        name, right = chance.choice(whole)
        return name, document(chance, right)

    def judge(changed: tuple[str, Any]) -> None:
        name, made = changed
        with with_file(pair, home, name, json.dumps(made).encode()):
            try:
                before = contents(home)
                report = merge(request(home / "base", home / "adapter", output))
                is_said(report.findings)
                assert output.exists() == (report.status is MergeStatus.MERGED)
                for file in output.glob("*.safetensors"):
                    with safe_open(file, "pt") as opened:
                        assert opened.keys()
                shutil.rmtree(output, ignore_errors=True)
                assert contents(home) == before
            finally:
                shutil.rmtree(output, ignore_errors=True)

    draw_many(Kind("merges of mutated folders", 0.0015, 120), seed, make, judge, tally)
