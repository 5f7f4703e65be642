"""Adapters on mixtures of experts against PEFT's own script: attention only, whole parameters, and expert by expert."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from families import EXPERT_PARAMETERS, EXPERTS, merged_by_peft, save_adapter, save_base
from safetensors.torch import load_file, save_file
from staged_merges import staged_merge
from tiny_models import assert_same_tensors, merge_with_mergedesk, same_bits, tensors
from transformers import Qwen3MoeConfig

from mergedesk.domain.findings import CheckCode, CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.pipelines.merge import merge as run_merge
from mergedesk.verification.staged.values import CHECK as VALUES

WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"
TARGETS: Mapping[str, Mapping[str, Any]] = {
    "attention": {},
    "parameters": {"target_parameters": list(EXPERT_PARAMETERS)},
    "experts_only": {"target_modules": [], "target_parameters": ["mlp.experts.down_proj", "experts.gate_up_proj"]},
    "one_parameter": {"target_parameters": ["experts.down_proj"]},
    "ranks": {
        "target_parameters": list(EXPERT_PARAMETERS),
        "rank_pattern": {"experts.down_proj": 5},
        "alpha_pattern": {"gate_up_proj": 7},
        "use_rslora": True,
    },
    "router": {"target_parameters": [*EXPERT_PARAMETERS, "gate.weight", "router.weight"]},
}
Made = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def base_of(tmp_path_factory: pytest.TempPathFactory) -> Made:
    made: dict[tuple[str, str], Path] = {}

    def get(family: str, dtype: str = "float32") -> Path:
        if (family, dtype) not in made:
            made[family, dtype] = save_base(EXPERTS[family], tmp_path_factory.mktemp(f"{family}-{dtype}"), dtype)
        return made[family, dtype]

    return get


@pytest.mark.slow
@pytest.mark.parametrize("targets", TARGETS)
@pytest.mark.parametrize("family", EXPERTS)
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_is_peft_s_to_the_bit(family: str, targets: str, dtype: str, base_of: Made, tmp_path: Path) -> None:
    base = base_of(family, dtype)
    adapter = save_adapter(EXPERTS[family], base, tmp_path / "adapter", **TARGETS[targets])
    theirs = merged_by_peft(EXPERTS[family], base, adapter, tmp_path / "peft")
    plan, _ = merge_with_mergedesk(base, adapter, tmp_path / "ours")
    assert_same_tensors(tmp_path / "ours", theirs)
    before, after = tensors(base), tensors(tmp_path / "ours")
    changed = {name for name in after if not same_bits(before[name], after[name])}
    assert changed == {tensor.name for tensor in plan.tensors if tensor.targeted}
    if targets != "attention":
        assert any("experts" in name for name in changed)


def rewritten(source: Path, target: Path, change: Callable[[dict[str, torch.Tensor], dict[str, Any]], None]) -> Path:
    """A copy of an adapter with its tensors and config changed."""
    tensors_, config = load_file(source / WEIGHTS), json.loads((source / CONFIG).read_text())
    change(tensors_, config)
    target.mkdir()
    save_file({name: tensor.contiguous() for name, tensor in tensors_.items()}, target / WEIGHTS)
    (target / CONFIG).write_text(json.dumps(config))
    return target


OLD_NAMES = {
    "mixtral": ("block_sparse_moe", ("w1", "w3"), "w2"),
    "qwen3_moe": ("mlp", ("gate_proj", "up_proj"), "down_proj"),
    "deepseek_v3": ("mlp", ("gate_proj", "up_proj"), "down_proj"),
}


def expert_by_expert(family: str, base: Path, target: Path, rank: int = 2) -> Path:
    """An adapter as transformers 4 and the PEFT of its time wrote it: a pair for each matrix of each expert."""
    block, inner, outer = OLD_NAMES[family]
    torch.manual_seed(3)
    stored = tensors(base)
    names = [name for name in stored if ".experts." in name or name.endswith(f"{block}.gate.weight")]
    values: dict[str, torch.Tensor] = {}
    for name in names:
        module = f"base_model.model.{name.removesuffix('.weight')}"
        values[f"{module}.lora_A.weight"] = torch.randn(rank, stored[name].shape[1])
        values[f"{module}.lora_B.weight"] = torch.randn(stored[name].shape[0], rank) * 0.1
    config = {
        "peft_type": "LORA", "task_type": "CAUSAL_LM", "r": rank, "lora_alpha": 3, "peft_version": "0.14.0",
        "target_modules": [*inner, outer, "gate"], "base_model_name_or_path": None,
    }  # fmt: skip
    target.mkdir()
    save_file(values, target / WEIGHTS)
    (target / CONFIG).write_text(json.dumps(config))
    return target


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("family", OLD_NAMES)
def test_expert_by_expert_is_what_peft_makes_of_it(family: str, dtype: str, base_of: Made, tmp_path: Path) -> None:
    base = base_of(family, dtype)
    adapter = expert_by_expert(family, base, tmp_path / "adapter")
    theirs = merged_by_peft(EXPERTS[family], base, adapter, tmp_path / "peft")
    plan, _ = merge_with_mergedesk(base, adapter, tmp_path / "ours")
    assert sum(tensor.targeted for tensor in plan.tensors) == plan.targeted_modules
    assert_same_tensors(tmp_path / "ours", theirs)


def as_peft_0_18(values: dict[str, torch.Tensor], config: dict[str, Any]) -> None:
    """The same deltas in the order that PEFT packed by before 0.19.1: the first dimension as input, always."""
    config["peft_version"] = "0.18.0"
    for name in [name for name in values if ".experts." in name and "lora_A" in name]:
        a, b = values[name], values[name.replace("lora_A", "lora_B")]
        a_of = a.view(4, -1, a.shape[1])  # experts, rank, inputs
        b_of = b.view(b.shape[0], -1, 4)  # outputs, rank, experts
        values[name] = b_of.permute(2, 1, 0).reshape(a.shape[0], -1)
        values[name.replace("lora_A", "lora_B")] = a_of.permute(2, 1, 0).reshape(a.shape[1], -1)


def as_unsloth_grouped(values: dict[str, torch.Tensor], config: dict[str, Any]) -> None:
    """The same deltas with each expert's columns of B side by side, as Unsloth once read them."""
    config["lora_B_layout"] = "grouped_by_expert"
    for name in [name for name in values if ".experts." in name and "lora_B" in name]:
        values[name] = values[name].view(values[name].shape[0], -1, 4).transpose(1, 2).flatten(1)


