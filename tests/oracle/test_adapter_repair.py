"""Names that trainers' wrappers altered are put right, for both engines, and PEFT then loads what it should."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import codes, contents, linear_modules, lora_tensors, make_lora, make_model, read_json, request, the
from peft import IA3Config, LoHaConfig, LoraConfig, PeftConfig, get_peft_model
from safetensors.torch import load_file
from tiny_models import (
    load,
    make_base,
    merge_with_peft,
    randomise_trainable,
    tensors,
    third_party_noise_off,
)

from mergedesk.checkpoints.adapter import read_adapter
from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import Engine
from mergedesk.pipelines.check import check
from mergedesk.pipelines.merge import merge
from mergedesk.planning.adapter_repair import find_repair

PREFIX = "base_model.model."
Rename = Callable[[str], str]


def with_name(called: str) -> Rename:
    def rename(name: str) -> str:
        return name.replace(".lora_A", f".lora_A.{called}").replace(".lora_B", f".lora_B.{called}")

    return rename


ALTERATIONS: Mapping[str, tuple[Rename, str]] = {
    "compiled whole": (lambda name: f"_orig_mod.{name}", "_orig_mod."),
    "compiled inside": (lambda name: name.replace(PREFIX, f"{PREFIX}_orig_mod."), "_orig_mod."),
    "compiled layers": (lambda name: name.replace(".self_attn.", "._orig_mod.self_attn."), "_orig_mod."),
    "data parallel": (lambda name: f"module.{name}", "module."),
    "data parallel inside": (lambda name: name.replace(PREFIX, f"{PREFIX}module."), "module."),
    "deepspeed and compiled": (lambda name: f"module._orig_mod.{name}", "_orig_mod."),
    "fsdp": (lambda name: name.replace("layers.1.", "layers.1._fsdp_wrapped_module."), "_fsdp_wrapped_module."),
    "checkpointed": (
        lambda name: name.replace("layers.0.", "layers.0._checkpoint_wrapped_module."),
        "_checkpoint_wrapped_module.",
    ),
    "wrapped twice": (lambda name: PREFIX + name, PREFIX * 2),
    "prefix missing": (lambda name: name.removeprefix(PREFIX), f"+{PREFIX}"),
    "prefix half missing": (lambda name: name.removeprefix("base_model."), "+base_model."),
    "name left in": (with_name("default"), ".default"),
    "own name left in": (with_name("my_adapter"), ".my_adapter"),
    "name called lora": (lambda name: name.replace(".lora_", "_"), "+.lora"),
    "all at once": (lambda name: with_name("x")(f"module._orig_mod.{name}"), ".x"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ALTERATIONS)
def test_names_are_put_right_and_it_is_said(kind: str, tmp_path: Path) -> None:
    rename, shown = ALTERATIONS[kind]
    base, stored = make_model(tmp_path / "base"), lora_tensors()
    plain = make_lora(tmp_path / "plain", stored)
    altered = make_lora(tmp_path / "altered", {rename(name): value for name, value in stored.items()})
    before = contents(altered)
    found = check(request(base, altered))
    finding = the(found.findings, Code.NAMES_REPAIRED)
    assert finding.severity is Severity.INFO
    assert shown in finding.data["kinds"]  # type: ignore[operator]
    assert 0 < finding.data["count"] <= len(stored)  # type: ignore[operator]
    assert not found.refused
    assert (found.modules.targeted, found.modules.matched) == (14, 14)
    assert Code.NAMES_REPAIRED not in codes(check(request(base, plain)).findings)
    for engine in (Engine.STREAMING, Engine.PEFT) if kind in ("compiled whole", "all at once") else ():
        ours = run(base, altered, tmp_path / f"ours-{engine}", engine)
        theirs = run(base, plain, tmp_path / f"theirs-{engine}", engine)
        assert weights(ours) == weights(theirs)
    assert contents(altered) == before


def run(base: Path, adapter: Path, output: Path, engine: Engine = Engine.AUTO) -> MergeReport:
    with third_party_noise_off():
        report = merge(request(base, adapter, output, engine=engine), lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED, report.findings
    return report


def weights(report: MergeReport) -> dict[str, str]:
    assert report.output is not None
    return {name: digest for name, digest in contents(report.output).items() if name.endswith(".safetensors")}


def names_after(adapter: Path, base: Path) -> tuple[set[str], tuple[str, ...]]:
    found = find_repair(read_adapter(adapter), read_checkpoint(base))
    return set(found.names.values()), found.kinds


METHODS: Mapping[str, tuple[type[PeftConfig], Mapping[str, Any]]] = {
    "dora": (LoraConfig, {"r": 4, "use_dora": True, "target_modules": ["q_proj", "embed_tokens"]}),
    "copies": (LoraConfig, {"r": 4, "target_modules": ["q_proj"], "modules_to_save": ["lm_head"]}),
    "tokens": (LoraConfig, {"r": 4, "target_modules": ["q_proj"], "trainable_token_indices": [3, 5]}),
    "ia3": (IA3Config, {"target_modules": ["k_proj", "down_proj"], "feedforward_modules": ["down_proj"]}),
    "loha": (LoHaConfig, {"r": 4, "target_modules": ["q_proj", "v_proj"]}),
}


@pytest.mark.parametrize("method", METHODS)
def test_a_whole_state_dict_becomes_what_peft_saves(method: str, tmp_path: Path) -> None:
    """Trainers that save ``model.state_dict()`` themselves write the names that PEFT has in memory."""
    kind, options = METHODS[method]
    base = make_base("llama", tmp_path / "base")
    with third_party_noise_off():
        model = get_peft_model(load("llama", base), kind(task_type="CAUSAL_LM", **options))
        randomise_trainable(model)
        model.create_or_update_model_card = lambda _: None
        model.save_pretrained(tmp_path / "plain")
        state = model.state_dict()
    marks = ("lora_", "ia3_", "hada_", "trainable_tokens_", "modules_to_save", "original_module")
    dumped = {f"_orig_mod.{name}": value.clone() for name, value in state.items() if any(one in name for one in marks)}
    make_lora(tmp_path / "dumped", dumped)
    config = read_json(tmp_path / "plain" / "adapter_config.json")
    (tmp_path / "dumped" / "adapter_config.json").write_bytes((tmp_path / "plain" / "adapter_config.json").read_bytes())
    assert config["peft_type"] == kind(**options).peft_type.value
    saved = set(load_file(tmp_path / "plain" / "adapter_model.safetensors"))
    saved = {name for name in saved if not name.endswith("embed_tokens.base_layer.weight")}
    assert names_after(tmp_path / "dumped", base)[0] == saved
    ours = run(base, tmp_path / "dumped", tmp_path / "ours")
    theirs = tensors(merge_with_peft("llama", base, tmp_path / "plain", tmp_path / "theirs"))
    assert ours.output is not None
    for name, value in tensors(ours.output).items():
        torch.testing.assert_close(value, theirs[name], atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_what_peft_saves_needs_no_repair(method: str, tmp_path: Path) -> None:
    kind, options = METHODS[method]
    base = make_base("llama", tmp_path / "base")
    with third_party_noise_off():
        model = get_peft_model(load("llama", base), kind(task_type="CAUSAL_LM", **options))
        model.create_or_update_model_card = lambda _: None
        model.save_pretrained(tmp_path / "plain")
    stored = set(load_file(tmp_path / "plain" / "adapter_model.safetensors"))
    assert names_after(tmp_path / "plain", base) == (stored, ())


def test_names_that_would_fall_together_are_left_alone(tmp_path: Path) -> None:
    stored = lora_tensors()
    both = stored | {f"_orig_mod.{name}": value for name, value in lora_tensors(seed=7).items()}
    found = check(request(make_model(tmp_path / "base"), make_lora(tmp_path / "adapter", both)))
    assert Code.NAMES_REPAIRED not in codes(found.findings)
    assert the(found.findings, Code.KEYS_UNMATCHED).severity is Severity.ERROR


def test_an_adapter_for_another_model_gets_no_prefix(tmp_path: Path) -> None:
    foreign = {f"transformer.h.0.attn.c_attn.lora_{part}.weight": torch.ones(4, 4) for part in "AB"}
    found = check(request(make_model(tmp_path / "base"), make_lora(tmp_path / "adapter", foreign)))
    assert Code.NAMES_REPAIRED not in codes(found.findings)


def test_repaired_copy_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    stored = {f"_orig_mod.{name}": value for name, value in lora_tensors(linear_modules(("q_proj",))).items()}
    adapter = make_lora(tmp_path / "adapter", stored, target_modules=["q_proj"])
    run(make_model(tmp_path / "base"), adapter, tmp_path / "out", Engine.PEFT)
    assert list((tmp_path / "temporary").iterdir()) == []
