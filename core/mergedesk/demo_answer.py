"""One question to a model folder, so that a person sees in a sentence what the merge did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .model_class import quiet

DEMO_QUESTION = "What is the capital of France?"
_MAX_TOKENS = 48


def answer(folder: Path, question: str) -> str:
    """The model's greedy answer, by its own chat template, at most 48 tokens."""
    import torch
    import transformers

    with quiet(), torch.inference_mode():
        tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model: Any = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype="auto", local_files_only=True)
        messages = [{"role": "user", "content": question}]
        asked = tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        said = model.generate(**asked, max_new_tokens=_MAX_TOKENS, do_sample=False)
    length = asked["input_ids"].shape[1]
    return str(tokenizer.decode(said[0, length:], skip_special_tokens=True)).strip()
