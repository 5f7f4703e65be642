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
from tiny_models import load, logits, make_adapter, merge_with_mergedesk, peft_model, tensors

MakeBase = Callable[..., Path]
ENDS: dict[str, tuple[str, str]] = {"qwen2": ("embed_tokens", "lm_head"), "gpt2": ("wte", "lm_head"), "t5": ("shared", "lm_head")}


def assert_answers_as_unmerged(kind: str, base: Path, adapter: Path, merged: Path) -> None:
    truth = logits(peft_model(kind, base, adapter), kind)
    assert not torch.allclose(truth, logits(load(kind, base), kind), atol=1e-3)
    torch.testing.assert_close(logits(load(kind, merged), kind), truth, atol=2e-5, rtol=1e-5)


@pytest.mark.parametrize("on", ["input", "head", "both"])
@pytest.mark.parametrize("kind", ENDS)
def test_lora_on_one_side_or_both(kind: str, on: str, base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of(kind)
    embeddings, head = ENDS[kind]
    targets = {"input": [embeddings], "head": [head], "both": [embeddings, head]}[on]
    adapter = make_adapter(kind, base, tmp_path / "adapter", target_modules=targets)
    plan, _ = merge_with_mergedesk(base, adapter, tmp_path / "merged")
    assert plan.splits_tie
    assert_answers_as_unmerged(kind, base, adapter, tmp_path / "merged")
