"""Several adapters streamed in one pass, against PEFT's ``add_weighted_adapter`` and merge, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from peft.tuners.lora import LoraLayer
from several import Weighted, make_several, merge_one_by_one_with_peft, merge_several_with_peft
from tiny_models import (
    DTYPES,
    WEIGHTS,
    assert_same_tensors,
    make_adapter,
    merge_with_mergedesk,
    peft_model,
    same_bits,
    sha256,
    tensors,
    third_party_noise_off,
)

from mergedesk.domain.requests import Combination, CombinationMethod, MajoritySign

MakeBase = Callable[..., Path]
Options = dict[str, Any]
PATTERNS: Options = {"rank_pattern": {"q_proj": 2, "down_proj": 7}, "alpha_pattern": {"q_proj": 5}}

CAT: dict[str, tuple[str, list[Options], list[float]]] = {
    "two": ("llama", [{}, {}], [0.7, 0.3]),
    "negative": ("llama", [{}, {"lora_alpha": 5}], [1.0, -0.6]),
    "both at 1": ("llama", [{"lora_alpha": 5}, {"lora_alpha": 7}], [1.0, 1.0]),
    "three ranks": ("llama", [{"r": 3}, {"r": 8, "lora_alpha": 16}, {"r": 17}], [0.5, 0.25, -1.5]),
    "five": ("llama", [{"r": rank} for rank in (1, 2, 4, 8, 16)], [0.2, 0.4, -0.1, 1.3, 0.05]),
    "patterns and rslora": ("llama", [{"r": 5, **PATTERNS}, {"use_rslora": True, "r": 6}], [0.9, 0.4]),
    "rslora first": ("llama", [{"use_rslora": True, "r": 6}, {}], [0.9, 0.4]),
    "other modules": (
        "llama",
        [{"target_modules": ["q_proj", "up_proj"]}, {"target_modules": ["up_proj", "v_proj"], "r": 3}],
        [0.8, -0.3],
    ),
    "embeddings": (
        "llama",
        [{"target_modules": ["embed_tokens", "lm_head"]}, {"target_modules": ["embed_tokens", "q_proj"], "r": 3}],
        [0.6, 0.7],
    ),
    "tied": ("qwen2", [{}, {"r": 9}], [0.6, 0.7]),
    "conv1d": ("gpt2", [{}, {"r": 7, "target_modules": ["c_attn", "c_fc"]}], [1.2, -0.4]),
    "conv1d embeddings": ("gpt2", [{"target_modules": ["wpe", "c_attn"]}, {"target_modules": ["wpe"]}], [1.2, -0.4]),
    "encoder-decoder": ("t5", [{}, {"r": 2, "target_modules": ["q", "wo"]}], [0.5, 0.5]),
}


def pairs(folders: list[Path], weights: list[float]) -> Weighted:
    return list(zip(folders, weights, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", CAT)
def test_cat_gives_peft_s_bits(name: str, base_of: MakeBase, tmp_path: Path) -> None:
    """In float32; for 16 bits, where PEFT rounds the combined factors too, PEFT's float32 result rounded once."""
    kind, options, weights = CAT[name]
    base = base_of(kind)
    chosen = pairs(make_several(kind, base, tmp_path, *options), weights)
    theirs = merge_several_with_peft(kind, base, chosen, Combination(), tmp_path / "peft", "float32")
    merge_with_mergedesk(base, chosen, tmp_path / "ours")
    assert_same_tensors(tmp_path / "ours", theirs)
    assert sha256(tmp_path / "ours" / WEIGHTS) == sha256(theirs / WEIGHTS)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["three ranks", "embeddings", "conv1d"])
