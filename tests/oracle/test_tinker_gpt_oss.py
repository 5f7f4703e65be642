"""tinker's own form of a gpt-oss adapter: gate and up of each expert apart, which the base holds in turn."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path
from types import MethodType
from typing import Any

import pytest
import torch
from families import EXPERTS, Family, save_base
from folders import assert_says, codes, failed, request, the, write_json, write_tensors
from foreign_folders import peft_tensors
from packed_bases import make_gpt_oss
from peft import PeftModel
from tiny_models import assert_same_tensors, same_bits, tensors, third_party_noise_off
from torch import nn
from transformers import GptOssForCausalLM, Mxfp4Config

from mergedesk.domain.conversion_report import ConversionStatus
from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, MergeRequest, VerifyRequest
from mergedesk.pipelines.check import check
from mergedesk.pipelines.convert_adapter import ConversionRequest, convert_adapter
from mergedesk.pipelines.merge import merge
from mergedesk.pipelines.verify import verify

pytestmark = pytest.mark.slow
Tensors = dict[str, torch.Tensor]
RANK, ALPHA, EXPERT_COUNT, HIDDEN = 3, 6, 4, 48
STRENGTH = ALPHA / RANK
STEM = "base_model.model.model.layers"
LEAVES = ("w1", "w2", "w3")


def family(inner: int) -> Family:
    """gpt-oss with experts of ``inner`` outputs; of as many as inputs its matrices are square, as in the real ones."""
    whole = EXPERTS["gpt_oss"]
    return replace(whole, config=type(whole.config)(**{**whole.config.to_dict(), "intermediate_size": inner}))


def tinker_tensors(inner: int, leaves: tuple[str, ...] = LEAVES, shared: str = "") -> Tensors:
    """Stacked pairs of experts, of which all share one factor, attention under tinker's name, and the head."""
    make, stored = torch.Generator().manual_seed(5), Tensors()

    def pair(module: str, inputs: int, outputs: int, *stack: int) -> None:
        for part, shape in (("A", (*stack, RANK, inputs)), ("B", (*stack, outputs, RANK))):
            value = torch.randn(shape, generator=make) * 0.1
            name = f"{module}.lora_{part}.weight"
            stored[name] = value[:1].clone() if stack and part == shared else value

    for layer, leaf in product(range(2), leaves):
        sizes = (inner, HIDDEN) if leaf == "w2" else (HIDDEN, inner)
        pair(f"{STEM}.{layer}.mlp.experts.{leaf}", *sizes, EXPERT_COUNT)
    for layer in range(2):
        pair(f"{STEM}.{layer}.attn.q_proj", HIDDEN, 48)
    pair("base_model.model.model.unembed_tokens", HIDDEN, 131)
    return stored


def as_tinker(folder: Path, stored: Tensors) -> Path:
    write_tensors(folder / "adapter_model.safetensors", stored)
    config = {"peft_type": "LORA", "r": RANK, "lora_alpha": ALPHA, "target_modules": "all-linear", "bias": "none"}
    write_json(folder / "adapter_config.json", {**config, "task_type": "CAUSAL_LM"})
    return folder


def delta(stored: Tensors, module: str, expert: int | None = None) -> torch.Tensor:
    """scaling · B·A, (outputs, inputs) float64; of one expert of a stack, or of the one that all share."""
    a, b = (stored[f"{module}.lora_{part}.weight"].double() for part in "AB")
    if expert is not None:
        a, b = (side[expert if len(side) > 1 else 0] for side in (a, b))
    return STRENGTH * (b @ a)


def by_hand(base: Tensors, stored: Tensors) -> Tensors:
    """Every tensor in float64: gate in even columns, up in odd ones."""
    made = {name: value.double().clone() for name, value in base.items()}
    for layer, expert in product(range(2), range(EXPERT_COUNT)):
        ours, theirs = f"model.layers.{layer}.mlp.experts", f"{STEM}.{layer}.mlp.experts"
        for leaf, first in (("w1", 0), ("w3", 1)):
            if f"{theirs}.{leaf}.lora_A.weight" in stored:
                made[f"{ours}.gate_up_proj"][expert, :, first::2] += delta(stored, f"{theirs}.{leaf}", expert).t()
        if f"{theirs}.w2.lora_A.weight" in stored:
            made[f"{ours}.down_proj"][expert] += delta(stored, f"{theirs}.w2", expert).t()
    for layer in range(2):
        made[f"model.layers.{layer}.self_attn.q_proj.weight"] += delta(stored, f"{STEM}.{layer}.attn.q_proj")
    made["lm_head.weight"] += delta(stored, "base_model.model.model.unembed_tokens")
    return made


