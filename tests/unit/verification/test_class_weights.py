"""A base that lacks weights of its class is refused before a byte is written; a task's own head is only told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import torch
from folders import Tensors, make_lora, make_model, make_tokenizer, request, the
from safetensors.torch import load_file, save_file
from tiny_models import KINDS, MakeBase, make_adapter

from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.domain.findings import CheckCode, CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.requests import AdapterChoice, VerifyRequest
from mergedesk.domain.verdict import VerifyStatus
from mergedesk.pipelines.check import check, check_with_libraries
from mergedesk.pipelines.merge import merge
from mergedesk.pipelines.verify import verify
from mergedesk.planning.known_classes import is_plainly_whole
from mergedesk.verification import class_weights

Change = Callable[[Tensors], Mapping[str, torch.Tensor]]


def edit(folder: Path, change: Change) -> Path:
    file = folder / "model.safetensors"
    save_file({name: one.contiguous() for name, one in change(load_file(file)).items()}, file, {"format": "pt"})
    return folder


LOST: Mapping[str, Change] = {
    "a shard": lambda tensors: {name: one for name, one in tensors.items() if ".1.mlp." not in name},
    "names": lambda tensors: {name.replace("up_proj", "upper"): one for name, one in tensors.items()},
    "shapes": lambda tensors: {name: one[:-1] if "up_proj" in name else one for name, one in tensors.items()},
    "a norm": lambda tensors: {name: one for name, one in tensors.items() if name != "model.norm.weight"},
    "the head": lambda tensors: {name: one for name, one in tensors.items() if name != "lm_head.weight"},
}


@pytest.mark.parametrize("lost", LOST)
def test_what_transformers_would_fill_with_noise(lost: str, tmp_path: Path) -> None:
    base = edit(make_model(tmp_path / "base"), LOST[lost])
    adapter = make_lora(tmp_path / "adapter", target_modules=["q_proj"], tensors=only_queries())
    report = merge(request(base, adapter, tmp_path / "output"))
    assert report.status is MergeStatus.REFUSED
    assert the(report.findings, Code.WEIGHTS_ABSENT).data["name"] == "LlamaForCausalLM"
    assert not (tmp_path / "output").exists()


def test_a_merge_of_such_a_base_is_not_called_right(tmp_path: Path) -> None:
    base, adapter = make_model(tmp_path / "base"), make_lora(tmp_path / "adapter", only_queries())
    assert merge(request(base, adapter, tmp_path / "merged")).status is MergeStatus.MERGED
    for folder in (base, tmp_path / "merged"):
        edit(folder, LOST["a shard"])
    verdict = verify(VerifyRequest(base, (AdapterChoice(adapter),), tmp_path / "merged"))
    assert verdict.status is VerifyStatus.REFUSED
    the(verdict.findings, Code.WEIGHTS_ABSENT)


def only_queries() -> Tensors:
    name = "base_model.model.model.layers.0.self_attn.q_proj"
    return {f"{name}.lora_A.weight": torch.ones(4, 32), f"{name}.lora_B.weight": torch.ones(32, 4)}


def test_check_asks_in_another_process(tmp_path: Path) -> None:
    base, adapter = make_tokenizer(make_model(tmp_path / "base")), make_lora(tmp_path / "adapter")
    assert check_with_libraries(request(base, adapter)).findings == ()
    adapter = make_lora(tmp_path / "queries", target_modules=["q_proj"], tensors=only_queries())
    edit(base, LOST["a norm"])
    assert not check(request(base, adapter)).refused
    assert the(check_with_libraries(request(base, adapter)).findings, Code.WEIGHTS_ABSENT).data["count"] == 1


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "bert"])
def test_whole_bases_are_cleared_by_their_names(kind: str, base_of: MakeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without asking transformers, whose answer takes longer."""
    monkeypatch.setattr(class_weights, "load_model", None)
    assert list(class_weights.class_weight_findings(read_checkpoint(base_of(kind)))) == []


def test_a_head_that_a_task_model_brings(base_of: MakeBase, tmp_path: Path) -> None:
    base = Path(shutil.copytree(base_of("bert"), tmp_path / "base"))  # others use the same one
    adapter = make_adapter("bert", base, tmp_path / "adapter")
    file = adapter / "adapter_model.safetensors"
    save_file({name: one for name, one in load_file(file).items() if "classifier" not in name}, file)
    edit(base, lambda tensors: {name: one for name, one in tensors.items() if "classifier" not in name})
    report = merge(request(base, adapter, tmp_path / "output"))
    assert report.status is MergeStatus.MERGED
    assert the(report.findings, Code.HEAD_DRAWN).data["names"] == ["classifier.bias", "classifier.weight"]
    [loads] = [one for one in report.checks if one.code is CheckCode.NO_KEYS_LEFT_OVER]
    assert loads.status is CheckStatus.WARN


def test_a_class_that_is_not_there(tmp_path: Path) -> None:
    base = make_model(tmp_path / "base", architectures=["OwnModel"], auto_map={"AutoModel": "own.OwnModel"})
    assert json.loads((base / "config.json").read_text())["auto_map"]
    assert list(class_weights.class_weight_findings(read_checkpoint(base))) == []


@pytest.mark.parametrize("names", [None, [], ["OwnForCausalLM"], [None], "LlamaForCausalLM", 3])
@pytest.mark.parametrize("lost", [None, "a shard", "names", "a norm"])
def test_a_config_without_a_known_class_is_read_by_its_type(lost: str | None, names: object, tmp_path: Path) -> None:
    base = make_model(tmp_path / "base", architectures=names)
    if lost:
        edit(base, LOST[lost])
    found = list(class_weights.class_weight_findings(read_checkpoint(base)))
    assert [one.code for one in found] == ([Code.WEIGHTS_ABSENT] if lost else [])
    assert all(one.data["name"] == "LlamaForCausalLM" for one in found)


def test_without_a_head_it_is_the_bare_class(tmp_path: Path) -> None:
    base = edit(make_model(tmp_path / "base", architectures=None), LOST["the head"])
    assert list(class_weights.class_weight_findings(read_checkpoint(base))) == []
    edit(base, LOST["a norm"])
    [found] = class_weights.class_weight_findings(read_checkpoint(base))
    assert found.data["name"] == "LlamaModel"


@pytest.mark.parametrize("changes", [{"model_type": "own"}, {"model_type": None}, {"model_type": "gpt2"}])
def test_of_an_unknown_type_it_is_told_that_nothing_was_looked_at(
    changes: dict[str, str | None], tmp_path: Path
) -> None:
    base = edit(make_model(tmp_path / "base", architectures=None, **changes), LOST["a shard"])
    [found] = class_weights.class_weight_findings(read_checkpoint(base))
    assert (found.code, found.severity) == (Code.CLASS_NOT_TOLD, Severity.INFO)


@pytest.mark.parametrize(("lost", "whole"), [(None, True), ("a norm", False)])
def test_the_type_alone_clears_a_whole_base(lost: str | None, whole: bool, tmp_path: Path) -> None:
    base = make_model(tmp_path / "base", architectures=None)
    if lost:
        edit(base, LOST[lost])
    assert is_plainly_whole(read_checkpoint(base)) is whole
