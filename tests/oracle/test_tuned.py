"""IA3, LoHa, LoKr, MiSS and trained token rows stream, and give PEFT's bits."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
from folders import assert_says, request, the
from safetensors.torch import load_file, save_file
from tiny_models import (
    KINDS,
    WEIGHTS,
    assert_same_tensors,
    load,
    merge_with_mergedesk,
    merge_with_peft,
    peft_model,
    randomise_trainable,
    sha256,
    tensors,
    third_party_noise_off,
)

from mergedesk.domain.findings import CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import Engine
from mergedesk.pipelines.merge import merge as run_merge

MakeBase = Callable[..., Path]
QKV = {"target_modules": ["q_proj", "k_proj", "down_proj"]}
GPT2 = {"target_modules": ["c_attn", "mlp.c_proj", "c_fc"]}
LLAMA_BIAS = {"attention_bias": True, "mlp_bias": True}
ADALORA = {"init_r": 6, "target_r": 4, "total_step": 10, "lora_alpha": 7}
METHODS: Mapping[str, tuple[str, dict[str, Any], peft.PeftConfig]] = {
    "adalora": ("llama", {}, peft.AdaLoraConfig(**QKV, **ADALORA)),
    "adalora_saved": ("llama", {}, peft.AdaLoraConfig(**QKV, **ADALORA, modules_to_save=["lm_head"])),
    "adalora_conv1d": ("gpt2", {}, peft.AdaLoraConfig(**GPT2, **ADALORA, fan_in_fan_out=True)),
    "adalora_t5": ("t5", {}, peft.AdaLoraConfig(target_modules=["q", "v", "wo"], total_step=10)),
    "ia3": ("llama", {}, peft.IA3Config(**QKV, feedforward_modules=["down_proj"])),
    "ia3_bias": ("llama", LLAMA_BIAS, peft.IA3Config(**QKV, feedforward_modules=["down_proj"])),
    "ia3_conv1d": ("gpt2", {}, peft.IA3Config(**GPT2, feedforward_modules=["mlp.c_proj"], fan_in_fan_out=True)),
    "ia3_t5": ("t5", {}, peft.IA3Config(target_modules=["k", "v", "wo"], feedforward_modules=["wo"])),
    "loha": ("llama", {}, peft.LoHaConfig(**QKV, r=5, alpha=7)),
    "loha_patterns": (
        "llama", {}, peft.LoHaConfig(**QKV, r=3, rank_pattern={"q_proj": 6}, alpha_pattern={"k_proj": 11})
    ),
    "loha_saved": ("llama", {}, peft.LoHaConfig(**QKV, r=4, modules_to_save=["lm_head"])),
    "lokr": ("llama", {}, peft.LoKrConfig(**QKV, r=5, alpha=7)),
    "lokr_full": ("llama", {}, peft.LoKrConfig(**QKV, r=64)),
    "lokr_both": ("llama", {}, peft.LoKrConfig(**QKV, r=2, decompose_both=True)),
    "lokr_factor": ("llama", {}, peft.LoKrConfig(**QKV, r=3, decompose_factor=4)),
    "miss": ("llama", {}, peft.MissConfig(**QKV, r=4)),
    "miss_uneven": ("llama", {}, peft.MissConfig(**QKV, r=7)),
    "miss_mini": ("llama", {}, peft.MissConfig(**QKV, r=8, mini_r=4, init_weights="mini")),
    "miss_saved": ("llama", {}, peft.MissConfig(**QKV, r=4, bias="all", modules_to_save=["lm_head"])),
    "tokens": ("llama", {}, peft.TrainableTokensConfig(token_indices=[3, 100, 7], target_modules=["embed_tokens"])),
    "lora_and_tokens": ("llama", {}, peft.LoraConfig(r=4, **QKV, trainable_token_indices=[130, 0, 7])),
    "tokens_of_both_ends": (
        "llama", {}, peft.LoraConfig(r=4, **QKV, trainable_token_indices={"embed_tokens": [3, 7], "lm_head": [5]})
    ),
    "tokens_tied": ("qwen2", {}, peft.LoraConfig(r=4, **QKV, trainable_token_indices=[9, 2])),
}  # fmt: skip


def make_adapter(kind: str, base: Path, folder: Path, config: peft.PeftConfig) -> Path:
    torch.manual_seed(1)
    config = copy.deepcopy(config)
    with third_party_noise_off():
        config.task_type = KINDS[kind].task
        model = peft.get_peft_model(load(kind, base), config)
        randomise_trainable(model)
        model.create_or_update_model_card = lambda _: None
        model.save_pretrained(folder)
    return folder


def merge(base: Path, adapter: Path, output: Path, **options: Any) -> MergeReport:
    return run_merge(request(base, adapter, output, **options), lambda _: None, CancelToken())


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_file_is_peft_s_to_the_byte(method: str, base_of: MakeBase, tmp_path: Path) -> None:
    kind, changes, config = METHODS[method]
    adapter = make_adapter(kind, base_of(kind, **changes), tmp_path / "adapter", config)
    for dtype in ("float32", "bfloat16", "float16"):
        base, ours = base_of(kind, dtype, **changes), tmp_path / f"ours-{dtype}"
        theirs = merge_with_peft(kind, base, adapter, tmp_path / f"peft-{dtype}", dtype)
        merge_with_mergedesk(base, adapter, ours)
        assert_same_tensors(ours, theirs)
        assert sha256(ours / WEIGHTS) == sha256(theirs / WEIGHTS)


@pytest.mark.parametrize("method", ["adalora", "ia3", "loha", "lokr_both", "miss_uneven", "lora_and_tokens"])
@pytest.mark.parametrize(("stored", "wanted"), [("float32", "bfloat16"), ("bfloat16", "float16")])
def test_converting_is_no_further_from_the_truth_than_peft(
    method: str, stored: str, wanted: str, base_of: MakeBase, tmp_path: Path
) -> None:
    kind, _, config = METHODS[method]
    base = base_of(kind, stored)
    adapter = make_adapter(kind, base_of(kind), tmp_path / "adapter", config)
    theirs = tensors(merge_with_peft(kind, base, adapter, tmp_path / "peft", wanted))
    merge_with_mergedesk(base, adapter, tmp_path / "ours", wanted)
    exact = peft_model(kind, base, adapter, "float64").merge_and_unload().state_dict()
    for name, ours in tensors(tmp_path / "ours").items():
        our_error, their_error = ((one.double() - exact[name]).abs() for one in (ours, theirs[name]))
        assert our_error.sum() <= their_error.sum(), name
        assert our_error.amax() <= their_error.amax(), name


@pytest.mark.parametrize(
    "method", ["adalora_conv1d", "ia3_conv1d", "loha", "lokr", "miss", "lora_and_tokens", "tokens_tied"]
)
def test_whole_job_streams_and_is_the_peft_engine_s(method: str, base_of: MakeBase, tmp_path: Path) -> None:
    kind, _, config = METHODS[method]
    base = base_of(kind, "bfloat16")
    adapter = make_adapter(kind, base, tmp_path / "adapter", config)
    streamed = merge(base, adapter, tmp_path / "streamed")
    assert (streamed.status, streamed.engine, streamed.engine_reason) == (MergeStatus.MERGED, "streaming", Code.STREAMS)
    assert streamed.modules.targeted == streamed.modules.matched > 0
    assert {one.status for one in streamed.checks} <= {CheckStatus.PASS, CheckStatus.SKIPPED}
    assert merge(base, adapter, tmp_path / "layers", engine=Engine.PEFT).status is MergeStatus.MERGED
    assert_same_tensors(tmp_path / "streamed", tmp_path / "layers")


@pytest.mark.slow
@pytest.mark.parametrize(("tile", "chunk"), [(1, 1), (1000, 3000)])
def test_cuts_do_not_change_a_bit(
    tile: int, chunk: int, base_of: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mergedesk.engines.streaming.TILE_ELEMENTS", tile)
    monkeypatch.setattr("mergedesk.engines.streaming.CHUNK_BYTES", chunk)
    for method in (
        "adalora",
        "adalora_conv1d",
        "ia3_conv1d",
        "loha",
        "lokr_both",
        "miss_uneven",
        "miss_mini",
        "lora_and_tokens",
    ):
        kind, changes, config = METHODS[method]
        base = base_of(kind, **changes)
        adapter = make_adapter(kind, base, tmp_path / f"adapter-{method}", config)
        merge_with_mergedesk(base, adapter, tmp_path / method)
        assert_same_tensors(tmp_path / method, merge_with_peft(kind, base, adapter, tmp_path / f"peft-{method}"))


def cut_ranks(adapter: Path, module: str, kept: list[bool]) -> None:
    """What PEFT stores after it left a module fewer singular values, and what the config says of it then."""
    file, config = adapter / "adapter_model.safetensors", adapter / "adapter_config.json"
    stored, places = load_file(file), torch.tensor(kept)
    name = f"base_model.model.{module}.lora_"
    stored |= {f"{name}{part}": stored[f"{name}{part}"][places].contiguous() for part in "AE"}
    stored[f"{name}B"] = stored[f"{name}B"][:, places].contiguous()
    save_file(stored, file, {"format": "pt"})
    said = json.loads(config.read_text(encoding="utf-8")) | {"rank_pattern": {f"{module}.lora_E": kept}}
    config.write_text(json.dumps(said), encoding="utf-8")


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_adalora_s_ranks_may_be_cut(dtype: str, base_of: MakeBase, tmp_path: Path) -> None:
    """PEFT then holds the module's factors in the base's dtype."""
    base = base_of("llama", dtype)
    adapter = make_adapter("llama", base_of("llama"), tmp_path / "adapter", METHODS["adalora"][2])
    cut_ranks(adapter, "model.layers.1.self_attn.k_proj", [True, False, True, True, False, False])
    report = merge(base, adapter, tmp_path / "ours")
    assert (report.status, report.engine) == (MergeStatus.MERGED, "streaming"), report.findings
    assert_same_tensors(tmp_path / "ours", merge_with_peft("llama", base, adapter, tmp_path / "theirs", dtype))


def test_ia3_of_ones_is_explained(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama")
    adapter = make_adapter("llama", base, tmp_path / "adapter", METHODS["ia3"][2])
    stored = load_file(adapter / "adapter_model.safetensors")
    next(value for name, value in stored.items() if "layers.0" in name and "k_proj" in name).fill_(1.0)
    save_file(stored, adapter / "adapter_model.safetensors", {"format": "pt"})
    report = merge(base, adapter, tmp_path / "out")
    assert report.status is MergeStatus.MERGED
    [warned] = [one for one in report.checks if one.status is CheckStatus.WARN]
    assert (warned.code.value, len(warned.data["names"])) == ("targeted_changed", 1)


def test_miss_that_multiplies_blocks_is_left_to_peft(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama", "bfloat16")
    config = peft.MissConfig(**QKV, r=4, init_weights="bat")
    adapter = make_adapter("llama", base, tmp_path / "adapter", config)
    report = merge(base, adapter, tmp_path / "ours")
    assert (report.status, report.engine) == (MergeStatus.MERGED, "peft")
    assert_same_tensors(tmp_path / "ours", merge_with_peft("llama", base, adapter, tmp_path / "theirs"))


@pytest.mark.parametrize("method", ["loha", "lokr"])
def test_strength_is_peft_s_scale(method: str, base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama")
    adapter = make_adapter("llama", base, tmp_path / "adapter", METHODS[method][2])
    merge_with_mergedesk(base, [(adapter, 0.5)], tmp_path / "ours")
    model = peft_model("llama", base, adapter)
    for module in model.modules():
        if hasattr(module, "set_scale"):
            module.set_scale("default", 0.5)
    theirs = model.merge_and_unload().state_dict()
    for name, ours in tensors(tmp_path / "ours").items():
        torch.testing.assert_close(ours, theirs[name], rtol=1e-6, atol=1e-8)


def test_adapter_of_another_base_is_refused(base_of: MakeBase, tmp_path: Path) -> None:
    wide = base_of("llama", hidden_size=64, head_dim=16, intermediate_size=96)
    for method in ("adalora", "ia3", "loha", "lokr", "miss"):
        adapter = make_adapter("llama", wide, tmp_path / f"adapter-{method}", METHODS[method][2])
        report = merge(base_of("llama"), adapter, tmp_path / "out")
        assert report.status is MergeStatus.REFUSED
        assert_says(the(report.findings, Code.SHAPE_MISMATCH), Severity.ERROR, "_proj")
