"""Tiny random models with tokenizers that llama.cpp's converter takes, one for each class that is proved."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sentencepiece
import torch
import transformers

from mergedesk.demo.base_model import _load_tokenizer, find_demo_gguf
from mergedesk.runtime.transformers_class import quiet

TEMPLATE = "{% for message in messages %}<user>{{ message['content'] }}{% endfor %}<reply>"
_TEXT = [
    *(f"the quick brown fox number {n} jumps over the lazy dog and says hello" for n in range(300)),
    "Ärger 中文 = 3.5e-4;",
]
_SIZES = {
    "vocab_size": 320, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "max_position_embeddings": 128, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 3,
}  # fmt: skip
_MOE = {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32, "head_dim": 16}
_UNTIED = {"tie_word_embeddings": False}
_LLAMA3 = {
    "rope_type": "llama3", "rope_theta": 5000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}  # fmt: skip
CLASSES: Mapping[str, Mapping[str, Any]] = {
    "Llama": {**_SIZES, **_UNTIED, "rope_parameters": _LLAMA3},
    "Mistral": {**_SIZES, **_UNTIED, "sliding_window": None},
    "Mixtral": {**_SIZES, **_UNTIED, "num_local_experts": 4, "num_experts_per_tok": 2},
    "Qwen2": {**_SIZES, "tie_word_embeddings": True},
    "Qwen3": {**_SIZES, "head_dim": 16, "tie_word_embeddings": True},
    "Qwen3Moe": {**_SIZES, **_MOE, **_UNTIED},
    "Gemma2": {**_SIZES, "head_dim": 16, "query_pre_attn_scalar": 16},
    # Every sixth layer attends to everything; without one llama.cpp stops.
    "Gemma3": {**_SIZES, "num_hidden_layers": 6, "head_dim": 16, "query_pre_attn_scalar": 16,
               "sliding_window": 64},
    "Phi3": {**_SIZES, **_UNTIED, "rope_parameters": {
        "rope_type": "default", "rope_theta": 10000.0, "original_max_position_embeddings": 128,
        "partial_rotary_factor": 1.0,
    }, "sliding_window": None},
    "GptOss": {
        **_SIZES, **_UNTIED, "num_local_experts": 4, "num_experts_per_tok": 2, "head_dim": 16, "sliding_window": 64,
    },
    "SmolLM3": {**_SIZES, **_UNTIED},
}  # fmt: skip
_CONFIGS = {"Gemma3": "Gemma3TextConfig"}
_BYTES = frozenset({"GptOss", "Qwen3Moe"})


def tiny_model(folder: Path, name: str, dtype: str = "bfloat16", **changes: Any) -> Path:
    """A random model of the class in ``folder``, with a tokenizer and a chat template."""
    of_bytes = name in _BYTES
    settings = {**CLASSES[name], **({"vocab_size": 49152} if of_bytes else {}), **changes}
    config = getattr(transformers, _CONFIGS.get(name, f"{name}Config"))(**settings)
    torch.manual_seed(3)
    model = getattr(transformers, f"{name}ForCausalLM")(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0.0, 0.2)
    model.to(getattr(torch, dtype)).save_pretrained(folder)
    (_add_byte_tokenizer if of_bytes else _add_sentencepiece)(folder)
    if name.startswith("Gemma"):
        _put_no_space_first(folder)
    return folder


def _put_no_space_first(folder: Path) -> None:
    """As Gemma's tokenizers do, of which llama.cpp's converter takes it for granted."""
    file = folder / "tokenizer.json"
    tokenizer = json.loads(file.read_text(encoding="utf-8"))
    tokenizer["pre_tokenizer"]["prepend_scheme"] = "never"
    file.write_text(json.dumps(tokenizer), encoding="utf-8")


def _add_byte_tokenizer(folder: Path) -> None:
    """SmolLM's own: the converter knows tokenizers of bytes by the numbers that they make of a text."""
    with quiet():
        tokenizer = _load_tokenizer(find_demo_gguf())
    tokenizer.save_pretrained(folder)


def _add_sentencepiece(folder: Path) -> None:
    """A tokenizer of 320 pieces, trained on the spot, in both of its forms."""
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(_TEXT), model_writer=written, vocab_size=320, model_type="bpe", byte_fallback=True,
        pad_id=3, minloglevel=2, character_coverage=1.0, normalization_rule_name="identity",
        remove_extra_whitespaces=False,
    )  # fmt: skip
    (folder / "tokenizer.model").write_bytes(written.getvalue())
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "LlamaTokenizer"}), encoding="utf-8")
    tokenizer = transformers.LlamaTokenizer.from_pretrained(
        folder, bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="<pad>", chat_template=TEMPLATE
    )
    tokenizer.save_pretrained(folder)