@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_cat_on_16_bits_is_rounded_once(name: str, dtype: str, base_of: MakeBase, tmp_path: Path) -> None:
    """PEFT rounds the combined factors as well: its float32 result, rounded, is ours; its own is further away."""
    kind, options, weights = CAT[name]
    base = base_of(kind, dtype)
    chosen = pairs(make_several(kind, base, tmp_path, *options), weights)
    merge_with_mergedesk(base, chosen, tmp_path / "ours")
    exact = tensors(merge_several_with_peft(kind, base, chosen, Combination(), tmp_path / "exact", "float32"))
    theirs = tensors(merge_several_with_peft(kind, base, chosen, Combination(), tmp_path / "peft", dtype))
    ours = tensors(tmp_path / "ours")
    assert [key for key in exact if not same_bits(ours[key], exact[key].to(DTYPES[dtype]))] == []
    assert sum(_off(theirs[key], exact[key]) for key in exact) > sum(_off(ours[key], exact[key]) for key in exact)


def test_adapters_of_different_layers(base_of: MakeBase, tmp_path: Path) -> None:
    """``add_weighted_adapter`` stops here ("No matching LoRAs found"); PEFT merging one after the other does not."""
    base = base_of("llama")
    first = {"target_modules": ["q_proj", "k_proj"]}
    second = {"target_modules": ["q_proj", "v_proj"], "layers_to_transform": [1], "use_rslora": True}
    chosen = pairs(make_several("llama", base, tmp_path, first, second), [0.8, -0.3])
    with pytest.raises(ValueError, match="No matching LoRAs"):
        merge_several_with_peft("llama", base, chosen, Combination(), tmp_path / "peft", "float32")
    merge_with_mergedesk(base, chosen, tmp_path / "ours")
    ours, theirs = (
        tensors(tmp_path / "ours"),
        tensors(merge_one_by_one_with_peft("llama", base, chosen, tmp_path / "p")),
    )
    assert [key for key in ours if not torch.allclose(ours[key], theirs[key], rtol=1e-5, atol=1e-7)] == []


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_dora_beside_others(dtype: str, base_of: MakeBase, tmp_path: Path) -> None:
    """Where no layer is shared nothing depends on an order: each layer is as PEFT merges its one adapter."""
    base = base_of("llama", dtype)
    first = {"target_modules": ["q_proj", "embed_tokens"], "use_dora": True}
    second = {"target_modules": ["up_proj"], "use_dora": True, "r": 3}
    third = {"target_modules": ["v_proj"], "lora_alpha": 8}
    chosen = pairs(make_several("llama", base, tmp_path, first, second, third), [1.0, 0.5, -2.0])
    merge_with_mergedesk(base, chosen, tmp_path / "ours")
    theirs = merge_one_by_one_with_peft("llama", base, chosen, tmp_path / "peft", dtype)
    assert_same_tensors(tmp_path / "ours", theirs)


def _off(one: torch.Tensor, exact: torch.Tensor) -> float:
    return float((one.double() - exact.double()).abs().sum())


METHODS = [method for method in CombinationMethod if method is not CombinationMethod.CAT]
SAME_RANK: dict[str, tuple[str, list[Options], list[float]]] = {
    "llama": ("llama", [{}, {"lora_alpha": 3}, {"use_rslora": True}], [0.7, -0.5, 0.4]),
    "patterns": ("llama", [{"r": 9, **PATTERNS}, {"r": 9, **PATTERNS, "lora_alpha": 4}], [0.7, 0.5]),
    "embeddings": (
        "llama",
        [{"target_modules": ["embed_tokens", "lm_head"]}, {"target_modules": ["embed_tokens", "q_proj"]}],
        [0.6, 0.7],
    ),
    "conv1d": ("gpt2", [{}, {"target_modules": ["c_attn", "c_fc"]}], [1.2, -0.4]),
}


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", SAME_RANK)
def test_other_methods_give_peft_s_bits(
    method: CombinationMethod, name: str, base_of: MakeBase, tmp_path: Path
) -> None:
    kind, options, weights = SAME_RANK[name]
    folders = make_several(kind, base_of(kind), tmp_path, *options)
    how = Combination(method, 0.4, MajoritySign.FREQUENCY if name == "llama" else MajoritySign.TOTAL, seed=11)
    dtype = "bfloat16" if name in ("embeddings", "patterns") else "float32"
    base, ours = base_of(kind, dtype), tmp_path / "ours"
    theirs = merge_several_with_peft(kind, base, pairs(folders, weights), how, tmp_path / "peft", dtype)
    merge_with_mergedesk(base, pairs(folders, weights), ours, combination=how)
    assert_same_tensors(ours, theirs)


