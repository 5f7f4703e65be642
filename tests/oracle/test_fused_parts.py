"""Adapters trained on layers apart that the base stores as one: placed as PEFT merges them when joined by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from families import EXPERTS, save_base
from folders import codes, request, write_json, write_tensors
from tiny_models import MakeBase, assert_same_tensors, merge_with_peft, tensors
from transformers import Qwen3_5ForCausalLM, Qwen3_5TextConfig

from mergedesk.domain.findings import Code
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, VerifyRequest
from mergedesk.pipelines.check import check
from mergedesk.pipelines.merge import merge
from mergedesk.pipelines.verify import verify

pytestmark = pytest.mark.slow
Tensors = dict[str, torch.Tensor]
PREFIX = "base_model.model."
RANK, ALPHA = 3, 6


def adapter(folder: Path, stored: Tensors, rank: int = RANK, alpha: int = ALPHA, **config: Any) -> Path:
    write_tensors(folder / "adapter_model.safetensors", {PREFIX + name: value for name, value in stored.items()})
    modules = sorted({name.partition(".lora_")[0] for name in stored})
    own = {"peft_type": "LORA", "r": rank, "lora_alpha": alpha, "target_modules": modules, "task_type": "CAUSAL_LM"}
    write_json(folder / "adapter_config.json", {**own, **config})
    return folder


def pair(module: str, inputs: int, outputs: int, seed: int) -> Tensors:
    make = torch.Generator().manual_seed(seed)
    a, b = (torch.randn(*shape, generator=make) * 0.1 for shape in ((RANK, inputs), (outputs, RANK)))
    return {f"{module}.lora_A.weight": a, f"{module}.lora_B.weight": b}


def joined(stored: Tensors, parts: list[str], whole: str) -> Tensors:
    """One pair for layers that lie one below the other: A's stacked, B's along the diagonal."""
    a = torch.cat([stored[f"{part}.lora_A.weight"] for part in parts])
    b = torch.block_diag(*(stored[f"{part}.lora_B.weight"] for part in parts))
    return {f"{whole}.lora_A.weight": a, f"{whole}.lora_B.weight": b}


def assert_merges_alike(base: Path, apart: Path, by_hand: Path, home: Path) -> None:
    report = merge(request(base, apart, home / "ours"), lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED, report.findings
    assert_same_tensors(home / "ours", merge_with_peft("llama", base, by_hand, home / "theirs"))
    proof = verify(VerifyRequest(base, (AdapterChoice(apart),), home / "theirs"), lambda _: None, CancelToken())
    assert proof.matches


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("self_attn.qkv_proj", {"self_attn.q_proj": 48, "self_attn.k_proj": 24, "self_attn.v_proj": 24}),
        ("mlp.gate_up_proj", {"mlp.gate_proj": 80, "mlp.up_proj": 80}),
    ],
)
def test_layers_of_phi(whole: str, parts: dict[str, int], dtype: str, base_of: MakeBase, tmp_path: Path) -> None:
    base, stored, together = base_of("phi3", dtype), Tensors(), Tensors()
    for layer in range(2):
        names = [f"model.layers.{layer}.{part}" for part in parts]
        for seed, (name, rows) in enumerate(zip(names, parts.values(), strict=True)):
            stored |= pair(name, 48, rows, 10 * layer + seed)
        together |= joined(stored, names, f"model.layers.{layer}.{whole}")
    by_hand = adapter(tmp_path / "hand", together, RANK * len(parts), ALPHA * len(parts))
    assert_merges_alike(base, adapter(tmp_path / "apart", stored), by_hand, tmp_path)


def test_one_of_three_leaves_the_others(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("phi3")
    apart = adapter(tmp_path / "apart", pair("model.layers.0.self_attn.k_proj", 48, 24, 0))
    merge(request(base, apart, tmp_path / "ours"), lambda _: None, CancelToken())
    name = "model.layers.0.self_attn.qkv_proj.weight"
    before, after = (tensors(folder)[name] for folder in (base, tmp_path / "ours"))
    changed = (before != after).any(1)
    assert changed.nonzero().flatten().tolist() == list(range(48, 72))


def qwen(folder: Path) -> Path:
    torch.manual_seed(0)
    config = Qwen3_5TextConfig(
        vocab_size=131, hidden_size=48, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=12, layer_types=["linear_attention", "full_attention"],
        linear_num_key_heads=2, linear_key_head_dim=8, linear_num_value_heads=4, linear_value_head_dim=10,
        tie_word_embeddings=False,
    )  # fmt: skip
    Qwen3_5ForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)
    return folder


def test_linear_attention_of_qwen(tmp_path: Path) -> None:
    base, stored = qwen(tmp_path / "base"), Tensors()
    names = [f"model.layers.0.linear_attn.in_proj_{part}" for part in "qkv"]
    for seed, (name, rows) in enumerate(zip(names, (16, 16, 40), strict=True)):
        stored |= pair(name, 48, rows, seed)
    together = joined(stored, names, "model.layers.0.linear_attn.in_proj_qkv")
    by_hand = adapter(tmp_path / "hand", together, 3 * RANK, 3 * ALPHA)
    assert_merges_alike(base, adapter(tmp_path / "apart", stored), by_hand, tmp_path)


def test_linear_attention_and_head_under_tinkers_names(tmp_path: Path) -> None:
    base, stored = qwen(tmp_path / "base"), Tensors()
    names = [f"model.layers.0.linear_attn.in_proj_{part}" for part in "qkv"]
    for seed, (name, rows) in enumerate(zip(names, (16, 16, 40), strict=True)):
        stored |= pair(name, 48, rows, seed)
    together = joined(stored, names, "model.layers.0.linear_attn.in_proj_qkv")
    head = pair("lm_head", 48, 131, 7)
    own = stored | {name.replace("lm_head", "model.unembed_tokens"): value for name, value in head.items()}
    ranks = {"rank_pattern": {"in_proj_qkv": 3 * RANK}, "alpha_pattern": {"in_proj_qkv": 3 * ALPHA}}
    by_hand = adapter(tmp_path / "hand", together | head, **ranks)
    assert_merges_alike(base, adapter(tmp_path / "apart", own, target_modules="all-linear"), by_hand, tmp_path)


@pytest.mark.parametrize(("leaf", "inputs", "outputs"), [("gate_up", 48, 80), ("down", 40, 48)])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_experts_of_gpt_oss_one_by_one(leaf: str, inputs: int, outputs: int, dtype: str, tmp_path: Path) -> None:
    base = save_base(EXPERTS["gpt_oss"], tmp_path / "base", dtype)
    assert tensors(base)[f"model.layers.0.mlp.experts.{leaf}_proj"].shape == (4, inputs, outputs)
    stored, together = Tensors(), Tensors()
    for layer in range(2):
        experts = [pair(f"model.layers.{layer}.mlp.experts.{leaf}_projs.{e}", inputs, outputs, e) for e in range(4)]
        a, b = (torch.stack([list(one.values())[side] for one in experts]) for side in (0, 1))
        for one in experts:
            stored |= one
        wrapped = f"model.layers.{layer}.mlp.experts"
        together[f"{wrapped}.lora_A.weight"] = a.reshape(4 * RANK, inputs)
        together[f"{wrapped}.lora_B.weight"] = b.permute(1, 2, 0).reshape(outputs, 4 * RANK)
    config = {"target_modules": [], "target_parameters": [f"mlp.experts.{leaf}_proj"], "peft_version": "0.21.2"}
    by_hand = adapter(tmp_path / "hand", together, **config)
    assert_merges_alike(base, adapter(tmp_path / "apart", stored), by_hand, tmp_path)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_router_of_gpt_oss_as_a_layer(dtype: str, tmp_path: Path) -> None:
    base = save_base(EXPERTS["gpt_oss"], tmp_path / "base", dtype)
    names = [f"model.layers.{layer}.mlp.router" for layer in range(2)]
    stored = {
        key: value for seed, name in enumerate(names) for key, value in pair(f"{name}.linear", 48, 4, seed).items()
    }
    trained = adapter(tmp_path / "apart", stored)
    report = merge(request(base, trained, tmp_path / "ours"), lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED, report.findings
    before, after = tensors(base), tensors(tmp_path / "ours")
    for name in names:
        weight = before.pop(f"{name}.weight")
        delta = stored[f"{name}.linear.lora_B.weight"] @ stored[f"{name}.linear.lora_A.weight"] * (ALPHA / RANK)
        ours, theirs = after.pop(f"{name}.weight"), (weight.float() + delta).to(weight.dtype)
        torch.testing.assert_close(ours, theirs, rtol=1e-6, atol=1e-7)
        assert not torch.equal(ours, weight)
    assert all(torch.equal(before[name], value) for name, value in after.items())


def test_dora_on_a_part_is_refused(base_of: MakeBase, tmp_path: Path) -> None:
    name = "model.layers.0.self_attn.q_proj"
    stored = {**pair(name, 48, 48, 0), f"{name}.lora_magnitude_vector": torch.ones(48)}
    found = check(request(base_of("phi3"), adapter(tmp_path / "apart", stored, use_dora=True)))
    assert Code.MAGNITUDE_ON_PART in codes(found.findings)


@pytest.mark.parametrize(
    "name", ["model.layers.0.self_attn.x_proj", "model.layers.9.self_attn.q_proj", "model.layers.0.mlp.q_proj"]
)
def test_what_is_no_part_is_refused(name: str, base_of: MakeBase, tmp_path: Path) -> None:
    found = check(request(base_of("phi3"), adapter(tmp_path / "apart", pair(name, 48, 48, 0))))
    assert Code.KEYS_UNMATCHED in codes(found.findings)


def test_rows_that_are_not_the_heads_are_refused(base_of: MakeBase, tmp_path: Path) -> None:
    stored = pair("model.layers.0.self_attn.k_proj", 48, 48, 0)
    found = check(request(base_of("phi3"), adapter(tmp_path / "apart", stored)))
    assert Code.SHAPE_MISMATCH in codes(found.findings)
