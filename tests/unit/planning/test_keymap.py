"""Adapter names to checkpoint names: every one is found, or named as not found."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from tiny_models import (
    WEIGHTS,
    load,
    make_adapter,
    merge_with_mergedesk,
    merge_with_peft,
    randomise_trainable,
    same_bits,
    tensors,
    third_party_noise_off,
)
from transformers import AutoModel

from mergedesk.checkpoints.adapter import read_adapter
from mergedesk.checkpoints.adapter_keys import Role, parse_adapter_key, sort_contents
from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.domain.findings import Code, UserError
from mergedesk.domain.requests import Precision
from mergedesk.methods.lora.config import expected_modules, pattern_value, scaling
from mergedesk.methods.registry import part_names
from mergedesk.planning.keymap import Renaming, map_keys
from mergedesk.planning.plan import make_plan
from mergedesk.planning.resolved_adapter import ResolvedAdapter, map_adapter
from mergedesk.storage.safetensors_header import TensorRecord

MakeBase = Callable[..., Path]
ADAPTER = "adapter_model.safetensors"
INNER = {"gpt2": "transformer.", "llama": "model.", "bert": "bert."}


@pytest.mark.parametrize("kind", ["gpt2", "llama"])
def test_checkpoint_saved_from_the_inner_model(kind: str, base_of: MakeBase, tmp_path: Path) -> None:
    """``h.0…`` in the files, ``transformer.h.0…`` in the class that the adapter was trained with."""
    load(kind, base_of(kind)).base_model.save_pretrained(tmp_path / "inner")
    adapter = make_adapter(kind, base_of(kind), tmp_path / "adapter")
    merged = tensors(merge_with_peft(kind, base_of(kind), adapter, tmp_path / "peft"))
    plan, _ = merge_with_mergedesk(tmp_path / "inner", adapter, tmp_path / "ours")
    assert plan.targeted_modules == sum(tensor.targeted for tensor in plan.tensors)
    ours = tensors(tmp_path / "ours")
    assert ours.keys() == tensors(tmp_path / "inner").keys()
    assert all(same_bits(ours[name], merged[INNER[kind] + name]) for name in ours)


@pytest.mark.parametrize("kind", INNER)
def test_adapter_trained_on_the_inner_model(kind: str, base_of: MakeBase, tmp_path: Path) -> None:
    inner = AutoModel.from_pretrained(base_of(kind))
    options = {"fan_in_fan_out": True} if kind == "gpt2" else {}
    targets = {"gpt2": ["c_attn", "c_proj"], "llama": ["q_proj", "down_proj"], "bert": ["query", "dense"]}[kind]
    with third_party_noise_off():
        model = get_peft_model(inner, LoraConfig(r=3, lora_alpha=7, target_modules=targets, **options))
        randomise_trainable(model)
        model.save_pretrained(tmp_path / "adapter")
        merged = model.merge_and_unload().state_dict()
    merge_with_mergedesk(base_of(kind), tmp_path / "adapter", tmp_path / "ours")
    ours, before = tensors(tmp_path / "ours"), tensors(base_of(kind))
    assert ours.keys() == before.keys()
    for name, tensor in ours.items():
        assert same_bits(tensor, merged.get(name.removeprefix(INNER[kind]), before[name])), name


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("model.", "model.language_model."),
        ("model.language_model.", "model."),
        ("model.language_model.", "language_model.model."),
        ("language_model.model.", "model.language_model."),
        ("language_model.model.", "model."),
        ("", "model."),
        ("model.", ""),
    ],
)
def test_one_renaming_serves_the_whole_adapter(old: str, new: str) -> None:
    modules = [f"layers.{layer}.{name}.weight" for layer in range(3) for name in ("q_proj", "up_proj")]
    checkpoint = dict.fromkeys([new + module for module in modules] + ["visual.q_proj.weight"])
    keys = map_keys([old + module for module in modules], checkpoint, {})
    assert keys.matched == {old + module: new + module for module in modules}
    assert keys.renaming != Renaming()
    assert keys.unmatched == ()


def test_names_that_fit_are_not_renamed() -> None:
    checkpoint = dict.fromkeys(["model.a.weight", "model.language_model.a.weight", "a.weight"])
    keys = map_keys(["model.a.weight"], checkpoint, {})
    assert keys.matched == {"model.a.weight": "model.a.weight"}
    assert keys.renaming == Renaming()


names = st.lists(st.sampled_from(["model", "layers", "0", "q", "h", "transformer"]), min_size=1, max_size=4).map(
    lambda parts: ".".join([*parts, "weight"])
)


@pytest.mark.slow
@given(st.lists(names, unique=True, max_size=8), st.lists(names, unique=True, max_size=8))
def test_each_parameter_is_found_tied_or_listed(parameters: list[str], stored: list[str]) -> None:
    keys = map_keys(parameters, dict.fromkeys(stored), {})
    assert sorted([*keys.matched, *keys.tied, *keys.unmatched]) == sorted(parameters)
    assert set(keys.matched.values()) <= set(stored)
    assert set(parameters) & set(stored) <= keys.matched.keys()


def mapped(base: Path, adapter: Path) -> ResolvedAdapter:
    return map_adapter(read_checkpoint(base), read_adapter(adapter))


def renamed(adapter: Path, old: str, new: str) -> Path:
    stored = load_file(adapter / ADAPTER)
    save_file({name.replace(old, new): tensor for name, tensor in stored.items()}, adapter / ADAPTER)
    return adapter


def test_foreign_names_are_all_listed(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama")
    adapter = make_adapter("llama", base, tmp_path / "adapter", target_modules=["q_proj", "v_proj"])
    one = mapped(base, renamed(adapter, "layers.1.self_attn.q_proj", "layers.9.self_attn.q_proj"))
    assert one.unmatched_modules == {"model.layers.9.self_attn.q_proj"}
    assert len(one.modules) == 4
    everything = mapped(base, renamed(adapter, "self_attn", "mixer"))
    assert everything.unmatched_modules == everything.modules
    assert len(everything.modules) == 4


def test_half_a_pair_is_listed(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama")
    adapter = make_adapter("llama", base, tmp_path / "adapter", target_modules=["q_proj"])
    stored = load_file(adapter / ADAPTER)
    del stored["base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight"]
    save_file(stored, adapter / ADAPTER)
    assert mapped(base, adapter).unmatched_modules == {"model.layers.0.self_attn.q_proj"}


def test_lora_bias_without_a_bias_is_listed(base_of: MakeBase, tmp_path: Path) -> None:
    adapter = make_adapter(
        "llama", base_of("llama", attention_bias=True), tmp_path / "adapter", target_modules=["q_proj"], lora_bias=True
    )
    one = mapped(base_of("llama"), adapter)
    assert one.keys.unmatched == tuple(f"model.layers.{layer}.self_attn.q_proj.bias" for layer in range(2))


def test_no_change_is_lost_on_the_way(base_of: MakeBase, tmp_path: Path) -> None:
    """A head that is tied by name only, in a checkpoint whose class has none."""
    load("gpt2", base_of("gpt2")).base_model.save_pretrained(tmp_path / "inner")
    adapter = make_adapter("gpt2", base_of("gpt2"), tmp_path / "adapter", target_modules=["lm_head"])
    with pytest.raises(UserError) as caught:
        make_plan(read_checkpoint(tmp_path / "inner"), [mapped(tmp_path / "inner", adapter)], Precision.AUTO)
    assert (caught.value.code, caught.value.data["names"]) == (Code.KEYS_UNMATCHED, ["lm_head.weight"])


@pytest.mark.parametrize("model_type", ["llama", "clvp"])
def test_square_linear_layers_are_not_turned(model_type: str, base_of: MakeBase, tmp_path: Path) -> None:
    """Even where the adapter's config says fan_in_fan_out, which PEFT corrects for each layer."""
    base = tmp_path / "base"
    base.mkdir()
    (base / WEIGHTS).write_bytes((base_of("llama") / WEIGHTS).read_bytes())
    config = json.loads((base_of("llama") / "config.json").read_text(encoding="utf-8"))
    (base / "config.json").write_text(json.dumps({**config, "model_type": model_type}), encoding="utf-8")
    adapter = make_adapter("llama", base_of("llama"), tmp_path / "adapter", target_modules=["q_proj", "o_proj"])
    merged = merge_with_peft("llama", base_of("llama"), adapter, tmp_path / "peft")
    stated = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
    (adapter / "adapter_config.json").write_text(json.dumps({**stated, "fan_in_fan_out": True}), encoding="utf-8")
    merge_with_mergedesk(base, adapter, tmp_path / "ours")
    ours, theirs = tensors(tmp_path / "ours"), tensors(merged)
    assert [name for name in ours if not same_bits(ours[name], theirs[name])] == []


