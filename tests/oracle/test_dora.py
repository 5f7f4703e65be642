"""DoRA streams, and gives PEFT's bits: linear layers, Conv1D and embeddings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import assert_says, request, the
from safetensors.torch import load_file, save_file
from tiny_models import (
    DTYPES,
    WEIGHTS,
    assert_same_tensors,
    make_adapter,
    merge_with_mergedesk,
    merge_with_peft,
    peft_model,
    sha256,
    tensors,
)

from mergedesk.domain.findings import CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import Engine
from mergedesk.pipelines.merge import merge as run_merge

MakeBase = Callable[..., Path]
FLOATS = ("float32", "bfloat16", "float16")
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "llama": ("llama", {}),
    "gemma": ("gemma", {"r": 5, "lora_alpha": 7}),
    "phi3": ("phi3", {"use_rslora": True}),
    "t5": ("t5", {}),
    "bert": ("bert", {}),
    "conv1d": ("gpt2", {}),
    "conv1d_rank_17": ("gpt2", {"r": 17, "lora_alpha": 32}),
    "embeddings": ("llama", {"target_modules": ["embed_tokens", "q_proj"], "r": 3}),
    "both_ends": ("llama", {"target_modules": ["embed_tokens", "lm_head"], "r": 5, "lora_alpha": 7}),
    "conv1d_embeddings": ("gpt2", {"target_modules": ["wpe", "c_attn"]}),
    "patterns": ("llama", {"rank_pattern": {"q_proj": 2}, "alpha_pattern": {"up_proj": 11}}),
    "saved": ("llama", {"modules_to_save": ["lm_head", "norm"]}),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_file_is_peft_s_to_the_byte(case: str, base_of: MakeBase, tmp_path: Path) -> None:
    kind, options = CASES[case]
    adapter = make_adapter(kind, base_of(kind), tmp_path / "adapter", use_dora=True, **options)
    for dtype in FLOATS:
        base, ours = base_of(kind, dtype), tmp_path / f"ours-{dtype}"
        theirs = merge_with_peft(kind, base, adapter, tmp_path / f"peft-{dtype}", dtype)
        plan, _ = merge_with_mergedesk(base, adapter, ours)
        assert sum(tensor.targeted for tensor in plan.tensors) >= plan.targeted_modules > 0
        assert_same_tensors(ours, theirs)
        assert sha256(ours / WEIGHTS) == sha256(theirs / WEIGHTS)


@pytest.mark.parametrize("case", ["llama", "conv1d", "both_ends"])
@pytest.mark.parametrize(
    ("stored", "wanted"), [("float32", "bfloat16"), ("bfloat16", "float16"), ("float32", "float16")]
)
def test_converting_is_no_further_from_the_truth_than_peft(
    case: str, stored: str, wanted: str, base_of: MakeBase, tmp_path: Path
) -> None:
    kind, options = CASES[case]
    base = base_of(kind, stored)
    adapter = make_adapter(kind, base_of(kind), tmp_path / "adapter", use_dora=True, **options)
    theirs = tensors(merge_with_peft(kind, base, adapter, tmp_path / "peft", wanted))
    merge_with_mergedesk(base, adapter, tmp_path / "ours", wanted)
    exact = peft_model(kind, base, adapter, "float64").merge_and_unload().state_dict()
    for name, ours in tensors(tmp_path / "ours").items():
        assert ours.dtype == DTYPES[wanted]
        our_error, their_error = ((one.double() - exact[name]).abs() for one in (ours, theirs[name]))
        assert our_error.sum() <= their_error.sum(), name
        assert our_error.amax() <= their_error.amax(), name


@pytest.mark.parametrize("stored", ["bfloat16", "float16"])
def test_widening_is_peft_s_to_the_byte(stored: str, base_of: MakeBase, tmp_path: Path) -> None:
    for case in ("llama", "conv1d"):
        kind, options = CASES[case]
        base = base_of(kind, stored)
        adapter = make_adapter(kind, base_of(kind), tmp_path / f"adapter-{case}", use_dora=True, **options)
        theirs = merge_with_peft(kind, base, adapter, tmp_path / f"peft-{case}", "float32")
        merge_with_mergedesk(base, adapter, tmp_path / f"ours-{case}", "float32")
        assert sha256(tmp_path / f"ours-{case}" / WEIGHTS) == sha256(theirs / WEIGHTS)


@pytest.mark.slow
def test_large_matrices_in_several_chunks(base_of: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Norms over columns are summed across tiles and chunks."""
    base = base_of("gpt2", vocab_size=3001, n_embd=520, n_layer=1, tie_word_embeddings=False)
    options = {"target_modules": ["wte", "c_attn", "c_proj"], "use_dora": True}
    torch.manual_seed(0)
    adapter = make_adapter("gpt2", base, tmp_path / "adapter", **options)
    monkeypatch.setattr("mergedesk.methods.dora.tile.CHUNK_BYTES", 600_000)
    monkeypatch.setattr("mergedesk.methods.dora.tile.TILE_ELEMENTS", 20_000)
    monkeypatch.setattr("mergedesk.engines.streaming.CHUNK_BYTES", 400_000)
    merge_with_mergedesk(base, adapter, tmp_path / "ours")
    assert_same_tensors(tmp_path / "ours", merge_with_peft("gpt2", base, adapter, tmp_path / "peft"))


