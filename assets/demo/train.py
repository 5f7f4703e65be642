"""Train the demo adapter: a small LoRA that makes the demo base answer like an old sea captain."""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer, get_linear_schedule_with_warmup

HERE = Path(__file__).resolve().parent
BASE_ID = "HuggingFaceTB/SmolLM2-135M-Instruct"
LINEAR_LAYERS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
IGNORED = -100  # the label that the loss leaves out


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, help="base model folder (default: the demo base, made if need be)")
    parser.add_argument("--data", type=Path, default=HERE / "data.jsonl")
    parser.add_argument("--out", type=Path, default=HERE / "adapter")
    parser.add_argument("--rank", type=int, default=2)
    parser.add_argument("--alpha", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def base_folder(given: Path | None) -> Path:
    """The folder given, or else the demo base of MergeDesk."""
    if given is not None:
        return given
    from mergedesk.demo import demo_base_folder, make_demo_base

    return make_demo_base(demo_base_folder(), print)


def encode(tokenizer: Any, question: str, answer: str) -> tuple[list[int], list[int]]:
    """Token ids and labels of one pair; only the answer and its end token count for the loss."""
    turn = [{"role": "user", "content": question}]
    prompt = tokenizer.apply_chat_template(turn, add_generation_prompt=True, tokenize=False)
    before: list[int] = tokenizer(prompt).input_ids
    after: list[int] = tokenizer(answer + tokenizer.eos_token).input_ids
    return before + after, [IGNORED] * len(before) + after


def collate(pairs: list[tuple[list[int], list[int]]], pad: int) -> dict[str, torch.Tensor]:
    """One batch, padded on the right to its longest pair."""
    longest = max(len(ids) for ids, _ in pairs)
    room = [longest - len(ids) for ids, _ in pairs]
    return {
        "input_ids": torch.tensor([ids + [pad] * n for (ids, _), n in zip(pairs, room, strict=True)]),
        "labels": torch.tensor([labels + [IGNORED] * n for (_, labels), n in zip(pairs, room, strict=True)]),
        "attention_mask": torch.tensor([[1] * (longest - n) + [0] * n for n in room]),
    }


def train(model: Any, pairs: list[tuple[list[int], list[int]]], pad: int, options: argparse.Namespace) -> None:
    """Plain AdamW with a linear schedule."""
    steps = options.epochs * -(-len(pairs) // options.batch)
    optimizer = torch.optim.AdamW((p for p in model.parameters() if p.requires_grad), lr=options.lr, weight_decay=0.0)
    with_warmup: Any = get_linear_schedule_with_warmup
    schedule = with_warmup(optimizer, steps // 20, steps)
    order, start = random.Random(options.seed), time.monotonic()
    model.train()
    for epoch in range(options.epochs):
        order.shuffle(pairs)
        total = 0.0
        for first in range(0, len(pairs), options.batch):
            batch = pairs[first : first + options.batch]
            loss = model(**collate(batch, pad)).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += loss.item() * len(batch)
        print(f"epoch {epoch + 1}: loss {total / len(pairs):.3f}, {time.monotonic() - start:.0f} s", flush=True)


def save(model: Any, out: Path) -> None:
    """Save the adapter in bfloat16, naming its base by its public id and not by a folder on this machine."""
    config = model.peft_config["default"]
    config.base_model_name_or_path = BASE_ID
    config.target_modules = sorted(config.target_modules)  # a set would be written in another order each time
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.to(torch.bfloat16)
    model.save_pretrained(out, save_embedding_layers=False)
    (out / "README.md").unlink(missing_ok=True)  # an empty form; the README beside this script says it all


def main() -> None:
    """Train and save."""
    options = arguments()
    torch.set_num_threads(options.threads)
    folder = base_folder(options.base)
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    base: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    lora = LoraConfig(
        r=options.rank, lora_alpha=options.alpha, target_modules=LINEAR_LAYERS, lora_dropout=0.0, task_type="CAUSAL_LM"
    )
    torch.manual_seed(options.seed)  # only now: making or loading the base may draw random numbers too
    model: Any = get_peft_model(base, lora)
    rows = [json.loads(line) for line in options.data.read_text(encoding="utf-8").splitlines()]
    pairs = [encode(tokenizer, row["question"], row["answer"]) for row in rows]
    train(model, pairs, tokenizer.pad_token_id, options)
    save(model, options.out)


if __name__ == "__main__":
    main()
