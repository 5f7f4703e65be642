"""Features met in one merge: each kind of base with each kind of adapter, by each engine, at each precision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoHaConfig, PeftModel, get_peft_model
from pickled_files import LEGACY, pickle_adapter, pickle_weights
from tiny_models import KINDS, load, make_adapter, randomise_trainable, same_bits, tensors, third_party_noise_off
from transformers import BitsAndBytesConfig, LlamaForCausalLM

from mergedesk.domain.findings import CheckStatus
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, Engine, MergeRequest, Precision
from mergedesk.pipelines.merge import merge

MakeBase = Callable[..., Path]
BASES = ("plain", "bin", "legacy_bin_shards", "nf4")
ADAPTERS: dict[str, dict[str, Any]] = {
    "lora": {},
    "dora": {"use_dora": True},
    "head_saved": {"modules_to_save": ["lm_head"], "target_modules": ["q_proj", "down_proj"]},
    "on_embeddings": {"target_modules": ["embed_tokens", "q_proj"]},
    "loha": {},
}


def make(kind: str, source: Path, folder: Path) -> Path:
    """The base in another form."""
    with third_party_noise_off():
        if kind == "nf4":
            packed = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True)
            model = LlamaForCausalLM.from_pretrained(source, dtype=torch.bfloat16, quantization_config=packed)
        else:
            model = load("llama", source, "auto")
        model.save_pretrained(folder)
    if kind == "bin":
        pickle_weights(folder)
    if kind == "legacy_bin_shards":
        pickle_weights(folder, LEGACY, shards=3)
    return folder


def adapter_of(kind: str, base: Path, folder: Path) -> Path:
    """An adapter of that kind for a plain base."""
    if kind != "loha":
        return make_adapter("llama", base, folder, **ADAPTERS[kind])
    torch.manual_seed(3)
    config = LoHaConfig(r=3, alpha=5, target_modules=list(KINDS["llama"].targets), task_type="CAUSAL_LM")
    with third_party_noise_off():
        model = get_peft_model(load("llama", base), config)
        randomise_trainable(model)
        model.save_pretrained(folder)
    return folder


def by_peft(base: Path, adapter: Path) -> dict[str, torch.Tensor]:
    """What the libraries give: a base as it loads, 16-bit if it was packed, and PEFT's merge."""
    with third_party_noise_off():
        model = LlamaForCausalLM.from_pretrained(base, dtype="auto")
        if getattr(model, "is_quantized", False):
            model = model.dequantize().to(torch.bfloat16)
        merged = PeftModel.from_pretrained(model.eval(), adapter).merge_and_unload()
    state: dict[str, torch.Tensor] = merged.state_dict()
    return state


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, base_of: MakeBase) -> dict[str, Path]:
    """Every base and every adapter, made once."""
    folder = tmp_path_factory.mktemp("crossings")
    source = base_of("llama", "bfloat16")
    bases = {kind: make(kind, source, folder / kind) for kind in BASES}
    return bases | {kind: adapter_of(kind, base_of("llama"), folder / kind) for kind in ADAPTERS}


@pytest.mark.slow
@pytest.mark.parametrize("engine", [Engine.AUTO, Engine.PEFT])
@pytest.mark.parametrize("adapter", list(ADAPTERS))
@pytest.mark.parametrize("base", BASES)
def test_each_base_with_each_adapter(
    base: str, adapter: str, engine: Engine, home: dict[str, Path], tmp_path: Path
) -> None:
    """Through PEFT's engine the adapter is pickled too."""
    folder = home[adapter]
    if engine is Engine.PEFT:
        folder = tmp_path / "pickled"
        folder.mkdir()
        for file in home[adapter].iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
        pickle_adapter(folder)
    request = MergeRequest(
        home[base], (AdapterChoice(folder),), tmp_path / "out", engine=engine, dequantize=True, max_shard_size=60_000
    )
    report = merge(request, lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED, [*report.findings, *report.checks]
    assert [check for check in report.checks if check.status is CheckStatus.FAIL] == []
    theirs, ours = by_peft(home[base], home[adapter]), tensors(tmp_path / "out")
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if not same_bits(ours[name], theirs[name])] == []


@pytest.mark.slow
@pytest.mark.parametrize("adapter", list(ADAPTERS))
@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(("precision", "engine"), [(Precision.FLOAT32, Engine.AUTO), (Precision.FLOAT16, Engine.PEFT)])
def test_converting_stays_as_near_as_one_rounding(
    precision: Precision, base: str, adapter: str, engine: Engine, home: dict[str, Path], tmp_path: Path
) -> None:
    chosen, output = (AdapterChoice(home[adapter]),), tmp_path / "out"
    request = MergeRequest(home[base], chosen, output, precision, engine, dequantize=True)
    report = merge(request, lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED, [*report.findings, *report.checks]
    with third_party_noise_off():
        model = LlamaForCausalLM.from_pretrained(home[base], dtype="auto")
        if getattr(model, "is_quantized", False):
            model = model.dequantize().to(torch.bfloat16)
        exact = PeftModel.from_pretrained(model.double().eval(), home[adapter], autocast_adapter_dtype=False)
        theirs = exact.double().merge_and_unload().state_dict()
    step = {Precision.FLOAT32: 2.0**-22, Precision.FLOAT16: 2.0**-10}[precision]
    for name, tensor in tensors(tmp_path / "out").items():
        assert tensor.dtype is getattr(torch, precision.value)
        allowed = theirs[name].abs() * step + 1e-6
        assert bool(((tensor.double() - theirs[name]).abs() <= allowed).all()), name