def merged(base: Path, adapter: Path, output: Path) -> Path:
    report = merge(request(base, adapter, output), lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED, report.findings
    assert_says(the(report.findings, Code.FOREIGN_READ_TINKER), Severity.INFO, "tinker")
    return output


@pytest.mark.parametrize("inner", [40, HIDDEN])
@pytest.mark.parametrize("shared", ["", "A", "B"])
@pytest.mark.parametrize("leaves", [LEAVES, ("w1",), ("w3",), ("w2",)], ids=str)
def test_every_value_is_that_of_a_plain_computation(
    inner: int, shared: str, leaves: tuple[str, ...], tmp_path: Path
) -> None:
    base, stored = save_base(family(inner), tmp_path / "base"), tinker_tensors(inner, leaves, shared)
    found = tensors(merged(base, as_tinker(tmp_path / "own", stored), tmp_path / "ours"))
    wanted = by_hand(tensors(base), stored)
    assert found.keys() == wanted.keys()
    for name, value in found.items():
        torch.testing.assert_close(value.double(), wanted[name], rtol=1e-6, atol=1e-6)
    asked = VerifyRequest(base, (AdapterChoice(tmp_path / "own"),), tmp_path / "ours")
    assert verify(asked, lambda _: None, CancelToken()).matches


class Beside:
    """The experts of one layer with their adapters beside them: nothing is added to a weight."""

    def __init__(self, stored: Tensors, layer: int) -> None:
        self.stored, self.stem = stored, f"{STEM}.{layer}.mlp.experts"

    def of(self, states: torch.Tensor, leaf: str, expert: int) -> torch.Tensor:
        return states @ delta(self.stored, f"{self.stem}.{leaf}", expert).to(states.dtype).t()

    def forward(self, module: Any, states: torch.Tensor, chosen: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
        total = torch.zeros_like(states)
        for expert in range(EXPERT_COUNT):
            both = states @ module.gate_up_proj[expert] + module.gate_up_proj_bias[expert]
            gate = (both[..., 0::2] + self.of(states, "w1", expert)).clamp(max=module.limit)
            up = (both[..., 1::2] + self.of(states, "w3", expert)).clamp(-module.limit, module.limit)
            inner = (up + 1) * gate * torch.sigmoid(gate * module.alpha)
            out = inner @ module.down_proj[expert] + module.down_proj_bias[expert] + self.of(inner, "w2", expert)
            total += out * (weights * (chosen == expert)).sum(-1, keepdim=True)
        return total


def add_beside(module: nn.Module, change: torch.Tensor) -> None:
    module.register_forward_hook(lambda _module, args, out: out + args[0] @ change.to(out.dtype).t())


def test_the_model_answers_as_with_the_adapter_beside_it(tmp_path: Path) -> None:
    """transformers' GptOss in float64, the pairs applied to what goes into each layer, against the merged folder."""
    base, stored = save_base(family(40), tmp_path / "base"), tinker_tensors(40)
    merged(base, as_tinker(tmp_path / "own", stored), tmp_path / "ours")
    with third_party_noise_off():
        apart, together = (
            GptOssForCausalLM.from_pretrained(
                folder, dtype="float64", attn_implementation="eager", experts_implementation="eager"
            )
            for folder in (base, tmp_path / "ours")
        )
    ids = torch.arange(2, 14).unsqueeze(0)
    with torch.no_grad():
        untouched = apart(ids).logits
        for number, layer in enumerate(apart.model.layers):
            beside = Beside(stored, number)
            layer.mlp.experts.forward = MethodType(
                lambda module, states, chosen, weights, beside=beside: beside.forward(module, states, chosen, weights),
                layer.mlp.experts,
            )
            add_beside(layer.self_attn.q_proj, delta(stored, f"{STEM}.{number}.attn.q_proj"))
        add_beside(apart.lm_head, delta(stored, "base_model.model.model.unembed_tokens"))
        wanted, found = apart(ids).logits, together(ids).logits
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-5)
    assert (untouched - wanted).abs().amax() > 100 * (found - wanted).abs().amax()


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("shared", ["", "A"])
def test_what_is_converted_loads_in_peft_and_merges_to_the_same_bytes(dtype: str, shared: str, tmp_path: Path) -> None:
    base = save_base(family(HIDDEN), tmp_path / "base", dtype)
    own = as_tinker(tmp_path / "own", tinker_tensors(HIDDEN, shared=shared))
    report = convert_adapter(ConversionRequest(own, tmp_path / "peft", base), CancelToken())
    assert report.status is ConversionStatus.CONVERTED, report.findings
    with third_party_noise_off():
        model = GptOssForCausalLM.from_pretrained(base, dtype=dtype)
        wrapped = PeftModel.from_pretrained(model, tmp_path / "peft")
        loaded = {name.replace(".default", ""): value for name, value in wrapped.state_dict().items()}
        written = peft_tensors(tmp_path / "peft")
        assert [
            name for name, value in written.items() if not same_bits(loaded[f"base_model.model.{name}"], value)
        ] == []
        wrapped.merge_and_unload().save_pretrained(tmp_path / "theirs")
    assert_same_tensors(merged(base, own, tmp_path / "ours"), tmp_path / "theirs")


def refused(stored: Tensors, home: Path) -> Any:
    found = check(request(save_base(family(40), home / "base"), as_tinker(home / "own", stored)))
    assert found.refused
    return found.findings


@pytest.mark.parametrize("leaf", ["w1", "w3"])
def test_gate_and_up_that_differ_are_refused(leaf: str, tmp_path: Path) -> None:
    stored, name = tinker_tensors(40), f"{STEM}.0.mlp.experts.{leaf}.lora_B.weight"
    stored[name] = stored[name][:, :39].clone()
    assert_says(the(refused(stored, tmp_path), Code.FOREIGN_TENSORS_ODD), Severity.ERROR, "gate_up_proj")


def test_other_experts_than_the_base_has_are_refused(tmp_path: Path) -> None:
    stored = {
        name: torch.cat([value, value[:1]]) if ".experts." in name else value
        for name, value in tinker_tensors(40).items()
    }
    assert_says(the(refused(stored, tmp_path), Code.FOREIGN_TENSORS_ODD), Severity.ERROR, "gate_up_proj")


def of_experts(hidden: int, inner: int, count: int) -> Tensors:
    """Stacked pairs of the experts of a base of these sizes, and nothing else."""
    stored, sizes = Tensors(), {"w1": (hidden, inner), "w3": (hidden, inner), "w2": (inner, hidden)}
    for layer, (leaf, (inputs, outputs)) in product(range(2), sizes.items()):
        name = f"{STEM}.{layer}.mlp.experts.{leaf}"
        stored[f"{name}.lora_A.weight"] = torch.randn(count, RANK, inputs) * 0.1
        stored[f"{name}.lora_B.weight"] = torch.randn(count, outputs, RANK) * 0.1
    return stored


@pytest.mark.parametrize("kept", [False, True], ids=["dequantised", "kept"])
def test_experts_of_a_base_in_mxfp4_as_it_is_published(kept: bool, tmp_path: Path) -> None:
    """Turned back into what PEFT makes of the plain weights with the converted adapter; or proved in its own format."""
    base = make_gpt_oss(tmp_path / "plain", tmp_path / "base")
    own = as_tinker(tmp_path / "own", of_experts(64, 32, 3))
    asked = MergeRequest(
        base, (AdapterChoice(own),), tmp_path / "ours", dequantize=not kept, keep_quantization=kept, accept_loss=kept
    )
    report = merge(asked, lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    assert Code.PATTERN_UNMATCHED not in codes(report.findings)
    proof = verify(VerifyRequest(base, (AdapterChoice(own),), tmp_path / "ours"), lambda _: None, CancelToken())
    assert proof.matches
    if kept:
        changed = {
            name for name, value in tensors(tmp_path / "ours").items() if not same_bits(value, tensors(base)[name])
        }
        assert {name.rpartition("_")[2] for name in changed} <= {"blocks", "scales"}
        assert sum(name.endswith("blocks") for name in changed) == 4
        return
    written = convert_adapter(ConversionRequest(own, tmp_path / "peft", base), CancelToken())
    assert written.status is ConversionStatus.CONVERTED, written.findings
    with third_party_noise_off():
        plain = GptOssForCausalLM.from_pretrained(base, quantization_config=Mxfp4Config(dequantize=True))
        made = PeftModel.from_pretrained(plain, tmp_path / "peft").merge_and_unload().state_dict()
    found = tensors(tmp_path / "ours")
    assert [name for name, value in found.items() if not same_bits(value, made[name])] == []


def test_its_attention_is_merged_in_place_beside_experts_in_mxfp4(tmp_path: Path) -> None:
    base, stored = make_gpt_oss(tmp_path / "plain", tmp_path / "base"), Tensors()
    for layer in range(2):
        name = f"{STEM}.{layer}.attn.q_proj"
        stored[f"{name}.lora_A.weight"] = torch.randn(RANK, 64) * 0.1
        stored[f"{name}.lora_B.weight"] = torch.randn(64, RANK) * 0.1
    stored |= of_head(64)
    own = as_tinker(tmp_path / "own", stored)
    merged(base, own, tmp_path / "ours")
    before, after = tensors(base), tensors(tmp_path / "ours")
    changed = {name for name, value in after.items() if not same_bits(value, before[name])}
    layers = {f"model.layers.{layer}.self_attn.q_proj.weight" for layer in range(2)}
    assert changed == {*layers, "lm_head.weight"}
    for name in changed:
        module = "unembed_tokens" if "head" in name else name.removesuffix(".weight").removeprefix("model.")
        wanted = before[name].double() + delta(stored, f"base_model.model.model.{module.replace('self_attn', 'attn')}")
        torch.testing.assert_close(after[name].double(), wanted, rtol=2.0**-8, atol=1e-6)
    assert (tmp_path / "ours" / "config.json").read_bytes() == (base / "config.json").read_bytes()


def of_head(hidden: int) -> Tensors:
    sizes = {"A": (RANK, hidden), "B": (131, RANK)}
    stem = "base_model.model.model.unembed_tokens"
    return {f"{stem}.lora_{part}.weight": torch.randn(shape) * 0.1 for part, shape in sizes.items()}
