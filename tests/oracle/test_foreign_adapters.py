"""Adapters of other tools are merged to the byte as PEFT merges the same adapter in its own form.

The tools are not installed here: tests that say “by formula” take the form that the tool publishes, made by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
import torch
from families import EXPERTS, save_base
from folders import assert_says, read_json, request, the, write_json, write_tensors
from foreign_folders import QKV, as_litgpt, as_mistral, as_mlx, as_torchtune, turns_of
from peft import LoraConfig
from safetensors.torch import load_file
from tiny_models import MakeBase, assert_same_tensors, make_adapter, merge_with_peft, tensors

from mergedesk.domain.conversion_report import ConversionStatus
from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import Engine
from mergedesk.pipelines.convert_adapter import ConversionRequest, convert_adapter
from mergedesk.pipelines.merge import merge

pytestmark = pytest.mark.slow


def merged(base: Path, adapter: Path, output: Path, engine: Engine = Engine.AUTO) -> MergeReport:
    report = merge(request(base, adapter, output, engine=engine), lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED, report.findings
    return report


def assert_merges_as(kind: str, base: Path, foreign: Path, peft: Path, home: Path, said: Code) -> None:
    """The foreign form gives what PEFT makes of its own form, and of what it is converted to."""
    report = merged(base, foreign, home / "ours")
    assert the(report.findings, said).data["alpha"] == read_json(peft / "adapter_config.json")["lora_alpha"]
    assert_same_tensors(home / "ours", merge_with_peft(kind, base, peft, home / "theirs"))
    assert_converts(kind, base, foreign, home)


def assert_converts(kind: str, base: Path, foreign: Path, home: Path) -> None:
    """``convert-adapter`` writes an adapter that PEFT loads, and merges to the bytes of ours."""
    written = convert_adapter(ConversionRequest(foreign, home / "converted", base), CancelToken())
    assert written.status is ConversionStatus.CONVERTED, written.findings
    assert_same_tensors(home / "ours", merge_with_peft(kind, base, home / "converted", home / "through peft"))


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("options", [{}, {"use_dora": True}, {"layers_to_transform": [1]}], ids=str)
def test_mlx_by_formula(dtype: str, options: dict[str, object], base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama", dtype)
    peft = make_adapter("llama", base, tmp_path / "peft", lora_alpha=80, **options)
    foreign = as_mlx(peft, tmp_path / "mlx")
    assert_merges_as("llama", base, foreign, peft, tmp_path, Code.FOREIGN_READ_MLX)


def test_mlx_embeddings_by_formula(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama")
    peft = make_adapter("llama", base, tmp_path / "peft", target_modules=["embed_tokens", "lm_head", "q_proj"])
    foreign = as_mlx(peft, tmp_path / "mlx")
    assert_merges_as("llama", base, foreign, peft, tmp_path, Code.FOREIGN_READ_MLX)


def test_mlx_whole_weights_take_their_place(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama")
    stored = tensors(base)
    trained = {name: value + 1 for name, value in stored.items() if "layers.1." in name}
    folder = tmp_path / "mlx"
    write_tensors(folder / "adapters.safetensors", trained)
    write_json(folder / "adapter_config.json", {"fine_tune_type": "full", "num_layers": 1, "lora_parameters": {}})
    merged(base, folder, tmp_path / "ours")
    assert {name for name, value in tensors(tmp_path / "ours").items() if not torch.equal(value, stored[name])} == set(
        trained
    )
    ours = tensors(tmp_path / "ours")
    assert all(torch.equal(ours[name], value) for name, value in trained.items())


def test_mlx_stacked_experts_by_formula(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("mixtral", "bfloat16")
    make, leaves = torch.Generator().manual_seed(3), {"w1": "gate_proj", "w3": "up_proj", "w2": "down_proj"}
    stacked, single = {}, {}
    for layer in range(2):
        for ours, theirs in leaves.items():
            inputs, outputs = (80, 48) if ours == "w2" else (48, 80)
            a, b = (torch.randn(4, *shape, generator=make) * 0.1 for shape in ((3, inputs), (outputs, 3)))
            parent = f"model.layers.{layer}.block_sparse_moe"
            stacked |= {f"{parent}.switch_mlp.{theirs}.lora_a": a, f"{parent}.switch_mlp.{theirs}.lora_b": b}
            for expert in range(4):
                stem = f"base_model.model.{parent}.experts.{expert}.{ours}"
                single |= {f"{stem}.lora_A.weight": a[expert].clone(), f"{stem}.lora_B.weight": b[expert].clone()}
    write_tensors(tmp_path / "mlx" / "adapters.safetensors", stacked)
    parameters = {"rank": 3, "scale": 2.0, "dropout": 0.0}
    write_json(tmp_path / "mlx" / "adapter_config.json", {"fine_tune_type": "lora", "lora_parameters": parameters})
    write_tensors(tmp_path / "peft" / "adapter_model.safetensors", single)
    config = {"peft_type": "LORA", "r": 3, "lora_alpha": 6, "target_modules": ["w1", "w2", "w3"]}
    write_json(tmp_path / "peft" / "adapter_config.json", {**config, "task_type": "CAUSAL_LM"})
    merged(base, tmp_path / "mlx", tmp_path / "ours")
    assert_same_tensors(tmp_path / "ours", merge_with_peft("mixtral", base, tmp_path / "peft", tmp_path / "theirs"))
    assert_converts("mixtral", base, tmp_path / "mlx", tmp_path)


@pytest.mark.parametrize("kind", ["llama", "mistral", "gemma", "qwen2"])
@pytest.mark.parametrize("options", [{}, {"use_dora": True}], ids=str)
def test_torchtune_by_formula(kind: str, options: dict[str, object], base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of(kind, "bfloat16")
    peft = make_adapter(kind, base, tmp_path / "peft", **options)
    foreign = as_torchtune(peft, tmp_path / "tune", {} if kind == "qwen2" else turns_of(base))
    assert_merges_as(kind, base, foreign, peft, tmp_path, Code.FOREIGN_READ_ROTATED)


def test_mistral_finetune_by_formula(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("mistral", "bfloat16")
    peft = make_adapter("mistral", base, tmp_path / "peft")
    foreign = as_mistral(peft, tmp_path / "lora", turns_of(base))
    assert_merges_as("mistral", base, foreign, peft, tmp_path, Code.FOREIGN_READ_ROTATED)


@pytest.mark.parametrize("attention", ["attn.qkv", "attn.attn"])
@pytest.mark.parametrize("targets", [["q_proj", "v_proj"], [*QKV, "o_proj", "up_proj", "lm_head"]], ids=len)
def test_litgpt_by_formula(targets: list[str], attention: str, base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama", "bfloat16")
    peft = make_adapter("llama", base, tmp_path / "peft", target_modules=targets)
    foreign = as_litgpt(peft, tmp_path / "lit", base, attention)
    assert_merges_as("llama", base, foreign, peft, tmp_path, Code.FOREIGN_READ_SPLIT)


FORMS: dict[str, Callable[[Path, Path, Path], Path]] = {
    "MLX": lambda peft, folder, _: as_mlx(peft, folder),
    "torchtune": lambda peft, folder, base: as_torchtune(peft, folder, turns_of(base)),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_peft_engine_takes_them_too(form: str, base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama")
    peft = make_adapter("llama", base, tmp_path / "peft")
    foreign = FORMS[form](peft, tmp_path / "foreign", base)
    merged(base, foreign, tmp_path / "ours", Engine.PEFT)
    assert_same_tensors(tmp_path / "ours", merge_with_peft("llama", base, peft, tmp_path / "theirs"))


def test_mlx_embeddings_that_are_the_head_by_formula(base_of: MakeBase, tmp_path: Path) -> None:
    """mlx-lm's ``as_linear`` adds the delta to the head too, as PEFT's merge into the one tensor does."""
    base = base_of("qwen2")
    peft = make_adapter("qwen2", base, tmp_path / "peft", target_modules=["embed_tokens", "q_proj"])
    merged(base, as_mlx(peft, tmp_path / "mlx"), tmp_path / "ours")
    ours, theirs = tensors(tmp_path / "ours"), tensors(merge_with_peft("qwen2", base, peft, tmp_path / "theirs"))
    wanted = theirs["model.embed_tokens.weight"]
    assert torch.equal(ours["model.embed_tokens.weight"], wanted)
    assert torch.allclose(ours["lm_head.weight"], wanted, atol=1e-6)
    assert torch.equal(ours["model.layers.0.self_attn.q_proj.weight"], theirs["model.layers.0.self_attn.q_proj.weight"])


def lora(inputs: int, outputs: int, *stack: int) -> list[torch.Tensor]:
    return [torch.randn(*stack, 4, inputs) * 0.1, torch.randn(*stack, outputs, 4) * 0.1]


def peft_adapter(folder: Path, stored: dict[str, torch.Tensor], targets: list[str] | str, alpha: int = 6) -> Path:
    write_tensors(folder / "adapter_model.safetensors", stored)
    config = {"peft_type": "LORA", "r": 4, "lora_alpha": alpha, "target_modules": targets, "task_type": "CAUSAL_LM"}
    write_json(folder / "adapter_config.json", config)
    return folder


def test_experts_of_mistral_finetune_by_formula(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("mixtral", "bfloat16")
    own, peft = {}, {}
    for layer, expert in product(range(2), range(4)):
        for leaf, shape in {"w1": (48, 80), "w3": (48, 80), "w2": (80, 48)}.items():
            name = f"experts.{expert}.{leaf}"
            for part, value in zip("AB", lora(*shape), strict=True):
                own[f"layers.{layer}.feed_forward.{name}.lora_{part}.weight"] = value
                peft[f"base_model.model.model.layers.{layer}.block_sparse_moe.{name}.lora_{part}.weight"] = value
    write_tensors(tmp_path / "own" / "lora.safetensors", own)
    write_json(tmp_path / "own" / "params.json", {"lora": {"rank": 4, "scaling": 1.5}})
    by_peft = peft_adapter(tmp_path / "peft", peft, ["w1", "w2", "w3"])
    assert_merges_as("mixtral", base, tmp_path / "own", by_peft, tmp_path, Code.FOREIGN_READ_ROTATED)


@pytest.mark.parametrize("shared", ["", "A", "B"])
def test_tinker_by_formula(shared: str, tmp_path: Path) -> None:
    """Stacked experts, of which a factor may be shared, and the head under its own name."""
    base, stem = save_base(EXPERTS["qwen3_moe"], tmp_path / "base", "bfloat16"), "base_model.model.model"
    own, peft = {}, {}
    leaves = {"w1": ("gate_proj", 48, 24), "w3": ("up_proj", 48, 24), "w2": ("down_proj", 24, 48)}
    for layer, (leaf, (ours, *shape)) in product(range(2), leaves.items()):
        experts = f"{stem}.layers.{layer}.mlp.experts"
        for part, value in zip("AB", lora(*shape, 4), strict=True):
            own[f"{experts}.{leaf}.lora_{part}.weight"] = value[:1] if shared == part else value
            for expert in range(4):
                one = value[0 if shared == part else expert].clone()
                peft[f"{experts}.{expert}.{ours}.lora_{part}.weight"] = one
    for part, value in zip("AB", lora(48, 131), strict=True):
        own[f"{stem}.unembed_tokens.lora_{part}.weight"] = value
        peft[f"base_model.model.lm_head.lora_{part}.weight"] = value
    tinker = peft_adapter(tmp_path / "own", {name: value.contiguous() for name, value in own.items()}, "all-linear")
    by_peft = peft_adapter(tmp_path / "peft", peft, ["gate_proj", "up_proj", "down_proj", "lm_head"])
    assert_merges_as("llama", base, tinker, by_peft, tmp_path, Code.FOREIGN_READ_TINKER)


@pytest.mark.parametrize(("kind", "options"), [("qwen2", {}), ("llama", {"use_dora": True}), ("llama", {})], ids=str)
def test_the_form_of_peft_that_torchtune_writes(
    kind: str, options: dict[str, object], base_of: MakeBase, tmp_path: Path
) -> None:
    """Up to 0.6.1 it turns queries and keys of every model in it, but no magnitudes; its own form lies beside it."""
    base = base_of(kind, "bfloat16")
    right = make_adapter(kind, base, tmp_path / "right", **options)
    turns = {} if kind == "qwen2" else turns_of(base)
    folder = as_torchtune(right, tmp_path / "tune", turns)
    written = {}
    for name, value in load_file(right / "adapter_model.safetensors").items():
        leaf = name.partition(".lora_")[0].rpartition(".")[2]
        written[name] = value
        if kind == "qwen2" and leaf in ("q_proj", "k_proj") and ".lora_B" in name:
            heads = 4 if leaf == "q_proj" else 2
            written[name] = value.view(heads, -1, 2, value.shape[1]).transpose(1, 2).reshape(value.shape)
        elif leaf in turns and "magnitude" in name:
            written[name] = turns[leaf](value)
    write_tensors(folder / "adapter_model.safetensors", written)
    merged(base, folder, tmp_path / "ours")
    assert_same_tensors(tmp_path / "ours", merge_with_peft(kind, base, right, tmp_path / "theirs"))
    assert_converts(kind, base, folder, tmp_path)


def as_verl(adapter: Path, folder: Path) -> Path:
    """verl's model merger: PEFT's names and whole config, but for the alpha that it does not know."""
    written = load_file(adapter / "adapter_model.safetensors")
    write_tensors(folder / "adapter_model.safetensors", written)
    targets = sorted({name.partition(".lora_")[0].rpartition(".")[2] for name in written})
    stated = LoraConfig(r=4, lora_alpha=0, target_modules=targets, task_type="CAUSAL_LM").to_dict()
    said = {name: sorted(value) if isinstance(value, set) else value for name, value in stated.items()}
    write_json(folder / "adapter_config.json", {**said, "task_type": "CAUSAL_LM", "peft_type": "LORA"})
    return folder


def test_what_verl_writes_is_refused_until_its_alpha_is_stated(base_of: MakeBase, tmp_path: Path) -> None:
    """PEFT merges it to the base's own bytes and says nothing."""
    base = base_of("llama", "bfloat16")
    peft = make_adapter("llama", base, tmp_path / "peft")
    folder = as_verl(peft, tmp_path / "verl")
    assert_same_tensors(merge_with_peft("llama", base, folder, tmp_path / "silent"), base)
    report = merge(request(base, folder, tmp_path / "ours"), lambda _: None, CancelToken())
    assert report.status is MergeStatus.REFUSED
    assert_says(the(report.findings, Code.SCALING_ZERO), Severity.ERROR, "verl", "actor_rollout_ref.model.lora_alpha")
    stated = read_json(folder / "adapter_config.json")
    write_json(folder / "adapter_config.json", {**stated, "lora_alpha": 6})
    merged(base, folder, tmp_path / "ours")
    assert_same_tensors(tmp_path / "ours", merge_with_peft("llama", base, peft, tmp_path / "theirs"))


@pytest.mark.parametrize("layers", [1, -1])
def test_mlx_trains_the_last_layers_or_all(layers: int, base_of: MakeBase, tmp_path: Path) -> None:
    """``num_layers``, ``keys`` and a scale of a fraction, as mlx-lm writes them; the weights say what was trained."""
    base = base_of("llama", "bfloat16")
    only = {} if layers == -1 else {"layers_to_transform": [1]}
    peft = make_adapter("llama", base, tmp_path / "peft", lora_alpha=50, target_modules=["q_proj", "v_proj"], **only)
    keys = ["self_attn.q_proj", "self_attn.v_proj"]
    parameters = {"rank": 4, "scale": 12.5, "dropout": 0.05, "keys": keys}
    foreign = as_mlx(peft, tmp_path / "mlx", num_layers=layers, lora_parameters=parameters)
    assert_merges_as("llama", base, foreign, peft, tmp_path, Code.FOREIGN_READ_MLX)
