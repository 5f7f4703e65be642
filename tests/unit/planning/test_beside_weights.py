"""Trained weights beside an adapter are merged, or refused by name; nothing of training's own state is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from folders import (
    Tensors,
    assert_says,
    codes,
    llama_tensors,
    lora_tensors,
    make_lora,
    make_model,
    request,
    the,
    write_json,
)
from safetensors.torch import load_file, save_file

from mergedesk.domain.findings import CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.pipelines.check import check
from mergedesk.pipelines.merge import merge

NORM = "model.norm.weight"
TRAINED = torch.full((32,), 3.0, dtype=torch.bfloat16)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return make_model(tmp_path / "base"), make_lora(tmp_path / "adapter")


def put(file: Path, tensors: Tensors) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, file) if file.suffix == ".safetensors" else torch.save(tensors, file)
    return file


def merged(pair: tuple[Path, Path], tmp_path: Path) -> MergeReport:
    return merge(request(*pair, tmp_path / "output"))


@pytest.mark.parametrize(
    "name",
    ["non_lora_state_dict.bin", "mm_projector.bin", "anything.pt", "norms.safetensors", "deeper/still/vision.bin"],
)
@pytest.mark.parametrize(
    "prefix", ["", "base_model.model.", "module.base_model.model.", "_orig_mod.", "base_model.", "module.module."]
)
def test_what_the_base_has_is_merged_whatever_the_file_is_called(
    name: str, prefix: str, pair: tuple[Path, Path], tmp_path: Path
) -> None:
    put(pair[1] / name, {f"{prefix}{NORM}": TRAINED})
    report = merged(pair, tmp_path)
    assert report.status is MergeStatus.MERGED
    assert the(report.findings, Code.BESIDE_FOLDED).data == {"names": [name], "count": 1}
    result = load_file(tmp_path / "output/model.safetensors")
    assert torch.equal(result[NORM], TRAINED)
    base = llama_tensors()
    assert torch.equal(result["lm_head.weight"], base["lm_head.weight"])
    assert not torch.equal(result["model.layers.0.mlp.up_proj.weight"], base["model.layers.0.mlp.up_proj.weight"])


def test_beside_an_adapter_that_lies_deeper(tmp_path: Path) -> None:
    pair = make_model(tmp_path / "base"), tmp_path / "run"
    make_lora(pair[1] / "default")
    put(pair[1] / "non_lora_state_dict.bin", {NORM: TRAINED})
    assert merged(pair, tmp_path).status is MergeStatus.MERGED
    assert torch.equal(load_file(tmp_path / "output/model.safetensors")[NORM], TRAINED)


@pytest.mark.parametrize(
    ("name", "tensor"),
    [
        ("value_head.safetensors", "v_head.summary.weight"),
        ("value_head.bin", "v_head.summary.weight"),
        ("mm_projector.bin", "model.mm_projector.0.weight"),
        ("2_Dense/model.safetensors", "linear.weight"),
        ("projector.pt", "projector.norm.weight"),
    ],
)
def test_what_has_no_place_is_refused_by_name(name: str, tensor: str, pair: tuple[Path, Path]) -> None:
    """``projector.norm`` is not the model's ``norm``, though it ends like it."""
    put(pair[1] / name, {tensor: torch.ones(32), NORM: TRAINED})
    found = check(request(*pair))
    assert found.refused
    assert the(found.findings, Code.BESIDE_UNPLACED).data == {"file": name, "names": [tensor], "count": 1}
    (pair[1] / name).unlink()  # the way out that the sentence names
    assert not check(request(*pair)).refused


@pytest.mark.parametrize(
    "name",
    [
        "optimizer.pt", "optimizer.bin", "scheduler.pt", "rng_state.pth", "rng_state_0.pth", "training_args.bin",
        "global_step10/zero_pp_rank_0_mp_rank_00_optim_states.pt", "scaler.pt", "checkpoint-5/extra.bin",
        "mp_rank_00_model_states.pt", "other/adapter_model.safetensors", ".cache/extra.bin", "notes.txt",
    ],
)  # fmt: skip
def test_training_s_own_state_is_left_alone(name: str, pair: tuple[Path, Path]) -> None:
    put(pair[1] / name, {NORM: TRAINED})
    if name.startswith("other"):
        write_json(pair[1] / "other/adapter_config.json", json.loads((pair[1] / "adapter_config.json").read_text()))
    assert check(request(*pair)).findings == ()


def test_two_files_that_disagree(pair: tuple[Path, Path]) -> None:
    put(pair[1] / "a.bin", {NORM: TRAINED})
    put(pair[1] / "b.bin", {f"base_model.model.{NORM}": TRAINED})
    assert codes(check(request(*pair)).findings) == {Code.BESIDE_FOLDED}
    put(pair[1] / "b.bin", {NORM: TRAINED + 1})
    assert the(check(request(*pair)).findings, Code.BESIDE_DIFFERS).data["file"] == "b.bin"


