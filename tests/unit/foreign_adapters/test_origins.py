"""Adapters of other tools are told by their files, and what cannot be right is refused by name with a way out."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import assert_says, codes, lora_tensors, make_lora, make_model, request, the, write_json, write_tensors

from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.domain.folder_info import FolderKind
from mergedesk.foreign_adapters import registry
from mergedesk.inspection.inspect_folder import inspect_folder
from mergedesk.pipelines.check import check

A, B = torch.ones(8, 2), torch.ones(2, 8)
MLX = {"model.layers.0.self_attn.q_proj.lora_a": A, "model.layers.0.self_attn.q_proj.lora_b": B}
SCALE = {"fine_tune_type": "lora", "lora_parameters": {"rank": 2, "scale": 20.0}}
TUNE = {"layers.0.attn.q_proj.lora_a.weight": B, "layers.0.attn.q_proj.lora_b.weight": A}
MISTRAL = {"layers.0.attention.wq.lora_A.weight": B, "layers.0.attention.wq.lora_B.weight": A}
LIT = {"transformer.h.0.attn.qkv.lora_A": torch.ones(4, 8), "transformer.h.0.attn.qkv.lora_B": torch.ones(12, 2)}
FLAGS = "lora_r: 2\nlora_alpha: 4\nlora_query: true\nlora_key: false\nlora_value: true\n"
SHAPE = "name: x\nn_head: 2\nhead_size: 4\nn_query_groups: 1\nmlp_class_name: LLaMAMLP\n"
Files = Mapping[str, Any]


def mlx(tensors: Mapping[str, torch.Tensor], config: Files | None = None) -> Files:
    return {"adapters.safetensors": tensors, "adapter_config.json": SCALE if config is None else config}


def litgpt(flags: str = FLAGS, shape: str = SHAPE) -> Files:
    files = {"hyperparameters.yaml": flags, "model_config.yaml": shape}
    return {"lit_model.pth.lora": {"model": LIT}, **{name: text for name, text in files.items() if text}}


def torchtune(tensors: Mapping[str, torch.Tensor], config: Files, name: str = "adapter_model.pt") -> Files:
    return {name: tensors, "adapter_config.json": config}


def folder_of(home: Path, files: Files) -> Path:
    """A folder of files: tensors by the suffix, JSON, or text."""
    home.mkdir()
    for name, held in files.items():
        if name.endswith(".safetensors"):
            write_tensors(home / name, held)
        elif isinstance(held, str):
            (home / name).write_text(held)
        elif isinstance(held, bytes):
            (home / name).write_bytes(held)
        elif name.endswith(".json"):
            write_json(home / name, held)
        else:
            torch.save(held, home / name)
    return home


TAKEN: Mapping[str, tuple[Files, str]] = {
    "MLX": (mlx(MLX), "MLX"),
    "MLX of old": (mlx(MLX, {**SCALE, "lora_layers": 16}), "MLX"),
    "torchtune": (torchtune(TUNE, {"peft_type": "LORA", "r": 2, "lora_alpha": 4}), "torchtune"),
    "torchtune of old": (torchtune(TUNE, {"r": 2, "lora_alpha": 4}, "adapter_0.pt"), "torchtune"),
    "mistral-finetune": ({"lora.safetensors": MISTRAL, "params.json": {"lora": {"scaling": 2}}}, "mistral-finetune"),
    "litgpt": (litgpt(), "litgpt"),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_it_is_told_by_its_files(kind: str, tmp_path: Path) -> None:
    files, tool = TAKEN[kind]
    found = inspect_folder(folder_of(tmp_path / "adapter", files))
    assert (found.kind, found.peft_type, found.r) == (FolderKind.ADAPTER, "LORA", 2)
    said = next(finding for finding in found.findings if finding.code.startswith("foreign_read"))
    assert (said.severity, said.data["tool"]) == (Severity.INFO, tool)


def test_every_tool_is_tried() -> None:
    assert {tool for _, tool in TAKEN.values()} | {"tinker", "image LoRA", "GGUF LoRA"} == set(registry.ORIGINS)


def gguf(kind: bytes) -> bytes:
    entry = struct.pack("<Q", 12) + b"general.type" + struct.pack("<IQ", 8, len(kind)) + kind
    return b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + entry


KOHYA = {f"lora_unet_down_blocks_0_proj_in.{part}": torch.ones(4, 4) for part in ("lora_down.weight", "lora_up.weight")}
VISION = {"decoder.layers.0.attn.q_proj.lora_a.weight": B}
REFUSED: Mapping[str, tuple[Files, Code, str]] = {
    "MLX without its config": ({"adapters.safetensors": MLX}, Code.FOREIGN_SCALING_UNKNOWN, "adapter_config.json"),
    "MLX without a scale": (mlx(MLX, {"num_layers": 1}), Code.FOREIGN_SCALING_UNKNOWN, "scale"),
    "MLX half a pair": (mlx({"x.lora_a": A}), Code.FOREIGN_TENSORS_ODD, "x.lora_a"),
    "MLX ranks differ": (mlx({"x.lora_a": A, "x.lora_b": torch.ones(3, 8)}), Code.FOREIGN_TENSORS_ODD, "x"),
    "MLX of something else": (mlx({"x.A": A, "x.B": B}), Code.FOREIGN_TENSORS_ODD, "x.A"),
    "MLX, nothing in it": (mlx({}), Code.FOREIGN_TENSORS_ODD, "MLX"),
    "MLX, vectors": (mlx({"x.lora_a": A[0], "x.lora_b": B[0]}), Code.FOREIGN_TENSORS_ODD, "x.lora_a"),
    "MLX, whole numbers": (mlx({"x.lora_a": A.int(), "x.lora_b": B.int()}), Code.FOREIGN_TENSORS_ODD, "x"),
    "torchtune without its config": ({"adapter_0.pt": TUNE}, Code.FOREIGN_SCALING_UNKNOWN, "lora_alpha"),
    "torchtune of a vision model": (torchtune(VISION, {"lora_alpha": 1}), Code.FOREIGN_TENSORS_ODD, "decoder"),
    "mistral-finetune alone": ({"lora.safetensors": MISTRAL}, Code.FOREIGN_SCALING_UNKNOWN, "params.json"),
    "litgpt without settings": (litgpt(flags=""), Code.FOREIGN_SCALING_UNKNOWN, "hyperparameters.yaml"),
    "litgpt without shapes": (litgpt(shape=""), Code.FOREIGN_BASE_UNKNOWN, "LLaMAMLP"),
    "litgpt, other heads": (litgpt(shape=SHAPE.replace("head: 2", "head: 3")), Code.FOREIGN_TENSORS_ODD, "qkv"),
    "litgpt, other flags": (litgpt(FLAGS.replace("false", "true")), Code.FOREIGN_TENSORS_ODD, "qkv"),
    "kohya": ({"style.safetensors": KOHYA}, Code.IMAGE_LORA, "kohya"),
    "diffusers": ({"weights.safetensors": {"unet.down.to_q.lora_A.weight": B}}, Code.IMAGE_LORA, "diffusers"),
    "GGUF LoRA": ({"adapter.gguf": gguf(b"adapter")}, Code.GGUF_LORA, "llama.cpp"),
    "a GGUF model": ({"model.gguf": gguf(b"model")}, Code.GGUF_ONLY, "GGUF"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_right_is_refused_by_name(kind: str, tmp_path: Path) -> None:
    files, code, named = REFUSED[kind]
    found = check(request(make_model(tmp_path / "base"), folder_of(tmp_path / "adapter", files)))
    assert found.refused
    assert_says(the(found.findings, code), Severity.ERROR, named)


def test_a_file_stands_for_itself(tmp_path: Path) -> None:
    more = {name.replace("q_proj", leaf): value.clone() for name, value in MLX.items() for leaf in ("q_proj", "v_proj")}
    folder = folder_of(tmp_path / "adapter", {**mlx(MLX), "0000100_adapters.safetensors": more})
    assert inspect_folder(folder).module_count == inspect_folder(folder / "adapters.safetensors").module_count == 1
    assert inspect_folder(folder / "0000100_adapters.safetensors").module_count == 2
    plain = inspect_folder(make_lora(tmp_path / "lora") / "adapter_model.safetensors")
    assert codes(plain.findings) == {Code.NOT_A_FOLDER}


def test_peft_beside_it_goes_first(tmp_path: Path) -> None:
    adapter = make_lora(tmp_path / "lora")
    torch.save(TUNE, adapter / "adapter_model.pt")
    write_tensors(adapter / "adapters.safetensors", MLX)
    assert inspect_folder(adapter).module_count == 14
    assert not check(request(make_model(tmp_path / "base"), adapter)).refused


def test_later_epochs_go_first(tmp_path: Path) -> None:
    two = {**TUNE, "output.lora_a.weight": B, "output.lora_b.weight": A}
    config = {"r": 2, "lora_alpha": 4}
    folder = folder_of(tmp_path / "a", {"adapter_2.pt": TUNE, "adapter_10.pt": two, "adapter_config.json": config})
    assert inspect_folder(folder).module_count == 2


def refusal(base: Path, files: Files, home: Path) -> list[Finding]:
    return [one for one in check(request(base, folder_of(home, files))).findings if one.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"model_type": "olmo"}, Code.FOREIGN_BASE_UNKNOWN), ({"num_attention_heads": 3}, Code.FOREIGN_HEADS_UNKNOWN)],
)
def test_order_of_rows_that_is_not_known_is_refused(changes: Files, code: Code, tmp_path: Path) -> None:
    base = make_model(tmp_path / "base", **changes)
    assert code in codes(refusal(base, TAKEN["mistral-finetune"][0], tmp_path / "adapter"))


TINKER: Mapping[str, Mapping[str, torch.Tensor]] = {
    "a matrix for a stack": {"lora_A.weight": B, "lora_B.weight": torch.ones(4, 8, 2)},
    "half a pair": {"lora_A.weight": torch.ones(4, 2, 8)},
    "other experts": {"lora_A.weight": torch.ones(4, 2, 8), "lora_B.weight": torch.ones(3, 8, 2)},
}


@pytest.mark.parametrize("kind", TINKER)
def test_tinkers_stacks_that_do_not_fit_are_refused(kind: str, tmp_path: Path) -> None:
    stored = {f"base_model.model.model.layers.0.mlp.experts.w1.{part}": value for part, value in TINKER[kind].items()}
    found = inspect_folder(make_lora(tmp_path / "lora", stored))
    assert_says(the(found.findings, Code.FOREIGN_TENSORS_ODD), Severity.ERROR, "tinker")


def test_peft_adapters_are_left_as_they_are(tmp_path: Path) -> None:
    found = inspect_folder(make_lora(tmp_path / "lora", lora_tensors()))
    assert not [one for one in found.findings if one.code.startswith("foreign")]


def test_verl_is_named_where_alpha_is_nothing(tmp_path: Path) -> None:
    found = check(request(make_model(tmp_path / "base"), make_lora(tmp_path / "lora", lora_alpha=0)))
    assert_says(the(found.findings, Code.SCALING_ZERO), Severity.ERROR, "verl")


@pytest.mark.parametrize(
    "config",
    [{"quantization": {"group_size": 16, "bits": 4}}, {"quantization_config": {"group_size": 16, "bits": 4}}],
    ids=str,
)
def test_bases_that_mlx_packed_are_named(config: dict[str, Any], tmp_path: Path) -> None:
    packed = {
        "model.layers.0.self_attn.q_proj.weight": torch.zeros(32, 4, dtype=torch.int32).view(torch.uint32),
        "model.layers.0.self_attn.q_proj.scales": torch.ones(32, 2),
        "model.layers.0.self_attn.q_proj.biases": torch.ones(32, 2),
    }
    found = inspect_folder(make_model(tmp_path / "base", packed, **config))
    assert found.quantization == "MLX 4-bit"
    assert_says(the(found.findings, Code.QUANTIZED_UNMERGEABLE), Severity.ERROR, "MLX")


Spoil = Callable[[torch.Tensor], torch.Tensor]
SPOILT: Mapping[str, tuple[Spoil, Code]] = {
    "a rank less": (lambda value: value[:-1].clone(), Code.FOREIGN_TENSORS_ODD),
    "whole numbers": (lambda value: value.int(), Code.FOREIGN_TENSORS_ODD),
    "no matrix": (lambda value: value.flatten(), Code.FOREIGN_TENSORS_ODD),
    "not a number": (lambda value: torch.full_like(value, float("nan")), Code.ADAPTER_NOT_FINITE),
}


def spoilt(held: Any, spoil: Spoil) -> Any:
    """The same tensors, the inner side of the last of which is another."""
    if "model" in held and not isinstance(held["model"], torch.Tensor):
        return {"model": spoilt(held["model"], spoil)}
    name = next(name for name in held if name.lower().removesuffix(".weight").endswith("lora_b"))
    turned = name.endswith("lora_b")  # MLX has the rank first
    value = held[name].t() if not turned else held[name]
    made = spoil(value.contiguous())
    return {**held, name: (made.t().contiguous() if not turned and made.dim() == 2 else made)}


@pytest.mark.parametrize("kind", TAKEN)
@pytest.mark.parametrize("spoil", SPOILT)
def test_factors_that_are_amiss_are_told_whoever_wrote_them(spoil: str, kind: str, tmp_path: Path) -> None:
    (files, _), (change, code) = TAKEN[kind], SPOILT[spoil]
    made = {name: held if is_text(name) else spoilt(held, change) for name, held in files.items()}
    found = check(request(base_for(tmp_path / "base"), folder_of(tmp_path / "adapter", made)))
    assert found.refused
    assert_says(the(found.findings, code), Severity.ERROR)


@pytest.mark.parametrize("kind", TAKEN)
def test_files_that_are_cut_off_are_told_whoever_wrote_them(kind: str, tmp_path: Path) -> None:
    files, _ = TAKEN[kind]
    folder = folder_of(tmp_path / "adapter", files)
    [weights] = [folder / name for name in files if not is_text(name)]
    weights.write_bytes(weights.read_bytes()[:-24])
    found = check(request(base_for(tmp_path / "base"), folder))
    assert found.refused
    [told] = [one for one in found.findings if one.severity is Severity.ERROR and weights.name in str(one.data)]
    assert_says(told, Severity.ERROR, weights.name)


def is_text(name: str) -> bool:
    return name.endswith((".json", ".yaml"))


def base_for(folder: Path) -> Path:
    return make_model(folder)