@pytest.mark.slow
@pytest.mark.parametrize("method", [CombinationMethod.DARE_TIES, CombinationMethod.MAGNITUDE_PRUNE])
def test_cuts_do_not_matter(
    method: CombinationMethod, base_of: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small chunks and more workers: what is drawn depends on seed and tensor alone."""
    base, how = base_of("llama"), Combination(method, 0.5, seed=3)
    chosen = pairs(make_several("llama", base, tmp_path, {}, {}), [0.5, 0.6])
    merge_with_mergedesk(base, chosen, tmp_path / "whole", combination=how)
    monkeypatch.setattr("mergedesk.engines.streaming.CHUNK_BYTES", 1)
    monkeypatch.setattr("mergedesk.engines.streaming.TILE_ELEMENTS", 1)
    monkeypatch.setattr("mergedesk.engines.streaming.MIN_WORKERS", 4)
    merge_with_mergedesk(base, chosen, tmp_path / "cut", combination=how)
    assert sha256(tmp_path / "cut" / WEIGHTS) == sha256(tmp_path / "whole" / WEIGHTS)
    if method is CombinationMethod.DARE_TIES:
        merge_with_mergedesk(base, chosen, tmp_path / "other", combination=Combination(method, 0.5, seed=4))
        assert sha256(tmp_path / "other" / WEIGHTS) != sha256(tmp_path / "whole" / WEIGHTS)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize(
    ("kind", "weight", "targets"),
    [
        ("llama", 0.3, ["embed_tokens", "up_proj"]),
        ("llama", -1.0, ["embed_tokens", "up_proj"]),
        ("gpt2", 2.0, ["c_attn", "c_proj"]),
        ("gpt2", 1.7, ["c_attn", "c_proj"]),
    ],
)
def test_strength_of_one_adapter(
    kind: str, weight: float, targets: list[str], dtype: str, base_of: MakeBase, tmp_path: Path
) -> None:
    """As PEFT merges it with its scaling multiplied; a method of combination changes nothing then.

    ``scale_layer`` does no more than that, and leaves embeddings out.
    """
    base, theirs = base_of(kind, dtype), tmp_path / "peft"
    adapter = make_adapter(kind, base, tmp_path / "adapter", target_modules=targets, lora_alpha=7)
    with third_party_noise_off():
        model = peft_model(kind, base, adapter, dtype)
        for module in model.modules():
            if isinstance(module, LoraLayer):
                module.scaling["default"] *= weight
        model.merge_and_unload().save_pretrained(theirs)
    for method in (CombinationMethod.CAT, CombinationMethod.TIES):
        merge_with_mergedesk(base, [(adapter, weight)], tmp_path / method, combination=Combination(method))
        assert_same_tensors(tmp_path / method, theirs)


def test_order_of_adapters_is_the_order_of_the_sum(base_of: MakeBase, tmp_path: Path) -> None:
    """And weights belong to their adapters, whatever the order."""
    base = base_of("llama")
    one, other = make_several("llama", base, tmp_path, {}, {"r": 2})
    merge_with_mergedesk(base, [(one, 0.5), (other, -2.0)], tmp_path / "a")
    merge_with_mergedesk(base, [(other, -2.0), (one, 0.5)], tmp_path / "b")
    first, second = tensors(tmp_path / "a"), tensors(tmp_path / "b")
    assert all(torch.allclose(first[key], second[key], atol=1e-6) for key in first)
