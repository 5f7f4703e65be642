"""Right and wrong merges, made with PEFT and by hand: what people have when they doubt one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file
from tiny_models import (
    DTYPES,
    WEIGHTS,
    load,
    make_adapter,
    merge_with_peft,
    peft_model,
    tensors,
    third_party_noise_off,
)

Tensors = dict[str, torch.Tensor]


def edited(source: Path, folder: Path, change: Callable[[Tensors], Mapping[str, torch.Tensor]]) -> Path:
    """A copy of a model folder with other tensors."""
    shutil.copytree(source, folder)
    new = {name: tensor.contiguous().clone() for name, tensor in change(load_file(folder / WEIGHTS)).items()}
    save_file(new, folder / WEIGHTS, {"format": "pt"})
    return folder


def set_config(folder: Path, **fields: Any) -> Path:
    """Change fields of a folder's config.json, or of its adapter_config.json."""
    file = next(one for one in (folder / "adapter_config.json", folder / "config.json") if one.exists())
    file.write_text(json.dumps({**json.loads(file.read_text()), **fields}), encoding="utf-8")
    return folder


def with_config(adapter: Path, folder: Path, **fields: Any) -> Path:
    """A copy of an adapter with another config: what a tool does that takes a field otherwise."""
    shutil.copytree(adapter, folder)
    return set_config(folder, **fields)


def safely(kind: str, base: Path, adapter: Path, folder: Path) -> Path:
    """PEFT with ``safe_merge=True``."""
    with third_party_noise_off():
        peft_model(kind, base, adapter, "auto").merge_and_unload(safe_merge=True).save_pretrained(folder)
    return folder


def in_sixteen_bits(kind: str, base: Path, adapter: Path, folder: Path, dtype: str) -> Path:
    """Factors multiplied, scaled and added in 16 bits, each step rounded, by hand on a plain merge's names."""
    with third_party_noise_off():
        model = load(kind, base, dtype)
        tuned = PeftModel.from_pretrained(model, adapter, autocast_adapter_dtype=False)
        with torch.no_grad():
            for module in tuned.modules():
                if hasattr(module, "lora_A") and hasattr(module, "get_base_layer") and len(module.lora_A):
                    a, b = module.lora_A["default"].weight.to(DTYPES[dtype]), module.lora_B["default"].weight
                    delta = (b.to(DTYPES[dtype]) @ a) * module.scaling["default"]
                    module.get_base_layer().weight.add_(delta)
        tuned.unload().save_pretrained(folder)
    return folder


def onto(kind: str, base: Path, adapter: Path, folder: Path, quantized: Callable[[torch.Tensor], torch.Tensor]) -> Path:
    """PEFT's merge onto a base whose linear layers were quantised and dequantised."""
    plain = edited(base, folder.with_name(folder.name + "-base"), lambda all_: _each_linear(all_, quantized))
    return merge_with_peft(kind, plain, adapter, folder)


def _each_linear(all_: Tensors, change: Callable[[torch.Tensor], torch.Tensor]) -> Tensors:
    return {name: change(one) if "proj" in name else one for name, one in all_.items()}


def each_linear(source: Path, folder: Path, change: Callable[[torch.Tensor], torch.Tensor]) -> Path:
    """A copy with every linear layer's weight changed."""
    return edited(source, folder, lambda all_: _each_linear(all_, change))


def nf4(weight: torch.Tensor) -> torch.Tensor:
    """There and back by bitsandbytes' own code."""
    import bitsandbytes.functional as bnb

    packed, state = bnb.quantize_4bit(weight.contiguous(), quant_type="nf4", compress_statistics=True)
    back: torch.Tensor = bnb.dequantize_4bit(packed, state).to(weight.dtype)
    return back


def int8(weight: torch.Tensor) -> torch.Tensor:
    """There and back by bitsandbytes' own code."""
    import bitsandbytes.functional as bnb

    codes, scales, _ = bnb.int8_vectorwise_quant(weight.to(torch.float16))
    back: torch.Tensor = bnb.int8_vectorwise_dequant(codes, scales).to(weight.dtype)
    return back


def weak(kind: str, base: Path, folder: Path, factor: float, **options: Any) -> Path:
    """An adapter whose change is about as small as a step of bfloat16."""
    make_adapter(kind, base, folder, **options)
    file = folder / "adapter_model.safetensors"
    scaled = {name: one * factor if "lora_B" in name else one for name, one in load_file(file).items()}
    save_file(scaled, file, {"format": "pt"})
    return folder


def merged_twice(kind: str, base: Path, adapter: Path, folder: Path) -> Path:
    """The adapter merged into what it was merged into before."""
    first = merge_with_peft(kind, base, adapter, folder.with_name(folder.name + "-first"))
    return merge_with_peft(kind, first, adapter, folder)


def mixed(kind: str, base: Path, merged: Path, folder: Path, keep: Callable[[str], bool]) -> Path:
    """A merge in which only some tensors went through."""
    before = tensors(base)
    return edited(
        merged, folder, lambda all_: {name: one if keep(name) else before[name] for name, one in all_.items()}
    )