def test_a_state_of_the_whole_training(pair: tuple[Path, Path]) -> None:
    """accelerate leaves one; it says nothing new unless its values are others."""
    same = {name.replace(".weight", ".default.weight"): tensor for name, tensor in lora_tensors().items()}
    frozen = {f"base_model.model.{name}": tensor for name, tensor in llama_tensors().items()}
    file = put(pair[1] / "pytorch_model.bin", {**same, **frozen})
    assert check(request(*pair)).findings == ()
    put(file, {**{name: tensor * 2 for name, tensor in same.items()}, **frozen})
    found = check(request(*pair))
    assert not found.refused
    assert the(found.findings, Code.BESIDE_ANOTHER_STATE).data["file"] == "pytorch_model.bin"
    put(file, {**same, **frozen, f"base_model.model.{NORM}": TRAINED})
    assert the(check(request(*pair)).findings, Code.BESIDE_DIFFERS).data["names"] == [NORM]


def test_what_is_no_weights_is_named(pair: tuple[Path, Path]) -> None:
    torch.save({"model": torch.nn.Linear(2, 2)}, pair[1] / "probe.pt")
    found = check(request(*pair))
    assert not found.refused
    assert the(found.findings, Code.BESIDE_UNREADABLE).data["file"] == "probe.pt"


def test_trained_weights_that_are_not_all_there_refuse_the_merge(pair: tuple[Path, Path]) -> None:
    whole = put(pair[1] / "whole.bin", {NORM: TRAINED})
    cut, pointer = whole.read_bytes()[:-40], b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
    whole.unlink()
    bare = pair[1] / "bare.pt"
    torch.save(TRAINED, bare)
    bare_bytes = bare.read_bytes()
    bare.unlink()
    lost = {"extra.safetensors": cut, "non_lora_trainables.bin": pointer, "head/value.pt": bare_bytes}
    for name, content in lost.items():
        file = pair[1] / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        said = the(check(request(*pair)).findings, Code.BESIDE_UNREADABLE)
        assert_says(said, Severity.ERROR, name, "move it out")
        file.unlink()
        assert not check(request(*pair)).refused


def test_a_link_that_leads_nowhere(pair: tuple[Path, Path]) -> None:
    (pair[1] / "mm_projector.bin").symlink_to(pair[1] / "gone.bin")
    assert_says(the(check(request(*pair)).findings, Code.BESIDE_UNREADABLE), Severity.ERROR, "mm_projector.bin")


@pytest.mark.parametrize("name", ["head.npz", "head.npy", "head.pkl"])
def test_other_containers_are_named(name: str, pair: tuple[Path, Path]) -> None:
    (pair[1] / name).write_bytes(b"\x93NUMPY")
    assert the(check(request(*pair)).findings, Code.BESIDE_UNREADABLE).data["file"] == name


@pytest.mark.parametrize("listed_by", ["base", "adapter"])
def test_parts_of_a_sentence_transformer(listed_by: str, pair: tuple[Path, Path], tmp_path: Path) -> None:
    parts = [{"idx": 0, "path": "", "type": "T"}, {"idx": 2, "path": "2_Dense", "type": "D"}]
    write_json(tmp_path / listed_by / "modules.json", parts)
    if listed_by == "base":
        put(pair[0] / "2_Dense/model.safetensors", {"linear.weight": torch.zeros(4, 4)})
    write_json(pair[1] / "2_Dense/config.json", {"out_features": 4})
    put(pair[1] / "2_Dense/model.safetensors", {"linear.weight": torch.ones(4, 4)})
    report = merged(pair, tmp_path)
    assert report.status is MergeStatus.MERGED
    assert {one.status for one in report.checks} <= {CheckStatus.PASS, CheckStatus.SKIPPED}
    assert the(report.findings, Code.BESIDE_CARRIED).data == {"names": ["2_Dense/model.safetensors"]}
    dense = load_file(tmp_path / "output/2_Dense/model.safetensors")["linear.weight"]
    assert torch.equal(dense, torch.ones(4, 4))
    assert json.loads((tmp_path / "output/modules.json").read_text()) == parts


def test_a_method_that_only_peft_merges(pair: tuple[Path, Path]) -> None:
    put(pair[1] / "non_lora_state_dict.bin", {NORM: TRAINED})
    config = json.loads((pair[1] / "adapter_config.json").read_text())
    write_json(pair[1] / "adapter_config.json", {**config, "init_lora_weights": "pissa"})
    assert Code.BESIDE_NEEDS_STREAMING in codes(check(request(*pair)).findings)
