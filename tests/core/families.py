"""Tiny models of families whose checkpoints, heads or inputs differ from plain language models."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from tiny_models import DTYPES, _randomise, randomise_trainable, third_party_noise_off
from transformers import (
    DeepseekV3Config,
    GptOssConfig,
    Llama4TextConfig,
    MixtralConfig,
    PreTrainedConfig,
    PreTrainedModel,
    Qwen3MoeConfig,
)

_SMALL = {"vocab_size": 131, "hidden_size": 48, "intermediate_size": 40, "num_hidden_layers": 2}
_HEADS = {"num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 64}
_TOKENS = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0, "tie_word_embeddings": False}
_LLM: dict[str, Any] = {**_SMALL, **_HEADS, **_TOKENS}
EXPERT_PARAMETERS = ("experts.gate_up_proj", "experts.down_proj")


@dataclass(frozen=True)
class Family:
    """One family: the class that a person loads, its config, and what its adapters target."""

    loader: str
    config: PreTrainedConfig
    targets: Sequence[str]
    task: str | None = "CAUSAL_LM"
    adapter: Mapping[str, Any] = field(default_factory=dict)

    @property
    def model_class(self) -> Any:
        """The class itself."""
        return getattr(transformers, self.loader)


EXPERTS: Mapping[str, Family] = {
    "mixtral": Family("MixtralForCausalLM", MixtralConfig(**_LLM, num_local_experts=4), ["q_proj", "o_proj"]),
    "qwen3_moe": Family(
        "Qwen3MoeForCausalLM",
        Qwen3MoeConfig(**_LLM, moe_intermediate_size=24, num_experts=4, num_experts_per_tok=2, head_dim=12),
        ["q_proj", "o_proj"],
    ),
    "deepseek_v3": Family(
        "DeepseekV3ForCausalLM",
        DeepseekV3Config(
            **_LLM, moe_intermediate_size=24, n_routed_experts=4, num_experts_per_tok=2, n_group=1, topk_group=1,
            first_k_dense_replace=1, kv_lora_rank=16, q_lora_rank=24, qk_rope_head_dim=8, qk_nope_head_dim=16,
            v_head_dim=16,
        ),
        ["q_a_proj", "o_proj"],
    ),
    "gpt_oss": Family(
        "GptOssForCausalLM",
        GptOssConfig(
            **_LLM, num_local_experts=4, num_experts_per_tok=2, head_dim=12, layer_types=["full_attention"] * 2,
            rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
        ),
        ["q_proj", "o_proj"],
    ),
    "llama4": Family(
        "Llama4ForCausalLM",
        Llama4TextConfig(
            **_LLM, intermediate_size_mlp=40, num_local_experts=4, head_dim=12, interleave_moe_layer_step=1
        ),
        ["q_proj", "o_proj"],
    ),
}  # fmt: skip


def save_base(family: Family, folder: Path, dtype: str = "float32", max_shard_size: str = "5GB") -> Path:
    """A random model of the family, as its own class saves it."""
    torch.manual_seed(0)
    with third_party_noise_off():
        model = family.model_class(family.config)
        _randomise(model)
        model.to(DTYPES[dtype])
        for name, parameter in (*model.named_parameters(), *model.named_buffers()):
            if any(re.search(pattern, name) for pattern in _float32_patterns(model, dtype)):
                parameter.data = parameter.data.float()
        model.save_pretrained(folder, max_shard_size=max_shard_size)
    return folder


def _float32_patterns(model: PreTrainedModel, dtype: str) -> list[str]:
    strict = list(model._keep_in_fp32_modules_strict or [])
    return {"float16": [*strict, *(model._keep_in_fp32_modules or [])], "bfloat16": strict}.get(dtype, [])


def load_base(family: Family, folder: Path, dtype: str = "auto") -> PreTrainedModel:
    """The model as a plain script loads it."""
    with third_party_noise_off():
        model: PreTrainedModel = family.model_class.from_pretrained(folder, dtype=DTYPES.get(dtype, dtype))
    return model.eval()


def save_adapter(family: Family, base: Path, folder: Path, seed: int = 1, **options: Any) -> Path:
    """An adapter with random values wherever it could have learned, as PEFT saves it."""
    torch.manual_seed(seed)
    defaults = {"r": 3, "lora_alpha": 5, "target_modules": list(family.targets), "task_type": family.task}
    with third_party_noise_off():
        model = get_peft_model(load_base(family, base), LoraConfig(**{**defaults, **family.adapter, **options}))
        randomise_trainable(model)
        model.create_or_update_model_card = lambda _: None
        model.save_pretrained(folder)
    return folder


def merged_by_peft(family: Family, base: Path, adapter: Path, folder: Path) -> Path:
    """PEFT's own script: the oracle."""
    with third_party_noise_off():
        model = PeftModel.from_pretrained(load_base(family, base), str(adapter))
        model.merge_and_unload().save_pretrained(folder)
    return folder
