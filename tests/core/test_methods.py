"""The tables of PEFT's methods against PEFT itself."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
import transformers
from peft import LoraConfig, PeftType, get_peft_model
from peft.mapping import PEFT_TYPE_TO_CONFIG_MAPPING
from tiny_models import randomise_trainable, third_party_noise_off
from torch import nn

from mergedesk.planning import lora_config, methods, plan
from mergedesk.planning.plan import CONV1D_MODEL_TYPES

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "ADALORA": {"total_step": 10},
    "BOFT": {"boft_block_size": 4},
    "C3A": {"block_size": 4},
    "FOURIERFT": {"n_frequency": 10},
    "FROD": {"target_modules": ["proj"]},
    "IA3": {"feedforward_modules": []},
    "LN_TUNING": {"target_modules": ["norm"]},
    "MISS": {"r": 4},
    "OFT": {"oft_block_size": 4, "r": 0},
    "OSF": {"effective_rank": 4},
    "PSOFT": {"r": 4},
    "ROAD": {"group_size": 4},
    "SHIRA": {"r": 2},
    "TRAINABLE_TOKENS": {"target_modules": ["embed_tokens"], "token_indices": [1, 2]},
    "VBLORA": {"vector_length": 8, "num_vectors": 8, "topk": 2},
    "WAVEFT": {"n_frequency": 20},
}


class OneLayer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(10, 16)
        self.norm = nn.LayerNorm(16)
        self.proj = nn.Linear(16, 16)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.proj(self.norm(self.embed_tokens(tokens)))  # type: ignore[no-any-return]


def test_every_method_is_in_one_table() -> None:
    known = {member.value for member in PeftType}
    assert known == methods._MERGED_BY_PEFT | methods._NO_WEIGHTS_TO_FOLD
    assert not methods._MERGED_BY_PEFT & methods._NO_WEIGHTS_TO_FOLD
    assert all(methods.is_known(name) for name in known)
    assert not methods.is_known("NEXT_YEARS_METHOD")


@pytest.mark.parametrize("name", sorted(methods._MERGED_BY_PEFT))
def test_what_is_said_to_merge_merges(name: str) -> None:
    if name == "ADAMSS" and not find_spec("sklearn"):
        pytest.skip("AdaMSS needs scikit-learn to be set up")
    assert not methods.cannot_merge(name)
    config = PEFT_TYPE_TO_CONFIG_MAPPING[PeftType[name]](**{"target_modules": ["proj"], **OPTIONS.get(name, {})})
    tokens = torch.tensor([[1, 2, 3]])
    with third_party_noise_off(), torch.no_grad():
        model = get_peft_model(OneLayer().eval(), config)
        randomise_trainable(model)
        model.eval()
        unmerged = model(tokens)
        torch.testing.assert_close(model.merge_and_unload()(tokens), unmerged, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("name", sorted(methods._NO_WEIGHTS_TO_FOLD))
def test_what_is_said_not_to_merge_is_refused(name: str) -> None:
    assert methods.cannot_merge(name)


def test_known_fields_are_those_of_peft() -> None:
    assert {one.name for one in dataclasses.fields(LoraConfig)} == lora_config.KNOWN_FIELDS
    assert LoraConfig().to_dict().keys() <= lora_config.KNOWN_FIELDS
    assert not any(lora_config.formula_changes(LoraConfig().to_dict()))


def test_fields_that_change_the_formula_are_known() -> None:
    """Everything for which PEFT's layers have a variant of their own."""
    listed = set(lora_config._CHANGES_THE_FORMULA)
    assert listed <= lora_config.KNOWN_FIELDS
    layers = (peft.tuners.lora.layer.Linear, peft.tuners.lora.layer.Embedding)
    variants = {field for layer in layers for fields in layer.lora_variants.fget(None) for field in fields}
    # "mica" is a way to initialise, which is told by init_lora_weights.
    assert variants - {"mica"} <= listed
    assert lora_config.formula_changes({"init_lora_weights": "mica"}) == ("init_lora_weights",)


def test_conv1d_model_types_are_those_of_transformers() -> None:
    """Those with a square one: the shape tells where the sides differ, as they do in all of CLVP's."""
    models = Path(transformers.__file__).parent / "models"
    square = re.compile(r"self\.(\w+) = Conv1D\((self\.embed_dim, self\.embed_dim|n_state, nx)\)")
    users = {
        file: set(square.findall(text))
        for file in models.glob("*/modeling_*.py")
        if re.search(r"[ =]Conv1D\(", text := file.read_text(encoding="utf-8"))
    }
    types = {
        found
        for file, layers in users.items()
        for config in file.parent.glob("configuration_*.py")
        for found in re.findall(r'^    model_type = "(.+)"', config.read_text(encoding="utf-8"), re.MULTILINE)
        if layers
    }
    assert types == CONV1D_MODEL_TYPES
    assert {layer for layers in users.values() for layer, _ in layers} <= set(plan._CONV1D_LAYERS)
    assert {file.parent.name for file, layers in users.items() if not layers} == {"clvp"}