KEYS = {
    "base_model.model.model.q.lora_A.weight": ("model.q", Role.LORA_A, ""),
    "base_model.model.model.q.lora_A.default.weight": ("model.q", Role.LORA_A, ""),
    "base_model.model.model.q.lora_B.my adapter.weight": ("model.q", Role.LORA_B, ""),
    "model.q.lora_B.weight": ("model.q", Role.LORA_B, ""),
    "base_model.model.model.q.lora_B.bias": ("model.q", Role.LORA_BIAS, ""),
    "base_model.model.e.lora_embedding_A": ("e", Role.EMBEDDING_A, ""),
    "base_model.model.e.lora_embedding_B.default": ("e", Role.EMBEDDING_B, ""),
    "base_model.model.lm_head.weight": ("lm_head", Role.BASE_PARAMETER, "weight"),
    "base_model.model.lm_head.modules_to_save.default.weight": ("lm_head", Role.BASE_PARAMETER, "weight"),
    "base_model.model.q.base_layer.bias": ("q", Role.BASE_PARAMETER, "bias"),
    "base_model.model.scale": ("", Role.BASE_PARAMETER, "scale"),
    "base_model.model.q.lora_magnitude_vector.weight": ("q", Role.MAGNITUDE, ""),
    "base_model.model.q.lora_magnitude_vector": ("q", Role.MAGNITUDE, ""),
    "base_model.model.q.lora_A.bias": ("q", Role.OTHER, ""),
    "base_model.model.e.token_adapter.trainable_tokens_delta": ("e", Role.TUNED, "trainable_tokens_delta"),
    "base_model.model.e.trainable_tokens_delta": ("e", Role.TUNED, "trainable_tokens_delta"),
    "base_model.model.q.ia3_l": ("q", Role.TUNED, "ia3_l"),
    "base_model.model.q.hada_w1_a": ("q", Role.TUNED, "hada_w1_a"),
    "base_model.model.q.lokr_w2.default": ("q", Role.TUNED, "lokr_w2"),
}


