"""Tiny bases whose layers are packed by hand, as FP8 and MXFP4 checkpoints have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from folders import read_json, write_json, write_tensors
from tiny_models import tensors
from transformers import GptOssConfig, GptOssForCausalLM

SIZES = {"hidden_size": 64, "intermediate_size": 96, "num_key_value_heads": 4, "head_dim": 16}
LAYERS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
Stored = dict[str, torch.Tensor]
# From a weight to what is stored for it, by suffix of its module's name, and what that stands for.
Pack = Callable[[torch.Tensor], tuple[Stored, torch.Tensor]]


def repack(base: Path, folder: Path, pack: Pack, config: Mapping[str, Any]) -> Stored:
    """Save ``base`` with its layers packed; gives back every weight as it should come out."""
    stored: Stored = {}
    plain: Stored = {}
    for name, weight in tensors(base).items():
        module = name.removesuffix(".weight")
        if module.endswith(LAYERS):
            parts, plain[name] = pack(weight)
            stored |= {f"{module}.{suffix}": part for suffix, part in parts.items()}
        else:
            stored[name] = plain[name] = weight
    write_tensors(folder / "model.safetensors", stored)
    quantized = {"quantization_config": dict(config)} if config else {}
    write_json(folder / "config.json", {**read_json(base / "config.json"), **quantized})
    return plain


def float8_blocks(weight: torch.Tensor, rows: int, columns: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Codes and the scale of each block."""
    blocks = weight.float().view(weight.shape[0] // rows, rows, weight.shape[1] // columns, columns)
    scales = blocks.abs().amax(dim=(1, 3), keepdim=True) / 448
    return (blocks / scales).to(torch.float8_e4m3fn).view(weight.shape), scales[:, 0, :, 0].contiguous()


def pack_float8(base: Path, folder: Path, columns: int = 32) -> Path:
    """``base`` with blocks of 16 rows of codes for each scale."""

    def pack(weight: torch.Tensor) -> tuple[Stored, torch.Tensor]:
        codes, scales = float8_blocks(weight, 16, columns)
        return {"weight": codes, "weight_scale_inv": scales}, weight

    config = {"quant_method": "fp8", "weight_block_size": [16, columns], "activation_scheme": "dynamic"}
    repack(base, folder, pack, config)
    return folder


def make_gpt_oss(base: Path, packed: Path) -> Path:
    """A gpt-oss in 16 bits, and the same shapes with random MXFP4 experts, which is given back."""
    torch.manual_seed(0)
    config = GptOssConfig(
        vocab_size=131, hidden_size=64, intermediate_size=32, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=16, num_local_experts=3, num_experts_per_tok=2, max_position_embeddings=64,
        pad_token_id=0, eos_token_id=2, bos_token_id=1,
    )  # fmt: skip
    GptOssForCausalLM(config).to(torch.bfloat16).save_pretrained(base)
    stored = tensors(base)
    for name in [name for name in stored if name.endswith("_proj") and "experts" in name]:
        experts, inputs, outputs = stored.pop(name).shape
        stored[f"{name}_blocks"] = torch.randint(0, 256, (experts, outputs, inputs // 32, 16), dtype=torch.uint8)
        stored[f"{name}_scales"] = torch.randint(110, 128, (experts, outputs, inputs // 32), dtype=torch.uint8)
    write_tensors(packed / "model.safetensors", stored)
    quantized = {"quant_method": "mxfp4", "modules_to_not_convert": ["model.layers.*.self_attn", "lm_head"]}
    write_json(packed / "config.json", {**read_json(base / "config.json"), "quantization_config": quantized})
    return packed
