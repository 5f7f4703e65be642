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

RANKS = (1, 3, 16, 64, 128)
# (elements of a tile, bytes of a stretch): the shipped ones; tiles shorter than a row; ragged ones.
CUTS = ((streaming.TILE_ELEMENTS, streaming.STRETCH_BYTES), (1, 1), (50_000, 300_000))


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
    folder = tmp_path_factory.mktemp(f"odd-{dtype}-{request.param}")
    torch.manual_seed(request.param)
    model = OddShapes()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn_like(parameter))
    model.to(DTYPES[dtype])
    save(folder / "base", model)
    targets = [name for name, _ in model.named_children()]
    with third_party_noise_off():
        wrapped = get_peft_model(model, LoraConfig(r=request.param, lora_alpha=7, target_modules=targets))
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


@pytest.mark.parametrize(("tile", "stretch"), CUTS)
def test_cuts_do_not_change_a_bit(
    case: Path, tile: int, stretch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "TILE_ELEMENTS", tile)
    monkeypatch.setattr(streaming, "STRETCH_BYTES", stretch)
    plan, _ = merge_with_mergedesk(case / "base", case / "adapter", tmp_path / "ours")
    assert sum(tensor.targeted for tensor in plan.tensors) == 6
    assert_same_tensors(tmp_path / "ours", case / "peft")
