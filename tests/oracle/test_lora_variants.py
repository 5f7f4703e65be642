"""Every option of LoRA that streams, against PEFT's own script, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_models import (
    DTYPES,
    WEIGHTS,
    assert_same_tensors,
    make_adapter,
    merge_with_mergedesk,
    merge_with_peft,
    same_bits,
    sha256,
    tensors,
)

MakeBase = Callable[..., Path]
FEW = ["q_proj", "down_proj"]

LLAMA: dict[str, dict[str, Any]] = {
    "rslora": {"use_rslora": True, "r": 6},
    "rank_pattern": {"rank_pattern": {"q_proj": 2, "layers.1.mlp.up_proj": 7}},
    "alpha_pattern": {"alpha_pattern": {"q_proj": 5, r"layers\.0\.mlp\..*_proj": 11}},
    "both_patterns_rslora": {"rank_pattern": {"v_proj": 3}, "alpha_pattern": {"v_proj": 7}, "use_rslora": True},
    "pattern_full_name": {"alpha_pattern": {"^model.layers.0.self_attn.q_proj": 13}},
    "alpha_zero": {"lora_alpha": 0},
    "alpha_fraction": {"lora_alpha": 0.7},
    "rank_1": {"r": 1, "lora_alpha": 3},
    "rank_3": {"r": 3, "lora_alpha": 10},
    "rank_5": {"r": 5, "lora_alpha": 7},
    "rank_17": {"r": 17, "lora_alpha": 32},
    "rank_64": {"r": 64, "lora_alpha": 100},
    "regex_targets": {"target_modules": r".*layers\.1\..*(q|k)_proj"},
    "all_linear": {"target_modules": "all-linear"},
    "some_layers": {"layers_to_transform": [1]},
    "norm_saved": {"modules_to_save": ["norm"], "target_modules": FEW},
    "every_norm_saved": {"modules_to_save": ["input_layernorm", "norm"], "target_modules": FEW},
    "head_saved": {"modules_to_save": ["lm_head"], "target_modules": FEW},
    "embeddings_saved": {"modules_to_save": ["embed_tokens"], "target_modules": FEW},
    "both_saved": {"modules_to_save": ["embed_tokens", "lm_head"], "target_modules": FEW},
    "on_embeddings": {"target_modules": ["embed_tokens", "q_proj"]},
    "on_head": {"target_modules": ["lm_head", "q_proj"]},
    "on_both_ends": {"target_modules": ["embed_tokens", "lm_head"], "r": 5, "lora_alpha": 7},
    "gaussian": {"init_lora_weights": "gaussian"},
    "orthogonal": {"init_lora_weights": "orthogonal", "r": 8},
}
WITH_BIAS: dict[str, dict[str, Any]] = {
    "bias_all": {"bias": "all", "target_modules": FEW},
    "bias_lora_only": {"bias": "lora_only", "target_modules": FEW},
    "lora_bias": {"lora_bias": True, "r": 3, "lora_alpha": 7},
}
GPT2: dict[str, dict[str, Any]] = {
    "square_only": {"target_modules": ["attn.c_proj"]},
    "rslora": {"use_rslora": True, "r": 5},
    "bias_all": {"bias": "all"},
    "bias_lora_only": {"bias": "lora_only", "target_modules": ["c_attn"]},
    "lora_bias": {"lora_bias": True, "target_modules": ["c_attn", "c_proj"]},
    "norm_saved": {"modules_to_save": ["ln_f", "ln_1"]},
    "fan_in_unsaid": {"fan_in_fan_out": False, "target_modules": ["attn.c_proj"]},
}
CASES = [
    *(pytest.param("llama", {}, options, id=f"llama-{name}") for name, options in LLAMA.items()),
    *(
        pytest.param("llama", {"attention_bias": True, "mlp_bias": True}, options, id=f"llama-{name}")
        for name, options in WITH_BIAS.items()
    ),
    *(pytest.param("gpt2", {}, options, id=f"gpt2-{name}") for name, options in GPT2.items()),
]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "changes", "options"), CASES)
def test_option_gives_peft_s_bits(
    kind: str, changes: dict[str, Any], options: dict[str, Any], base_of: MakeBase, tmp_path: Path
) -> None:
    adapter = make_adapter(kind, base_of(kind, **changes), tmp_path / "adapter", **options)
    for dtype in ("float32", "bfloat16"):
        base, ours = base_of(kind, dtype, **changes), tmp_path / f"ours-{dtype}"
        theirs = merge_with_peft(kind, base, adapter, tmp_path / f"peft-{dtype}", dtype)
        merge_with_mergedesk(base, adapter, ours)
        assert_same_tensors(ours, theirs)
        assert sha256(ours / WEIGHTS) == sha256(theirs / WEIGHTS)


@pytest.mark.parametrize("stored", ["bfloat16", "float16"])
@pytest.mark.parametrize("options", [{}, LLAMA["on_both_ends"], LLAMA["both_saved"]], ids=["plain", "on", "saved"])
def test_adapter_stored_in_16_bits(stored: str, options: dict[str, Any], base_of: MakeBase, tmp_path: Path) -> None:
    adapter = make_adapter("llama", base_of("llama"), tmp_path / "adapter", dtype=stored, **options)
    assert {torch.bfloat16, torch.float16} & {tensor.dtype for tensor in tensors(adapter).values()}
    for dtype in ("float32", "bfloat16"):
        base, ours = base_of("llama", dtype), tmp_path / f"ours-{dtype}"
        theirs = merge_with_peft("llama", base, adapter, tmp_path / f"peft-{dtype}", dtype)
        merge_with_mergedesk(base, adapter, ours)
        assert_same_tensors(ours, theirs)


@pytest.mark.parametrize("name", ["rank_17", "on_both_ends", "both_saved"])
def test_converting_rounds_once(name: str, base_of: MakeBase, tmp_path: Path) -> None:
    """The float32 merge, rounded: also where PEFT would round an embedding's delta, or a stored copy, on the way."""
    base = base_of("llama")
    adapter = make_adapter("llama", base, tmp_path / "adapter", **LLAMA[name])
    for wanted in ("bfloat16", "float16"):
        merge_with_mergedesk(base, adapter, tmp_path / wanted, wanted)
        exact = tensors(merge_with_peft("llama", base, adapter, tmp_path / f"peft-{wanted}", "float32"))
        ours = tensors(tmp_path / wanted)
        assert [key for key in exact if not same_bits(ours[key], exact[key].to(DTYPES[wanted]))] == []
