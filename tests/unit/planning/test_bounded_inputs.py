"""Preflight ends within bounded time, and with a sentence, whatever a config asks for."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch
from folders import (
    assert_says,
    codes,
    contents,
    four_bit_tensors,
    llama_tensors,
    make_lora,
    make_model,
    make_sharded_model,
    request,
    the,
    write_json,
)
from hostile import HOSTILE_PATTERNS
from peft import PeftType
from peft.mapping import PEFT_TYPE_TO_CONFIG_MAPPING
from typer.testing import CliRunner

from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.checkpoints.config_counts import is_modest
from mergedesk.cli.commands import app
from mergedesk.deployment.modelfile import modelfile_of
from mergedesk.deployment.usage import usage_of
from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.requests import Engine, Precision
from mergedesk.inspection.inspect_folder import inspect_folder, main_revision
from mergedesk.pipelines.check import check
from mergedesk.pipelines.merge import merge
from mergedesk.planning import pattern_cost
from mergedesk.runtime.bounded_call import Limits

SLOW = [name for name in HOSTILE_PATTERNS if name.startswith(("backtracking", "nested repetitions"))]
needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links want rights there")


def stated(field: str, pattern: str) -> dict[str, Any]:
    return {field: {pattern: 4}} if field.endswith("_pattern") else {field: pattern}


@pytest.mark.slow
@pytest.mark.parametrize("field", ["target_modules", "exclude_modules", "rank_pattern", "alpha_pattern"])
@pytest.mark.parametrize("name", HOSTILE_PATTERNS)
def test_patterns_are_matched_or_ended(name: str, field: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern_cost, "_LIMITS", Limits(seconds=1))
    started = time.monotonic()
    adapter = make_lora(tmp_path / "adapter", **stated(field, HOSTILE_PATTERNS[name]))
    found = check(request(make_model(tmp_path / "base"), adapter))
    assert time.monotonic() - started < 10
    if name in SLOW:
        assert_says(the(found.findings, Code.PATTERN_TOO_COSTLY), Severity.ERROR, field, "1 s")
        assert found.refused


@pytest.mark.slow
def test_many_plain_names_are_no_trouble(tmp_path: Path) -> None:
    names = {f"model.layers.{number}.self_attn.q_proj": 4 for number in range(1000)}
    adapter = make_lora(tmp_path / "adapter", rank_pattern=names, alpha_pattern={})
    assert not check(request(make_model(tmp_path / "base"), adapter)).refused


@pytest.mark.parametrize("value", [None, [8], "8", 10**400, float("inf"), float("nan"), True, 1e300])
@pytest.mark.parametrize("field", ["lora_alpha", "r", "alpha_pattern", "rank_pattern"])
def test_numbers_that_are_none_are_named(field: str, value: object, tmp_path: Path) -> None:
    adapter = make_lora(tmp_path / "adapter")
    told = {"q_proj": value} if field.endswith("_pattern") else value
    config = {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": ["q_proj"], field: told}
    write_json(adapter / "adapter_config.json", config)
    found = check(request(make_model(tmp_path / "base"), adapter))
    assert_says(the(found.findings, Code.ADAPTER_FIELD_UNUSABLE), Severity.ERROR, field)


@pytest.mark.parametrize("peft_type", ["(", "LORA(", "[", "a*b+", "LO\\RA", "", "\n", "x" * 5000, "LORA\0"])
def test_a_method_of_any_name(peft_type: str, tmp_path: Path) -> None:
    adapter = make_lora(tmp_path / "adapter", peft_type=peft_type)
    assert check(request(make_model(tmp_path / "base"), adapter)).refused


@pytest.mark.parametrize("count", [2**63 - 1, 10**30, 5_000])
@pytest.mark.parametrize("field", ["num_hidden_layers", "n_layer", "num_local_experts"])
def test_a_config_asks_for_no_more_than_is_stored(field: str, count: int, tmp_path: Path) -> None:
    base = make_model(tmp_path / "base", **{field: count})
    found = check(request(base, make_lora(tmp_path / "adapter")))
    assert_says(the(found.findings, Code.CONFIG_ASKS_TOO_MUCH), Severity.ERROR, field, str(count))
    assert found.refused


@pytest.mark.parametrize(
    ("config", "modest"),
    [
        ({}, True),
        ({"max_position_embeddings": 10**7, "rope_theta": 10**8, "eos_token_id": 10**6}, True),
        ({"hidden_size": 10**6}, False),
        ({"text_config": {"num_hidden_layers": 800, "num_experts": 800}}, False),
        ({"vocab_size": 2**62}, False),
    ],
)
def test_what_is_loaded_where_it_can_be_ended(config: dict[str, Any], modest: bool, tmp_path: Path) -> None:
    stored = read_checkpoint(make_model(tmp_path, **config))
    assert is_modest(stored.config, stored.tensors) is modest


@pytest.mark.slow
@pytest.mark.parametrize("options", [{}, {"engine": Engine.PEFT}, {"precision": Precision.FLOAT16}], ids=str)
def test_a_result_that_takes_all_memory_to_load_is_not_published(options: dict[str, Any], tmp_path: Path) -> None:
    base = make_model(tmp_path / "base", head_dim=2**33)
    started, before = time.monotonic(), psutil.Process().memory_info().rss
    report = merge(request(base, make_lora(tmp_path / "adapter"), tmp_path / "out", **options))
    assert time.monotonic() - started < 60
    assert psutil.Process().memory_info().rss - before < 1_000_000_000
    assert report.status in (MergeStatus.FAILED, MergeStatus.REFUSED)
    assert Code.INTERNAL not in codes(report.findings)
    assert not (tmp_path / "out").exists()


def linked(folder: Path, name: str) -> None:
    """``name`` in ``folder`` becomes a link to where it now is, outside."""
    outside = folder.parent / "outside" / name
    outside.parent.mkdir(parents=True, exist_ok=True)
    if (folder / name).exists():
        (folder / name).rename(outside)
    else:
        outside.write_text("a secret of the person's", encoding="utf-8")
    (folder / name).symlink_to(outside)


@needs_links
@pytest.mark.parametrize(
    ("side", "name"),
    [
        ("base", "config.json"),
        ("base", "model.safetensors"),
        ("base", "notes.txt"),
        ("adapter", "adapter_model.safetensors"),
        ("adapter", "chat_template.jinja"),
    ],
)
def test_links_out_of_a_folder_are_followed_only_with_leave(side: str, name: str, tmp_path: Path) -> None:
    make_model(tmp_path / "base")
    make_lora(tmp_path / "adapter")
    linked(tmp_path / side, name)
    asked = request(tmp_path / "base", tmp_path / "adapter", tmp_path / "out")
    report = merge(asked)
    assert report.status is MergeStatus.REFUSED
    assert_says(the(report.findings, Code.LINKS_LEAVE_FOLDER), Severity.ERROR, name, "--follow-links")
    assert not (tmp_path / "out").exists()
    allowed = check(request(tmp_path / "base", tmp_path / "adapter", follow_links=True))
    assert_says(the(allowed.findings, Code.LINKS_FOLLOWED), Severity.WARNING, name)
    assert not allowed.refused


@needs_links
def test_a_folder_of_the_base_that_leads_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    write_json(tmp_path / "outside" / "config.json", {})
    (make_model(tmp_path / "base") / "1_Pooling").symlink_to(tmp_path / "outside")
    found = check(request(tmp_path / "base", make_lora(tmp_path / "adapter")))
    assert the(found.findings, Code.LINKS_LEAVE_FOLDER).data["names"] == ["1_Pooling"]


@needs_links
def test_a_shard_that_leads_elsewhere_from_deeper_down(tmp_path: Path) -> None:
    base = make_sharded_model(tmp_path / "base")
    index = read_checkpoint(base).index
    assert index is not None
    outside = tmp_path / "outside" / "deep"
    outside.mkdir(parents=True)
    (base / "model-00001-of-00002.safetensors").rename(outside / "x.safetensors")
    (base / "a").mkdir()
    (base / "a" / "b").symlink_to(tmp_path / "outside")
    weight_map = {
        name: file.replace("model-00001-of-00002", "a/b/deep/x") for name, file in index["weight_map"].items()
    }
    write_json(base / "model.safetensors.index.json", {**index, "weight_map": weight_map})
    assert Code.LINKS_LEAVE_FOLDER in codes(check(request(base, make_lora(tmp_path / "adapter"))).findings)


@needs_links
@pytest.mark.parametrize("side", ["base", "adapter"])
def test_a_file_that_leads_elsewhere_from_deeper_down(side: str, tmp_path: Path) -> None:
    """Trained weights beside an adapter, and parts of a sentence-transformers model."""
    make_model(tmp_path / "base")
    make_lora(tmp_path / "adapter")
    write_json(tmp_path / side / "modules.json", [{"path": "parts/1_Dense"}])
    torch.save({"lm_head.weight": torch.ones(2)}, tmp_path / "outside.bin")
    (tmp_path / side / "parts" / "1_Dense").mkdir(parents=True)
    (tmp_path / side / "parts" / "1_Dense" / "pytorch_model.bin").symlink_to(tmp_path / "outside.bin")
    found = check(request(tmp_path / "base", tmp_path / "adapter"))
    assert the(found.findings, Code.LINKS_LEAVE_FOLDER).data["names"] == ["parts/1_Dense/pytorch_model.bin"]


@needs_links
def test_links_within_a_folder_and_to_the_blobs_of_its_hub_cache_are_fine(tmp_path: Path) -> None:
    repository = tmp_path / "hub" / "models--a--b"
    snapshot = make_model(repository / "snapshots" / "0123")
    (repository / "blobs").mkdir()
    for number, file in enumerate(sorted(snapshot.iterdir())):
        file.rename(repository / "blobs" / str(number))
        file.symlink_to(Path("..", "..", "blobs", str(number)))
    (snapshot / "vocab.txt").symlink_to("config.json")
    (tmp_path / "chosen").symlink_to(snapshot)
    for chosen in (snapshot, tmp_path / "chosen"):
        assert not check(request(chosen, make_lora(tmp_path / "adapter"))).refused
    (repository / "blobs" / "9").symlink_to(Path(__file__))
    (snapshot / "merges.txt").symlink_to(Path("..", "..", "blobs", "9"))
    assert check(request(snapshot, tmp_path / "adapter")).refused


@pytest.mark.slow
@needs_links
def test_no_modelfile_and_no_usage_of_what_lies_elsewhere(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "merged")
    linked(folder, "chat_template.jinja")
    assert the(usage_of(folder).findings, Code.LINKS_LEAVE_FOLDER)
    assert modelfile_of(folder) is None
    assert usage_of(folder, follow_links=True).tools
    assert modelfile_of(folder, follow_links=True) is not None
    for command in ("usage", "modelfile"):
        assert CliRunner().invoke(app, [command, str(folder)]).exit_code == 1
        assert CliRunner().invoke(app, [command, str(folder), "--follow-links"]).exit_code == 0


@needs_links
def test_the_command_takes_the_leave(tmp_path: Path) -> None:
    make_model(tmp_path / "base")
    linked(tmp_path / "base", "config.json")
    before = contents(tmp_path / "base")
    pair = ["--base", str(tmp_path / "base"), "--adapter", str(make_lora(tmp_path / "adapter"))]
    assert CliRunner().invoke(app, ["check", *pair]).exit_code == 3
    assert CliRunner().invoke(app, ["check", *pair, "--follow-links"]).exit_code == 0
    done = CliRunner().invoke(app, ["merge", *pair, "--output", str(tmp_path / "out"), "--follow-links"])
    assert done.exit_code == 0
    assert not os.path.islink(tmp_path / "out" / "config.json")  # noqa: PTH114 (of the entry itself)
    assert contents(tmp_path / "base") == before


@pytest.mark.parametrize("weights", [{}, {"num_bits": []}, {"num_bits": {}}, {"num_bits": 0}, {"num_bits": 10**400}])
def test_a_packing_stated_without_sense(weights: dict[str, Any], tmp_path: Path) -> None:
    stated = {"quant_method": "compressed-tensors", "config_groups": {"g": {"weights": weights}}}
    base = make_model(tmp_path / "base", quantization_config=stated)
    assert Code.QUANTIZATION_LEFTOVER in codes(check(request(base, make_lora(tmp_path / "adapter"))).findings)


@pytest.mark.parametrize("state", [b"[" * 2000, b'{"blocksize": 0}', b'{"blocksize": Infinity}', b"\xff", b"{}"])
def test_a_state_of_packed_weights_without_sense(state: bytes, tmp_path: Path) -> None:
    name = "model.layers.0.self_attn.q_proj.weight"
    whole = {"quant_type": "nf4", "blocksize": 64, "dtype": "bfloat16", "shape": [32, 32]}
    if state.startswith(b'{"b'):
        state = json.dumps({**whole, **json.loads(state)}).encode()
    packed = four_bit_tensors(name, (32, 32)) | {
        f"{name}.quant_state.bitsandbytes__nf4": torch.tensor(list(state), dtype=torch.uint8)
    }
    base = make_model(tmp_path / "base", {**llama_tensors(), **packed})
    found = check(request(base, make_lora(tmp_path / "adapter"), dequantize=True))
    assert Code.QUANTIZED_UNMERGEABLE in codes(found.findings)


@pytest.mark.parametrize(
    "name", ["\0", "a\0b", "\ud800", "x" * 300, "/".join(["x" * 200] * 30), "\n"], ids=lambda name: ascii(name[:5])
)
def test_a_part_of_any_name(name: str, tmp_path: Path) -> None:
    base = make_model(tmp_path / "base")
    (base / "modules.json").write_text(json.dumps([{"idx": 0, "path": name}]), encoding="utf-8")
    assert not check(request(base, make_lora(tmp_path / "adapter"), tmp_path / "out")).refused


@pytest.mark.parametrize("method", ["LORA", "LOHA", "LOKR", "ADALORA"])
@pytest.mark.parametrize("field", ["rank_pattern", "alpha_pattern"])
def test_a_pattern_that_states_nothing(method: str, field: str, tmp_path: Path) -> None:
    adapter = make_lora(tmp_path / "adapter", peft_type=method, **{field: {"layers.0.mlp.up_proj": None}})
    assert Code.ADAPTER_FIELD_UNUSABLE in codes(check(request(make_model(tmp_path / "base"), adapter)).findings)


@pytest.mark.parametrize("method", ["LOHA", "IA3", "ADALORA", "VERA"])
def test_ranks_of_other_methods_that_are_no_numbers(method: str, tmp_path: Path) -> None:
    adapter = make_lora(tmp_path / "adapter", peft_type=method, rank_pattern={"q_proj": float("inf")})
    assert Code.ADAPTER_FIELD_UNUSABLE in codes(check(request(make_model(tmp_path / "base"), adapter)).findings)


@pytest.mark.parametrize("method", sorted(PEFT_TYPE_TO_CONFIG_MAPPING))
def test_what_peft_states_by_itself_is_no_trouble(method: PeftType, tmp_path: Path) -> None:
    """Methods without a rank or an alpha write null for it."""
    stated = PEFT_TYPE_TO_CONFIG_MAPPING[method]
    defaults = {field.name: field.default for field in fields(stated) if field.default is not MISSING}
    adapter = make_lora(tmp_path / "adapter")
    plain = json.loads(json.dumps(defaults, default=str))
    write_json(adapter / "adapter_config.json", {**plain, "peft_type": method.value})
    assert Code.ADAPTER_FIELD_UNUSABLE not in {finding.code for finding in inspect_folder(adapter).findings}


@needs_links
@pytest.mark.parametrize("main", ["../../elsewhere", "a" * 5000, "\n", "\ud800"], ids=ascii)
def test_a_hub_cache_names_its_own_revisions_only(main: str, tmp_path: Path) -> None:
    make_model(tmp_path / "snapshots" / "0123")
    (tmp_path / "refs").mkdir()
    (tmp_path / "refs" / "main").write_bytes(main.encode(errors="surrogatepass"))
    assert main_revision(tmp_path) is None
    (tmp_path / "refs" / "main").unlink()
    os.mkfifo(tmp_path / "refs" / "main")
    assert main_revision(tmp_path) is None


@pytest.mark.parametrize("field", ["r", "vera_dropout_rank", "nested.block_size"])
def test_sizes_that_peft_would_make_layers_of_are_bounded(field: str, tmp_path: Path) -> None:
    """PEFT makes its layers from the config alone, before it looks at what is stored."""
    name, _, inner = field.partition(".")
    value = {inner: 10**9} if inner else 10**9
    tensors = {
        "base_model.model.model.layers.0.self_attn.q_proj.vera_lambda_b": torch.ones(32),
        "base_model.model.model.layers.0.self_attn.q_proj.vera_lambda_d": torch.ones(4),
    }
    adapter = make_lora(tmp_path / "adapter", tensors, **{"peft_type": "VERA", "lora_alpha": None, name: value})
    started = time.monotonic()
    found = check(request(make_model(tmp_path / "base"), adapter, engine=Engine.PEFT))
    assert time.monotonic() - started < 10
    assert_says(the(found.findings, Code.ADAPTER_FIELD_UNUSABLE), Severity.ERROR, field, "1000000000")
