"""The tables of PEFT's methods against PEFT itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import export_config_fields
import peft
import pytest
import torch
import transformers
from peft import LoraConfig, PeftConfig, PeftType, get_peft_model, get_peft_model_state_dict
from peft.mapping import PEFT_TYPE_TO_CONFIG_MAPPING, PEFT_TYPE_TO_PREFIX_MAPPING
from safetensors.torch import save_file
from tiny_models import randomise_trainable, third_party_noise_off
from torch import nn

from mergedesk.checkpoints.adapter import Adapter
from mergedesk.domain.findings import Code
from mergedesk.methods import peft_methods as methods
from mergedesk.methods.lora import config as lora_config
from mergedesk.methods.peft_methods import TABLE, UnknownFields, config_fields, unknown_fields
from mergedesk.planning import changes
from mergedesk.planning.changes import CONV1D_MODEL_TYPES
from mergedesk.planning.checks import untrained
from mergedesk.storage.safetensors_header import read_header

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
    assert known == config_fields().keys() | methods._NO_WEIGHTS_TO_FOLD
    assert not config_fields().keys() & methods._NO_WEIGHTS_TO_FOLD
    assert all(methods.is_known(name) for name in known)
    assert not methods.is_known("NEXT_YEARS_METHOD")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(config_fields()))
def test_what_is_said_to_merge_merges(name: str) -> None:
    assert not methods.cannot_merge(name)
    config = make_config(name)
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


def test_fields_are_those_of_peft_with_their_defaults() -> None:
    renew = "PEFT changed: run python tests/tools/export_config_fields.py"
    assert export_config_fields.as_text(export_config_fields.build_table()) == TABLE.read_text("utf-8"), renew


@pytest.mark.parametrize("name", sorted(config_fields()))
def test_configs_that_peft_saves_hold_nothing_unknown(name: str) -> None:
    config = make_config(name)
    saved = {field: list(value) if isinstance(value, set) else value for field, value in config.to_dict().items()}
    assert unknown_fields(saved, name) == UnknownFields((), ())
    assert not any(lora_config.formula_changes(LoraConfig().to_dict()))


def test_part_prefixes_are_those_of_peft() -> None:
    for name in config_fields():
        assert PEFT_TYPE_TO_PREFIX_MAPPING[PeftType[name]].startswith(methods.part_prefix(name))


def make_config(name: str) -> PeftConfig:
    options = {"target_modules": ["proj"], **OPTIONS.get(name, {})}
    return PEFT_TYPE_TO_CONFIG_MAPPING[PeftType[name]](**options)


@pytest.mark.parametrize("name", sorted(untrained.neutral_parts()))
@pytest.mark.parametrize("trained", [False, True])
def test_factors_called_neutral_change_nothing(name: str, trained: bool, tmp_path: Path) -> None:
    """Those alone: everything else is made random. With them random too, the layer changes."""
    tokens = torch.tensor([[1, 2, 3]])
    with third_party_noise_off(), torch.no_grad():
        torch.manual_seed(0)
        model = get_peft_model(OneLayer().eval(), make_config(name)).eval()
        for parameter in model.parameters():
            neutral = not parameter.any() or bool((parameter == 1).all())
            if parameter.requires_grad and (trained or not neutral):
                parameter.add_(torch.randn_like(parameter) * 0.3)
        state = get_peft_model_state_dict(model, save_embedding_layers=False)
        save_file({key: value.clone() for key, value in state.items()}, tmp_path / "adapter.safetensors")
        records = read_header(tmp_path / "adapter.safetensors").tensors
        after = model(tokens)
        before = model.unload()(tokens)
    adapter = Adapter(tmp_path, {"peft_type": name}, records, tmp_path / "adapter.safetensors")
    found = [finding.code for finding in untrained.value_findings(adapter)]
    assert found == ([] if trained else [Code.ADAPTER_UNTRAINED])
    assert torch.allclose(before, after, atol=1e-5) is not trained


def test_methods_that_start_from_something_else_are_not_judged() -> None:
    """They start random, or from parts of the base, or hold nothing but copies: no value tells."""
    assert config_fields().keys() - untrained.neutral_parts().keys() == {
        "C3A", "DEFT", "FOURIERFT", "FROD", "HRA", "LN_TUNING", "OSF", "TINYLORA", "TRAINABLE_TOKENS", "UNILORA",
        "VBLORA",
    }  # fmt: skip


def test_fields_that_change_the_formula_are_known() -> None:
    """Everything for which PEFT's layers have a variant of their own."""
    listed = set(lora_config._CHANGES_THE_FORMULA)
    assert listed <= config_fields()["LORA"].keys()
    layers = (peft.tuners.lora.layer.Linear, peft.tuners.lora.layer.Embedding)
    variants = {field for layer in layers for fields in layer.lora_variants.fget(None) for field in fields}
    # "mica" is a way to initialise, told by init_lora_weights; its merge is plain LoRA's (test_every_method).
    # DoRA streams.
    assert variants - {"mica", "use_dora"} <= listed
    assert lora_config.formula_changes({"init_lora_weights": "mica"}) == ()


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
    assert {layer for layers in users.values() for layer, _ in layers} <= set(changes._CONV1D_LAYERS)
    assert {file.parent.name for file, layers in users.items() if not layers} == {"clvp"}
