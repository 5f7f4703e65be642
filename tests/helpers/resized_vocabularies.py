"""Adapters that were trained after the base's vocabulary was resized, saved as PEFT saves them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from tiny_models import load, randomise_trainable, third_party_noise_off

ROWS = 131
PLAIN: Mapping[str, Any] = {"target_modules": ["q_proj", "v_proj"]}
LAYERS: Mapping[str, Mapping[str, Any]] = {
    "linear layers": PLAIN,
    "embeddings": {"target_modules": ["q_proj", "embed_tokens"]},
    "head": {"target_modules": ["q_proj", "lm_head"]},
    "both": {"target_modules": ["q_proj", "embed_tokens", "lm_head"]},
    "saved whole": {"target_modules": ["q_proj"], "modules_to_save": ["embed_tokens", "lm_head"]},
}


def train(kind: str, base: Path, folder: Path, rows: int, save: bool | str = "auto", **options: Any) -> Path:
    """An adapter trained on the base with its vocabulary at ``rows``, saved as PEFT saves it."""
    torch.manual_seed(3)
    with third_party_noise_off():
        plain = load(kind, base)
        plain.resize_token_embeddings(rows)
        with torch.no_grad():
            for matrix in (plain.get_input_embeddings().weight, plain.get_output_embeddings().weight):
                matrix[ROWS:] = torch.randn_like(matrix[ROWS:])
        model = get_peft_model(plain, LoraConfig(task_type="CAUSAL_LM", r=4, lora_alpha=6, **options))
        randomise_trainable(model)
        model.create_or_update_model_card = lambda _: None
        model.save_pretrained(folder, save_embedding_layers=save)
    return folder
