"""Tiles must give the bits of the whole product, wherever they are cut and whoever computes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from tiny_models import (
    DTYPES,
    WEIGHTS,
    assert_same_tensors,
    merge_with_mergedesk,
    randomise_trainable,
    third_party_noise_off,
)
from torch import nn
from transformers.pytorch_utils import Conv1D

from mergedesk.engines import streaming

# (rank, alpha): with a scaling that is a power of two, the sum may be made in the product's own call.
RANKS = ((1, 7), (3, 7), (16, 32), (64, 7), (128, 256), (256, 64))
# (elements of a tile, bytes of a chunk): the shipped ones; tiles shorter than a row; ragged ones.
CUTS = ((streaming.TILE_ELEMENTS, streaming.CHUNK_BYTES), (1, 1), (50_000, 300_000))


class OddShapes(nn.Module):
    """Layers whose sides are no multiple of anything, on both sides of what a tile holds."""

    def __init__(self) -> None:
        super().__init__()
        self.tall = nn.Linear(517, 1031, bias=False)
        self.wide = nn.Linear(4099, 257, bias=False)
        self.thin = nn.Linear(1031, 8, bias=False)
        self.narrow = nn.Linear(7, 1031, bias=False)
        self.turned = Conv1D(1031, 517)
        self.embed_tokens = nn.Embedding(1031, 129)


@pytest.fixture(scope="module", params=["float32", "bfloat16"])
def dtype(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=RANKS)
def case(request: pytest.FixtureRequest, dtype: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a base, an adapter and what PEFT's whole-matrix merge makes of them."""
    rank, alpha = request.param
    folder = tmp_path_factory.mktemp(f"odd-{dtype}-{rank}")
    torch.manual_seed(rank)
    model = OddShapes()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn_like(parameter))
    model.to(DTYPES[dtype])
    save(folder / "base", model)
    targets = [name for name, _ in model.named_children()]
    with third_party_noise_off():
        wrapped = get_peft_model(model, LoraConfig(r=rank, lora_alpha=alpha, target_modules=targets))
        randomise_trainable(wrapped)
        torch.set_num_threads(2)
        wrapped.save_pretrained(folder / "adapter", save_embedding_layers=False)
        save(folder / "peft", wrapped.merge_and_unload())
        torch.set_num_threads(1)
    return folder


def save(folder: Path, model: nn.Module) -> None:
    folder.mkdir()
    save_file(model.state_dict(), folder / WEIGHTS, {"format": "pt"})
    (folder / "config.json").write_text(json.dumps({"model_type": "odd", "architectures": ["Odd"]}), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(("tile", "chunk"), CUTS)
def test_cuts_do_not_change_a_bit(
    case: Path, tile: int, chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "TILE_ELEMENTS", tile)
    monkeypatch.setattr(streaming, "CHUNK_BYTES", chunk)
    plan, _ = merge_with_mergedesk(case / "base", case / "adapter", tmp_path / "ours")
    assert sum(tensor.targeted for tensor in plan.tensors) == 6
    assert_same_tensors(tmp_path / "ours", case / "peft")


@pytest.mark.parametrize("rank", [8, 256])
@pytest.mark.parametrize("zero", ["base", "adapter"])
def test_a_layer_that_shows_nothing_proves_nothing_for_the_next(
    zero: str, rank: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sums with zeros come out alike whatever the order of steps; an expert that was never trained has only those."""
    monkeypatch.setattr(streaming, "MIN_WORKERS", 1)
    monkeypatch.setattr(streaming, "MAX_WORKERS", 1)
    layers = nn.ModuleDict({f"layer{number}": nn.Linear(192, 208, bias=False) for number in range(3)})
    if zero == "base":
        nn.init.zeros_(layers["layer0"].get_parameter("weight"))
    save(tmp_path / "base", layers)
    with third_party_noise_off():
        config = LoraConfig(r=rank, lora_alpha=2 * rank, target_modules=list(layers))
        wrapped = get_peft_model(layers, config)
        randomise_trainable(wrapped)
        if zero == "adapter":
            nn.init.zeros_(wrapped.get_parameter("base_model.model.layer0.lora_B.default.weight"))
        wrapped.save_pretrained(tmp_path / "adapter")
        save(tmp_path / "peft", wrapped.merge_and_unload())
    merge_with_mergedesk(tmp_path / "base", tmp_path / "adapter", tmp_path / "ours")
    assert_same_tensors(tmp_path / "ours", tmp_path / "peft")