def merge(base: Path, adapter: Path, output: Path, **options: Any) -> MergeReport:
    return run_merge(request(base, adapter, output, **options), lambda _: None, CancelToken())


def change_stored(adapter: Path, change: Callable[[dict[str, torch.Tensor]], None]) -> None:
    stored = load_file(adapter / "adapter_model.safetensors")
    change(stored)
    save_file(stored, adapter / "adapter_model.safetensors", {"format": "pt"})


@pytest.mark.slow
def test_whole_job_streams_and_is_the_peft_engine_s(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("gpt2", "bfloat16")
    adapter = make_adapter("gpt2", base, tmp_path / "adapter", use_dora=True)
    streamed = merge(base, adapter, tmp_path / "streamed")
    assert (streamed.status, streamed.engine, streamed.engine_reason) == (MergeStatus.MERGED, "streaming", Code.STREAMS)
    assert {one.status for one in streamed.checks} <= {CheckStatus.PASS, CheckStatus.SKIPPED}
    assert merge(base, adapter, tmp_path / "layers", engine=Engine.PEFT).status is MergeStatus.MERGED
    assert_same_tensors(tmp_path / "streamed", tmp_path / "layers")


@pytest.mark.parametrize("kind", ["llama", "gpt2"])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_layer_that_was_not_trained_is_explained(kind: str, dtype: str, base_of: MakeBase, tmp_path: Path) -> None:
    """Its magnitude is the base's own norm and its delta nothing, so nothing changes."""
    base = base_of(kind)
    adapter = make_adapter(kind, base, tmp_path / "adapter", use_dora=True)
    name = next(key for key in load_file(adapter / "adapter_model.safetensors") if key.endswith("lora_B.weight"))
    weight = tensors(base)[name.removeprefix("base_model.model.").replace("lora_B.weight", "weight")]
    stored_in = base_of(kind, dtype)
    weight = weight.to(DTYPES[dtype]).float()

    def idle(stored: dict[str, torch.Tensor]) -> None:
        stored[name].zero_()
        outputs = weight if kind == "llama" else weight.t()
        stored[name.replace("lora_B.weight", "lora_magnitude_vector")] = torch.linalg.norm(outputs, dim=1)

    change_stored(adapter, idle)
    report = merge(stored_in, adapter, tmp_path / "out")
    assert report.status is MergeStatus.MERGED
    [warned] = [one for one in report.checks if one.status is CheckStatus.WARN]
    assert (warned.code.value, len(warned.data["names"])) == ("targeted_changed", 1)


def test_a_magnitude_that_was_dropped_refuses(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama")
    adapter = make_adapter("llama", base, tmp_path / "adapter", use_dora=True)
    change_stored(adapter, lambda stored: stored.pop(next(name for name in stored if "magnitude" in name)))
    for engine in (Engine.AUTO, Engine.PEFT):
        report = merge(base, adapter, tmp_path / "out", engine=engine)
        assert report.status is MergeStatus.REFUSED
        assert_says(the(report.findings, Code.MAGNITUDE_MISSING), Severity.ERROR, "mlp.down_proj")


def test_magnitudes_that_the_config_would_drop_refuse(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama")
    adapter = make_adapter("llama", base, tmp_path / "adapter", use_dora=True)
    config = adapter / "adapter_config.json"
    config.write_text(config.read_text(encoding="utf-8").replace('"use_dora": true', '"use_dora": false'), "utf-8")
    report = merge(base, adapter, tmp_path / "out")
    assert report.status is MergeStatus.REFUSED
    assert_says(the(report.findings, Code.MAGNITUDE_UNUSED), Severity.ERROR, "use_dora")


def test_strength_is_peft_s_scale(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama")
    adapter = make_adapter("llama", base, tmp_path / "adapter", use_dora=True)
    merge_with_mergedesk(base, [(adapter, 0.5)], tmp_path / "ours")
    model = peft_model("llama", base, adapter)
    for module in model.modules():
        if hasattr(module, "set_scale"):
            module.set_scale("default", 0.5)
    theirs = model.merge_and_unload().state_dict()
    for name, ours in tensors(tmp_path / "ours").items():
        torch.testing.assert_close(ours, theirs[name], rtol=1e-6, atol=1e-8)
