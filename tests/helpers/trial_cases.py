"""A base, an adapter and their merge to put a prompt to, and what a plain script makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from tiny_models import third_party_noise_off
from transformers import AutoModelForCausalLM, AutoTokenizer

from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.inference.trial import Side, TrialRequest
from mergedesk.pipelines.merge import merge as run_merge

PROMPT = "what is it?"


def merge(home: Path, name: str, *adapters: tuple[str, float]) -> None:
    chosen = tuple(AdapterChoice(home / folder, weight) for folder, weight in adapters)
    assert run_merge(MergeRequest(home / "base", chosen, home / name), ignore, CancelToken()).status == "merged"


def ignore(_: object) -> None:
    pass


def request(home: Path, **changes: Any) -> TrialRequest:
    made: dict[str, Any] = {"merged": home / "merged", "prompt": PROMPT, "max_new_tokens": 12, **changes}
    return TrialRequest(home / "base", made.pop("adapters", (AdapterChoice(home / "adapter"),)), **made)


def expected(home: Path, side: Side, limit: int = 12) -> list[int]:
    """The ids that a plain script makes."""
    tokenizer = AutoTokenizer.from_pretrained(home / "base")
    asked = tokenizer.apply_chat_template(
        [{"role": "user", "content": PROMPT}], add_generation_prompt=True, return_tensors="pt", return_dict=True
    )
    folder = home / "merged" if side is Side.MERGED else home / "base"
    model: Any = AutoModelForCausalLM.from_pretrained(folder)
    with third_party_noise_off(), torch.no_grad():
        if side is Side.UNMERGED:
            model = PeftModel.from_pretrained(model, home / "adapter")
        made = model.eval().generate(
            input_ids=asked["input_ids"], attention_mask=asked["attention_mask"], max_new_tokens=limit, do_sample=False
        )
    return [int(one) for one in made[0, asked["input_ids"].shape[1] :]]
