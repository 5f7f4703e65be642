"""LoRA on convolutions streams, and gives PEFT's bits: one to three dimensions, DoRA, biases, several adapters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import request
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from tiny_models import (
    DTYPES,
    WEIGHTS,
    assert_same_tensors,
    merge_with_mergedesk,
    randomise_trainable,
    sha256,
    third_party_noise_off,
)
from torch import nn

from mergedesk.domain.findings import Code
from mergedesk.domain.requests import Combination, CombinationMethod, Engine, Precision
from mergedesk.methods.convolution import ConvolutionUpdate
from mergedesk.planning.plan import make_plan
from mergedesk.planning.preflight import Ready, prepare

# Threads decide who convolves where few inputs come in, ranks in which order is added.
RANKS = ((2, 4), (5, 7), (32, 64), (128, 64), (300, 7))
OPTIONS: dict[str, dict[str, Any]] = {
    "plain": {}, "rslora": {"use_rslora": True}, "dora": {"use_dora": True}, "bias": {"lora_bias": True},
    "saved": {"modules_to_save": ["head"]},
}  # fmt: skip


class Convolutions(nn.Module):
    """Kernels of one point and of more, few inputs and many, strides, dilations and padding besides."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, 384, (4, 4), stride=4)
        self.words = nn.Conv1d(64, 100, 3, padding=1)
        self.thin = nn.Conv1d(4, 96, 2)
        self.point = nn.Conv1d(33, 47, 1)
        self.mixing = nn.Conv2d(40, 64, 1)
        self.spread = nn.Conv2d(33, 24, (3, 5), dilation=2)
        self.frames = nn.Conv3d(3, 33, (2, 5, 3))
        self.deep = nn.Conv3d(17, 16, (1, 3, 2))
        self.head = nn.Linear(16, 3)


TARGETS = ["patches", "words", "thin", "point", "mixing", "spread", "frames", "deep"]


def save(folder: Path, model: nn.Module) -> Path:
    folder.mkdir()
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, folder / WEIGHTS, _FORMAT)
    (folder / "config.json").write_text(json.dumps({"model_type": "odd", "architectures": ["Odd"]}), encoding="utf-8")
    return folder


_FORMAT = {"format": "pt"}


def make_base(folder: Path, dtype: str) -> Path:
    torch.manual_seed(7)
    return save(folder, Convolutions().to(DTYPES[dtype]))


def load_base(folder: Path) -> nn.Module:
    model = Convolutions()
    stored = load_file(folder / WEIGHTS)
    model.to(next(iter(stored.values())).dtype).load_state_dict(stored)
    return model


def make_adapter(base: Path, folder: Path, seed: int = 1, **options: Any) -> Path:
    torch.manual_seed(seed)
    with third_party_noise_off():
        model = get_peft_model(load_base(base), LoraConfig(**{"target_modules": TARGETS, **options}))  # type: ignore[arg-type]
        randomise_trainable(model)
        model.create_or_update_model_card = lambda _: None
        model.save_pretrained(folder)
    return folder


def merge_with_peft(base: Path, adapter: Path, folder: Path) -> Path:
    with third_party_noise_off():
        return save(folder, PeftModel.from_pretrained(load_base(base), adapter).merge_and_unload())  # type: ignore[arg-type]


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("threads", [1, 2])
def test_file_is_peft_s_to_the_byte(option: str, threads: int, tmp_path: Path) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        for dtype in ("float32", "bfloat16", "float16"):
            base = make_base(tmp_path / dtype, dtype)
            for rank, alpha in RANKS if option in ("plain", "dora") else RANKS[1:2]:
                case = tmp_path / f"{dtype}-{rank}"
                case.mkdir()
                adapter = make_adapter(base, case / "adapter", r=rank, lora_alpha=alpha, **OPTIONS[option])
                plan, _ = merge_with_mergedesk(base, adapter, case / "ours")
                assert plan.targeted_modules == len(TARGETS) + (option == "saved")
                assert_same_tensors(case / "ours", merge_with_peft(base, adapter, case / "peft"))
                assert sha256(case / "ours" / WEIGHTS) == sha256(case / "peft" / WEIGHTS)
    finally:
        torch.set_num_threads(before)


def test_cuts_do_not_change_a_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mergedesk.engines.streaming.TILE_ELEMENTS", 1000)
    monkeypatch.setattr("mergedesk.engines.streaming.CHUNK_BYTES", 3000)
    base = make_base(tmp_path / "base", "bfloat16")
    for option in ("plain", "dora"):
        adapter = make_adapter(base, tmp_path / f"adapter-{option}", r=32, **OPTIONS[option])
        merge_with_mergedesk(base, adapter, tmp_path / option)
        assert_same_tensors(tmp_path / option, merge_with_peft(base, adapter, tmp_path / f"peft-{option}"))


def test_streams_by_itself_and_kernels_are_told(tmp_path: Path) -> None:
    base = make_base(tmp_path / "base", "bfloat16")
    prepared = prepare(request(base, make_adapter(base, tmp_path / "adapter"), tmp_path / "ours"))
    assert isinstance(prepared, Ready)
    assert (prepared.engine, prepared.preflight.engine_reason) == (Engine.STREAMING, Code.STREAMS)
    kernels = {
        tensor.name.removesuffix(".weight"): update.kernel
        for tensor in make_plan(prepared.base, prepared.mapped, Precision.AUTO).tensors
        for update in tensor.updates
        if isinstance(update, ConvolutionUpdate)
    }
    assert kernels == {
        "patches": (4, 4), "words": (3,), "thin": (2,), "point": (1,), "spread": (3, 5), "frames": (2, 5, 3),
        "deep": (1, 3, 2),
    }  # fmt: skip


@pytest.mark.parametrize(
    "method", [one for one in CombinationMethod if one is not CombinationMethod.CAT and "dare" not in one]
)
def test_combined_adapters_are_peft_s_to_the_byte(method: CombinationMethod, tmp_path: Path) -> None:
    base = make_base(tmp_path / "base", "float32")
    adapters = [make_adapter(base, tmp_path / f"adapter{seed}", seed, r=32, lora_alpha=32) for seed in (1, 2)]
    combination = Combination(method=method, density=0.5)
    weighted = [(adapters[0], 0.75), (adapters[1], 1.5)]
    merge_with_mergedesk(base, weighted, tmp_path / "ours", combination=combination)
    with third_party_noise_off():
        model = PeftModel.from_pretrained(load_base(base), adapters[0], adapter_name="0")  # type: ignore[arg-type]
        model.load_adapter(adapters[1], "1")
        model.base_model.add_weighted_adapter(["0", "1"], [0.75, 1.5], "all", method.value, density=0.5)  # type: ignore[operator]
        model.set_adapter("all")
        save(tmp_path / "peft", model.merge_and_unload(adapter_names=["all"]))
    assert_same_tensors(tmp_path / "ours", tmp_path / "peft")


def test_summed_adapters_are_the_sum(tmp_path: Path) -> None:
    base = make_base(tmp_path / "base", "float32")
    adapters = [make_adapter(base, tmp_path / f"adapter{seed}", seed, r=4) for seed in (1, 2)]
    merge_with_mergedesk(base, [(adapter, 1.0) for adapter in adapters], tmp_path / "both")
    once = merge_with_peft(base, adapters[0], tmp_path / "once")
    twice = load_file(merge_with_peft(once, adapters[1], tmp_path / "twice") / WEIGHTS)
    for name, tensor in load_file(tmp_path / "both" / WEIGHTS).items():
        torch.testing.assert_close(tensor, twice[name], rtol=1e-6, atol=1e-7)
