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
    BartConfig,
    BertConfig,
    CLIPVisionConfig,
    DebertaV2Config,
    DeepseekV3Config,
    Gemma3Config,
    Gemma3TextConfig,
    GptOssConfig,
    Llama4TextConfig,
    LlamaConfig,
    LlavaConfig,
    MixtralConfig,
    ModernBertConfig,
    PreTrainedConfig,
    PreTrainedModel,
    Qwen2_5_VLConfig,
    Qwen2VLConfig,
    Qwen3MoeConfig,
    SiglipVisionConfig,
    T5Config,
    ViTConfig,
    WhisperConfig,
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

_ENC = {"hidden_size": 48, "intermediate_size": 40, "num_hidden_layers": 2, "num_attention_heads": 4}
_VISION = {**_ENC, "image_size": 8, "patch_size": 4}
_TEXT: dict[str, Any] = {**_SMALL, **_HEADS}
_ENCODER: dict[str, Any] = {"vocab_size": 131, **_ENC, "max_position_embeddings": 64, "pad_token_id": 0}
_LABELS = {"id2label": {0: "calm", 1: "cross", 2: "glad"}, "label2id": {"calm": 0, "cross": 1, "glad": 2}}

HEADS: Mapping[str, Family] = {
    "bert_tokens": Family("BertForTokenClassification", BertConfig(**_ENCODER, **_LABELS), ["query"], "TOKEN_CLS"),
    "bert_answers": Family("BertForQuestionAnswering", BertConfig(**_ENCODER), ["query"], "QUESTION_ANS"),
    "deberta": Family(
        "DebertaV2ForSequenceClassification",
        DebertaV2Config(**_ENCODER, **_LABELS, relative_attention=True, pos_att_type=["p2c", "c2p"]),
        ["query_proj", "value_proj"],
        "SEQ_CLS",
    ),
    "modernbert": Family(
        "ModernBertForSequenceClassification",
        ModernBertConfig(**_ENCODER, **_LABELS, cls_token_id=3, sep_token_id=4, eos_token_id=4, bos_token_id=3),
        ["Wqkv"],
        "SEQ_CLS",
    ),
    "llama_labels": Family(
        "LlamaForSequenceClassification", LlamaConfig(**_TEXT, **_LABELS, pad_token_id=0), ["q_proj"], "SEQ_CLS"
    ),
    "bart_labels": Family(
        "BartForSequenceClassification",
        BartConfig(
            vocab_size=131, d_model=48, encoder_layers=1, decoder_layers=1, encoder_ffn_dim=40, decoder_ffn_dim=40,
            encoder_attention_heads=4, decoder_attention_heads=4, max_position_embeddings=64, **_LABELS,
        ),
        ["q_proj"],
        "SEQ_CLS",
    ),
    "t5_labels": Family(
        "T5ForSequenceClassification",
        T5Config(
            vocab_size=131, d_model=48, d_kv=12, d_ff=40, num_layers=1, num_heads=4, decoder_start_token_id=0,
            **_LABELS,
        ),
        ["q"],
        "SEQ_CLS",
        {"modules_to_save": ["classification_head"]},
    ),
    "whisper": Family(
        "WhisperForConditionalGeneration",
        WhisperConfig(
            vocab_size=131, d_model=48, encoder_layers=1, decoder_layers=1, encoder_ffn_dim=40, decoder_ffn_dim=40,
            encoder_attention_heads=4, decoder_attention_heads=4, num_mel_bins=8, max_source_positions=16,
            max_target_positions=16, decoder_start_token_id=1, pad_token_id=0, bos_token_id=1, eos_token_id=2,
            suppress_tokens=None, begin_suppress_tokens=None,
        ),
        ["q_proj", "v_proj"],
        None,
    ),
    "vit": Family(
        "ViTForImageClassification",
        ViTConfig(**_VISION, **_LABELS),
        ["q_proj", "v_proj"],
        None,
        {"modules_to_save": ["classifier"]},
    ),
    "embedding": Family("BertModel", BertConfig(**_ENCODER), ["query", "value"], "FEATURE_EXTRACTION"),
}  # fmt: skip

TOWERS: Mapping[str, Family] = {
    "llava": Family(
        "LlavaForConditionalGeneration",
        LlavaConfig(
            vision_config=CLIPVisionConfig(**_VISION, projection_dim=16), text_config=LlamaConfig(**_TEXT),
            image_token_index=130,
        ),
        ["q_proj", "v_proj"],
    ),
    "qwen2_vl": Family(
        "Qwen2VLForConditionalGeneration",
        Qwen2VLConfig(
            text_config={
                **_TEXT,
                "rope_parameters": {"rope_type": "default", "rope_theta": 1e4, "mrope_section": [2, 2, 2]},
            },
            vision_config={"depth": 1, "embed_dim": 16, "hidden_size": 48, "num_heads": 2, "mlp_ratio": 2},
        ),
        ["q_proj", "v_proj", "qkv"],
    ),
    "qwen2_5_vl": Family(
        "Qwen2_5_VLForConditionalGeneration",
        Qwen2_5_VLConfig(
            text_config={
                **_TEXT,
                "rope_parameters": {"rope_type": "default", "rope_theta": 1e4, "mrope_section": [2, 2, 2]},
            },
            vision_config={
                "depth": 1, "hidden_size": 16, "out_hidden_size": 48, "num_heads": 2, "intermediate_size": 24,
                "fullatt_block_indexes": [0],
            },
        ),
        ["q_proj", "v_proj", "qkv"],
    ),
    "gemma3": Family(
        "Gemma3ForConditionalGeneration",
        Gemma3Config(
            text_config=Gemma3TextConfig(**_TEXT, head_dim=12, layer_types=["full_attention"] * 2),
            vision_config=SiglipVisionConfig(**_VISION), mm_tokens_per_image=4,
        ),
        ["q_proj", "v_proj"],
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