@pytest.mark.parametrize("repack", [as_peft_0_18, as_unsloth_grouped])
def test_other_packings_are_recognised(repack: Any, base_of: Made, tmp_path: Path) -> None:
    family, base = EXPERTS["mixtral"], base_of("mixtral", "bfloat16")
    adapter = save_adapter(family, base, tmp_path / "adapter", **TARGETS["parameters"])
    other = rewritten(adapter, tmp_path / "other", repack)
    merge_with_mergedesk(base, other, tmp_path / "ours")
    assert_same_tensors(tmp_path / "ours", merged_by_peft(family, base, adapter, tmp_path / "peft"))


@pytest.fixture(scope="module")
def square(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose down projections are square, and an adapter on them."""
    folder = tmp_path_factory.mktemp("square")
    config = Qwen3MoeConfig(**{**EXPERTS["qwen3_moe"].config.to_dict(), "moe_intermediate_size": 48})
    family = replace(EXPERTS["qwen3_moe"], config=config)
    save_base(family, folder / "base")
    save_adapter(family, folder / "base", folder / "adapter", **TARGETS["parameters"])
    merged_by_peft(family, folder / "base", folder / "adapter", folder / "peft")
    return folder


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, False),
        ({"peft_version": "0.19.1"}, False),
        ({"peft_version": "0.19.1.dev0@abc"}, True),
        ({"peft_version": "0.18.1"}, True),
        ({"peft_version": None}, True),
        ({"auto_mapping": {"unsloth_fixed": True}}, True),
        ({"auto_mapping": {"unsloth_fixed": True}, "lora_B_layout": "rank_major"}, False),
    ],
)
def test_square_experts_need_a_version(changes: dict[str, Any], refused: bool, square: Path, tmp_path: Path) -> None:
    adapter = rewritten(square / "adapter", tmp_path / "adapter", lambda _, config: config.update(changes))
    report = merge(square / "base", adapter, tmp_path / "out")
    if refused:
        assert [one.code for one in report.findings if one.severity is Severity.ERROR] == [Code.EXPERT_PACKING_UNCLEAR]
    else:
        assert report.status is MergeStatus.MERGED
        assert_same_tensors(tmp_path / "out", square / "peft")


@pytest.mark.parametrize("trained", [True, False])
def test_every_expert_must_have_changed(trained: bool, base_of: Made, tmp_path: Path) -> None:
    """A stacked tensor of which one expert stayed as it was: told where its delta is nothing, refused where not."""
    family, base = EXPERTS["gpt_oss"], base_of("gpt_oss", "float32")
    adapter = save_adapter(family, base, tmp_path / "adapter", **TARGETS["parameters"])
    name = "model.layers.1.mlp.experts.down_proj"

    def idle(values: dict[str, torch.Tensor], _: dict[str, Any]) -> None:
        values["base_model.model.model.layers.1.mlp.experts.lora_B.weight"][:, 2::4] = 0

    adapter = adapter if trained else rewritten(adapter, tmp_path / "idle", idle)
    plan, _ = merge_with_mergedesk(base, adapter, tmp_path / "ours")
    stored = load_file(tmp_path / "ours" / "model.safetensors")
    stored[name][2] = tensors(base)[name][2]
    save_file(stored, tmp_path / "ours" / "model.safetensors")
    checks = {check.code: check for check in VALUES.run(staged_merge(tmp_path / "ours", base, plan.tensors))}
    changed = checks[CheckCode.TARGETED_CHANGED]
    assert changed.status is (CheckStatus.FAIL if trained else CheckStatus.WARN)
    assert changed.data["names"] == [name]


@pytest.mark.slow
def test_sharded_experts_and_a_stacked_checkpoint(tmp_path: Path) -> None:
    """Experts spread over files; and the same adapter, expert by expert, for a base that stores them stacked."""
    family = EXPERTS["mixtral"]
    base = save_base(family, tmp_path / "base", "bfloat16", max_shard_size="40KB")
    assert len(list(base.glob("*.safetensors"))) > 3
    adapter = save_adapter(family, base, tmp_path / "adapter", **TARGETS["parameters"])
    theirs = merged_by_peft(family, base, adapter, tmp_path / "peft")
    assert merge(base, adapter, tmp_path / "ours").status is MergeStatus.MERGED
    assert_same_tensors(tmp_path / "ours", theirs)

    stacked = tmp_path / "stacked"
    shutil.copytree(base, stacked, ignore=shutil.ignore_patterns("*.safetensors*"))
    save_file(stack(tensors(base)), stacked / "model.safetensors", {"format": "pt"})
    one_by_one = expert_by_expert("mixtral", base, tmp_path / "one_by_one")
    for number, each in enumerate((adapter, one_by_one)):
        expected = merged_by_peft(family, base, each, tmp_path / f"expected{number}")
        report = merge(stacked, each, tmp_path / f"out{number}")
        assert report.status is MergeStatus.MERGED, report.findings
        ours, wanted = tensors(tmp_path / f"out{number}"), stack(tensors(expected))
        assert ours.keys() == wanted.keys()
        assert [name for name in ours if not same_bits(ours[name], wanted[name])] == []


def stack(stored: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Mixtral's experts as the class of today holds them."""
    for layer in (0, 1):
        block = f"model.layers.{layer}.block_sparse_moe.experts"
        w1, w2, w3 = (
            [stored.pop(f"{block}.{expert}.{one}.weight") for expert in range(4)] for one in ("w1", "w2", "w3")
        )
        halves = [torch.cat(pair) for pair in zip(w1, w3, strict=True)]
        experts = f"model.layers.{layer}.mlp.experts"
        stored |= {f"{experts}.gate_up_proj": torch.stack(halves), f"{experts}.down_proj": torch.stack(w2)}
    return stored


def merge(base: Path, adapter: Path, output: Path) -> MergeReport:
    """The whole job."""
    return run_merge(MergeRequest(base, (AdapterChoice(adapter),), output), lambda _: None, CancelToken())
