"""Adapters in the forms of other tools, made from one that PEFT saved, by what those tools publish of their forms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from folders import read_json, write_json, write_tensors
from safetensors.torch import load_file

Tensors = dict[str, torch.Tensor]
Turn = Callable[[torch.Tensor], torch.Tensor]
PREFIX = "base_model.model."
TUNE = {
    "self_attn.q_proj": "attn.q_proj", "self_attn.k_proj": "attn.k_proj", "self_attn.v_proj": "attn.v_proj",
    "self_attn.o_proj": "attn.output_proj", "mlp.gate_proj": "mlp.w1", "mlp.down_proj": "mlp.w2",
    "mlp.up_proj": "mlp.w3",
}  # fmt: skip
MISTRAL = {
    "self_attn.q_proj": "attention.wq", "self_attn.k_proj": "attention.wk", "self_attn.v_proj": "attention.wv",
    "self_attn.o_proj": "attention.wo", "mlp.gate_proj": "feed_forward.w1", "mlp.down_proj": "feed_forward.w2",
    "mlp.up_proj": "feed_forward.w3",
}  # fmt: skip
LIT = {
    "self_attn.o_proj": "attn.proj", "mlp.gate_proj": "mlp.fc_1", "mlp.up_proj": "mlp.fc_2",
    "mlp.down_proj": "mlp.proj",
}  # fmt: skip
FLAGS = {"q_proj": "lora_query", "k_proj": "lora_key", "v_proj": "lora_value"}
QKV = ("q_proj", "k_proj", "v_proj")


def peft_tensors(adapter: Path) -> Tensors:
    """What an adapter trained, without PEFT's prefix; PEFT saves embeddings that it targets along."""
    stored = load_file(adapter / "adapter_model.safetensors")
    return {name.removeprefix(PREFIX): value for name, value in stored.items() if "lora_" in name}


def as_mlx(adapter: Path, folder: Path, **config: Any) -> Path:
    """mlx-lm: factors turned over, ``m`` for DoRA's magnitude, the scale in place of alpha."""
    stated, turned = read_json(adapter / "adapter_config.json"), Tensors()
    for name, value in peft_tensors(adapter).items():
        for ours, theirs in (("lora_A.weight", "lora_a"), ("lora_B.weight", "lora_b"), ("lora_embedding_A", "lora_a"),
                             ("lora_embedding_B", "lora_b")):  # fmt: skip
            if name.endswith(ours):
                turned[name.replace(ours, theirs)] = value.t().contiguous()
        if name.endswith("lora_magnitude_vector"):
            turned[name.replace("lora_magnitude_vector", "m")] = value
    write_tensors(folder / "adapters.safetensors", turned)
    parameters = {"rank": stated["r"], "scale": stated["lora_alpha"] / stated["r"], "dropout": 0.0}
    kind = "dora" if stated.get("use_dora") else "lora"
    own = {"fine_tune_type": kind, "num_layers": 2, "lora_parameters": parameters, "model": "mlx-community/tiny"}
    write_json(folder / "adapter_config.json", {**own, **config})
    return folder


def paired(heads: int) -> Turn:
    """Rows of each head from transformers' order to that of Meta (``hf_to_tune`` of torchtune)."""

    def turn(rows: torch.Tensor) -> torch.Tensor:
        return rows.view(heads, 2, rows.shape[0] // heads // 2, -1).transpose(1, 2).reshape(rows.shape)

    return turn


def _turned(name: str, value: torch.Tensor, turns: dict[str, Turn]) -> torch.Tensor:
    module = name.partition(".lora_")[0].rpartition(".")[2]
    outputs = ".lora_B" in name or "magnitude" in name
    return turns[module](value) if outputs and module in turns else value


def _renamed(name: str, modules: dict[str, str]) -> str:
    for ours, theirs in modules.items():
        name = name.replace(f"{ours}.", f"{theirs}.")
    return name.removeprefix("model.")


def turns_of(base: Path) -> dict[str, Turn]:
    """How queries and keys are turned for a base."""
    config = read_json(base / "config.json")
    return {"q_proj": paired(config["num_attention_heads"]), "k_proj": paired(config["num_key_value_heads"])}


def as_torchtune(adapter: Path, folder: Path, turns: dict[str, Turn], weights: str = "adapter_model.pt") -> Path:
    """torchtune's own form beside PEFT's config, which it writes too."""
    own = Tensors()
    for name, value in peft_tensors(adapter).items():
        plain = _renamed(name, TUNE).replace("lm_head.", "output.").replace("lora_A", "lora_a")
        plain = plain.replace("lora_B", "lora_b").replace("lora_magnitude_vector", "magnitude")
        own[plain] = _turned(name, value, turns)
    folder.mkdir(parents=True)
    torch.save(own, folder / weights)
    stated = read_json(adapter / "adapter_config.json")
    kept = ("r", "lora_alpha", "target_modules", "peft_type")
    write_json(folder / "adapter_config.json", {name: stated[name] for name in kept})
    return folder


def as_mistral(adapter: Path, folder: Path, turns: dict[str, Turn]) -> Path:
    """mistral-finetune: Mistral's names, the scaling in params.json."""
    stated = read_json(adapter / "adapter_config.json")
    own = {_renamed(name, MISTRAL): _turned(name, value, turns) for name, value in peft_tensors(adapter).items()}
    own = {name.replace("block_sparse_moe.", "feed_forward."): value for name, value in own.items()}
    write_tensors(folder / "lora.safetensors", own)
    lora = {"enable": True, "rank": stated["r"], "dropout": 0.0, "scaling": stated["lora_alpha"] / stated["r"]}
    write_json(folder / "params.json", {"dim": 48, "n_layers": 2, "lora": lora})
    return folder


def as_litgpt(adapter: Path, folder: Path, base: Path, attention: str = "attn.qkv") -> Path:
    """litgpt: what is trained of queries, keys and values as one pair; two YAML files."""
    stated, shape = read_json(adapter / "adapter_config.json"), read_json(base / "config.json")
    tensors, own = peft_tensors(adapter), Tensors()
    for name, value in tensors.items():
        if not any(f".{part}." in name for part in QKV):
            plain = _renamed(name, LIT).replace("layers.", "transformer.h.").removesuffix(".weight")
            own[plain] = value
    trained = [part for part in QKV if any(f".{part}." in name for name in tensors)]
    for layer in range(shape["num_hidden_layers"]) if trained else ():
        for factor in "AB":
            names = [f"model.layers.{layer}.self_attn.{part}.lora_{factor}.weight" for part in trained]
            own[f"transformer.h.{layer}.{attention}.lora_{factor}"] = torch.cat([tensors[name] for name in names])
    folder.mkdir(parents=True)
    torch.save({"model": own}, folder / "lit_model.pth.lora")
    flags = "".join(f"{flag}: {str(part in trained).lower()}\n" for part, flag in FLAGS.items())
    training = f"checkpoint_dir: checkpoints/tiny\nlora_r: {stated['r']}\nlora_alpha: {stated['lora_alpha']}\n{flags}"
    (folder / "hyperparameters.yaml").write_text(f"{training}train:\n  epochs: 1\n")
    heads = shape["num_attention_heads"]
    size = shape.get("head_dim") or shape["hidden_size"] // heads
    (folder / "model_config.yaml").write_text(
        f"name: Llama-tiny\nn_head: {heads}\nhead_size: {size}\nn_query_groups: {shape['num_key_value_heads']}\n"
        f"mlp_class_name: LLaMAMLP\n"
    )
    return folder
