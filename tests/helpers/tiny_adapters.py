"""A small trained-looking LoRA adapter for any causal model, as PEFT saves it."""

from __future__ import annotations

from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

from mergedesk.runtime.transformers_class import quiet


def tiny_adapter(base: Path, folder: Path) -> Path:
    """An adapter for the base's queries and values, whose factors are random."""
    with quiet():
        model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16)
        tuned = get_peft_model(model, LoraConfig(r=4, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM"))
        torch.manual_seed(0)
        for name, parameter in tuned.named_parameters():
            if "lora_" in name:
                parameter.data.normal_(0, 0.1)
        tuned.save_pretrained(folder)
    return folder
