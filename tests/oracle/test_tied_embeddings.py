"""Tied embeddings: the merged model must answer as the unmerged one does.

PEFT's in-place merge changes the other side of a tie too, so its own merge is no truth here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny_models import (
    WEIGHTS,
    load,
    logits,
    make_adapter,
    merge_with_mergedesk,
    peft_model,
    same_bits,
    tensors,
)

from mergedesk.domain.findings import Code, UserError

MakeBase = Callable[..., Path]
WEIGHTS_OF_ADAPTER = "adapter_model.safetensors"
INPUT = {"qwen2": "embed_tokens", "gpt2": "wte"}
NAMES = {"qwen2": "model.embed_tokens.weight", "gpt2": "transformer.wte.weight"}
ELSEWHERE = {"qwen2": ["q_proj"], "gpt2": ["c_attn"]}
kinds = pytest.mark.parametrize("kind", INPUT)
sides = pytest.mark.parametrize("side", ["input", "head", "both"])


def modules(kind: str, side: str) -> list[str]:
    return {"input": [INPUT[kind]], "head": ["lm_head"], "both": [INPUT[kind], "lm_head"]}[side]


def assert_answers_as_unmerged(kind: str, base: Path, adapter: Path, merged: Path) -> None:
    truth = logits(peft_model(kind, base, adapter), kind)
    assert not torch.allclose(truth, logits(load(kind, base), kind), atol=1e-2)
    torch.testing.assert_close(logits(load(kind, merged), kind), truth, atol=2e-5, rtol=1e-5)


def says_tied(folder: Path) -> bool:
    return bool(json.loads((folder / "config.json").read_text(encoding="utf-8"))["tie_word_embeddings"])


@sides
@kinds
def test_lora_parts_the_two(kind: str, side: str, base_of: MakeBase, tmp_path: Path) -> None:
    base, merged = base_of(kind), tmp_path / "merged"
    adapter = make_adapter(kind, base, tmp_path / "adapter", target_modules=modules(kind, side))
    plan, _ = merge_with_mergedesk(base, adapter, merged)
    assert plan.splits_tie
    assert not says_tied(merged)
    assert_answers_as_unmerged(kind, base, adapter, merged)
    untouched = {"input": "lm_head.weight", "head": NAMES[kind]}.get(side)
    if untouched:
        assert same_bits(tensors(merged)[untouched], tensors(base)[NAMES[kind]])


@sides
@kinds
def test_saved_copies_part_the_two(kind: str, side: str, base_of: MakeBase, tmp_path: Path) -> None:
    base, merged = base_of(kind), tmp_path / "merged"
    adapter = make_adapter(
        kind, base, tmp_path / "adapter", target_modules=ELSEWHERE[kind], modules_to_save=modules(kind, side)
    )
    plan, _ = merge_with_mergedesk(base, adapter, merged)
    assert plan.splits_tie
    assert not says_tied(merged)
    assert_answers_as_unmerged(kind, base, adapter, merged)


@kinds
def test_equal_saved_copies_stay_tied(kind: str, base_of: MakeBase, tmp_path: Path) -> None:
    base, merged = base_of(kind), tmp_path / "merged"
    adapter = make_adapter(
        kind, base, tmp_path / "adapter", target_modules=ELSEWHERE[kind], modules_to_save=modules(kind, "both")
    )
    copies = load_file(adapter / WEIGHTS_OF_ADAPTER)
    [embeddings] = [name for name in copies if name.endswith(f"{INPUT[kind]}.weight")]
    copies["base_model.model.lm_head.weight"] = copies[embeddings].clone()
    save_file(copies, adapter / WEIGHTS_OF_ADAPTER)
    plan, _ = merge_with_mergedesk(base, adapter, merged)
    assert not plan.splits_tie
    assert says_tied(merged)
    assert "lm_head.weight" not in tensors(merged)
    assert same_bits(tensors(merged)[NAMES[kind]], copies[embeddings])
    assert_answers_as_unmerged(kind, base, adapter, merged)


@pytest.mark.parametrize("how", ["target_modules", "modules_to_save"])
@sides
def test_ensured_tying_stays_tied(side: str, how: str, base_of: MakeBase, tmp_path: Path) -> None:
    base, merged = base_of("qwen2"), tmp_path / "merged"
    options: dict[str, Any] = {"target_modules": ["q_proj"], how: modules("qwen2", side)}
    adapter = make_adapter("qwen2", base, tmp_path / "adapter", ensure_weight_tying=True, **options)
    plan, _ = merge_with_mergedesk(base, adapter, merged)
    assert not plan.splits_tie
    assert says_tied(merged)
    assert tensors(merged).keys() == tensors(base).keys()
    assert_answers_as_unmerged("qwen2", base, adapter, merged)


def test_ensured_tying_that_peft_does_not_know_is_no_tie(base_of: MakeBase, tmp_path: Path) -> None:
    base, merged = base_of("gpt2"), tmp_path / "merged"
    adapter = make_adapter("gpt2", base, tmp_path / "adapter", ensure_weight_tying=True, target_modules=["wte"])
    plan, _ = merge_with_mergedesk(base, adapter, merged)
    assert plan.splits_tie
    assert_answers_as_unmerged("gpt2", base, adapter, merged)


def test_ensured_tying_holds_for_an_adapter_that_stores_one_side(base_of: MakeBase, tmp_path: Path) -> None:
    base, merged = base_of("qwen2"), tmp_path / "merged"
    adapter = make_adapter(
        "qwen2", base, tmp_path / "adapter", ensure_weight_tying=True, target_modules=["embed_tokens"]
    )
    stored = load_file(adapter / WEIGHTS_OF_ADAPTER)
    save_file({name: one for name, one in stored.items() if ".lm_head." not in name}, adapter / WEIGHTS_OF_ADAPTER)
    plan, _ = merge_with_mergedesk(base, adapter, merged)
    assert not plan.splits_tie
    assert_answers_as_unmerged("qwen2", base, adapter, merged)


@pytest.fixture
def base_with_both(base_of: MakeBase, tmp_path: Path) -> Path:
    """A tied checkpoint that stores its head all the same, as older savers did."""
    folder = tmp_path / "base"
    folder.mkdir()
    stored = tensors(base_of("qwen2"))
    save_file({**stored, "lm_head.weight": stored[NAMES["qwen2"]].clone()}, folder / WEIGHTS, {"format": "pt"})
    (folder / "config.json").write_bytes((base_of("qwen2") / "config.json").read_bytes())
    return folder


@pytest.mark.parametrize("tying", [False, True])
@sides
def test_tied_head_that_is_stored(base_with_both: Path, side: str, tying: bool, tmp_path: Path) -> None:
    merged = tmp_path / "merged"
    adapter = make_adapter(
        "qwen2",
        base_with_both,
        tmp_path / "adapter",
        target_modules=modules("qwen2", side),
        ensure_weight_tying=tying,
    )
    plan, _ = merge_with_mergedesk(base_with_both, adapter, merged)
    assert plan.splits_tie is not tying
    assert says_tied(merged) is tying
    assert tensors(merged).keys() == tensors(base_with_both).keys()
    assert_answers_as_unmerged("qwen2", base_with_both, adapter, merged)


@pytest.mark.slow
def test_base_weights_in_the_adapter_go_to_both_sides(base_of: MakeBase, tmp_path: Path) -> None:
    """An adapter trained on resized embeddings stores them; PEFT loads them into the tensor that both sides share."""
    base, merged = base_of("qwen2"), tmp_path / "merged"
    adapter = make_adapter("qwen2", base, tmp_path / "adapter", target_modules=["embed_tokens"])
    stored = load_file(adapter / WEIGHTS_OF_ADAPTER)
    name = "base_model.model.model.embed_tokens.base_layer.weight"
    stored[name] = stored[name] + torch.randn_like(stored[name]) * 0.05
    save_file(stored, adapter / WEIGHTS_OF_ADAPTER)
    merge_with_mergedesk(base, adapter, merged)
    assert_answers_as_unmerged("qwen2", base, adapter, merged)


@pytest.mark.parametrize("how", ["target_modules", "modules_to_save"])
def test_embeddings_that_feed_two_towers_are_refused(how: str, base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("t5")
    options: dict[str, Any] = {"target_modules": ["q"], how: ["lm_head"]}
    adapter = make_adapter("t5", base, tmp_path / "adapter", **options)
    with pytest.raises(UserError) as caught:
        merge_with_mergedesk(base, adapter, tmp_path / "merged")
    assert caught.value.code == Code.SHARED_EMBEDDING_UNCLEAR


def test_untied_model_keeps_both_sides_apart(base_of: MakeBase, tmp_path: Path) -> None:
    base, merged = base_of("qwen2", tie_word_embeddings=False), tmp_path / "merged"
    adapter = make_adapter("qwen2", base, tmp_path / "adapter", target_modules=["embed_tokens"])
    plan, _ = merge_with_mergedesk(base, adapter, merged)
    assert not plan.splits_tie
    assert same_bits(tensors(merged)["lm_head.weight"], tensors(base)["lm_head.weight"])
    assert_answers_as_unmerged("qwen2", base, adapter, merged)