@pytest.mark.parametrize("name", KEYS)
def test_adapter_names_are_taken_apart(name: str) -> None:
    key = parse_adapter_key(name, part_names())
    assert (key.module, key.role, key.parameter) == KEYS[name]


@given(st.lists(st.sampled_from([*KEYS, "x.lora_A.weight", "x.lora_embedding_B"]), unique=True))
def test_every_tensor_has_a_role(stored: list[str]) -> None:
    record = TensorRecord("x", "F32", (2, 2), Path("x"), 0, 16)
    contents = sort_contents(dict.fromkeys(stored, record), part_names())
    keys = [parse_adapter_key(name, part_names()) for name in stored]
    modules = {key.module for key in keys if key.role not in (Role.OTHER, Role.BASE_PARAMETER)}
    tuned = {one.module for one in contents.tuned}
    assert {pair.module for pair in contents.lora} | tuned | set(contents.unpaired) == modules
    assert len(contents.others) == sum(parse_adapter_key(name, part_names()).role is Role.OTHER for name in stored)


SCALINGS: list[tuple[Mapping[str, Any], float]] = [
    ({"r": 4, "lora_alpha": 6}, 1.5),
    ({"r": 4, "lora_alpha": 6, "use_rslora": True}, 3.0),
    ({"r": 4, "lora_alpha": 0}, 0.0),
    ({"r": 8, "lora_alpha": 6, "rank_pattern": {"q_proj": 4}}, 1.5),
    ({"r": 4, "lora_alpha": 1, "alpha_pattern": {"q_proj": 6}}, 1.5),
    ({"r": 4, "lora_alpha": 6, "alpha_pattern": {"proj": 99, "q": 98, "xq_proj": 97}}, 1.5),
    ({"r": 4, "lora_alpha": 1, "alpha_pattern": {"self_attn.q_proj": 6, "q_proj": 99}}, 1.5),
    ({"r": 4, "lora_alpha": 6, "alpha_pattern": {"(": 99}}, 1.5),
    ({"lora_alpha": 6}, 1.5),
]


@pytest.mark.parametrize(("config", "expected"), SCALINGS)
def test_scaling(config: Mapping[str, Any], expected: float) -> None:
    assert scaling(config, "model.layers.0.self_attn.q_proj", 4) == expected


def test_the_first_pattern_that_matches_wins() -> None:
    assert pattern_value({"b": 1, "a.b": 2}, "x.a.b", 0) == 1
    assert pattern_value({"a.b": 2, "b": 1}, "x.a.b", 0) == 2
    assert pattern_value(None, "x.a.b", 0) == 0


@pytest.mark.parametrize(
    "options",
    [
        {"target_modules": ["q_proj", "mlp.up_proj"]},
        {"target_modules": r".*layers\.1\.mlp\.(up|down)_proj"},
        {"target_modules": ["q_proj", "v_proj"], "layers_to_transform": [1]},
        {"target_modules": ["q_proj", "v_proj"], "layers_to_transform": 0},
        {"target_modules": ["q_proj", "v_proj"], "exclude_modules": ["layers.0.self_attn.q_proj"]},
        {"target_modules": ["q_proj", "v_proj"], "exclude_modules": r".*\.0\..*"},
        {"target_modules": ["q_proj", "lm_head"], "modules_to_save": ["lm_head"]},
    ],
)
def test_expected_modules_are_those_that_peft_wraps(options: dict[str, Any], base_of: MakeBase, tmp_path: Path) -> None:
    adapter = read_adapter(make_adapter("llama", base_of("llama"), tmp_path / "adapter", **options))
    wrapped = {pair.module for pair in sort_contents(adapter.tensors, part_names()).lora}
    weights = {name.removesuffix(".weight") for name in read_checkpoint(base_of("llama")).tensors}
    assert expected_modules(adapter.config, weights) == wrapped
    assert wrapped
