"""Small bases that compressed-tensors packed, and merges that keep their format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from folders import read_json, write_json, write_tensors
from repacked import by_library, config
from tiny_models import make_adapter, make_base, tensors

from mergedesk.domain.merge_report import MergeReport
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.pipelines.merge import merge

SIZES = {"hidden_size": 192, "intermediate_size": 384, "num_key_value_heads": 4, "head_dim": 48}
IGNORED = "layers.1.mlp.down_proj"


def plain_home(folder: Path) -> Path:
    """A 16-bit Llama, an adapter for all of it and one for its attention."""
    torch.manual_seed(0)
    make_base("llama", folder / "base", "bfloat16", **SIZES)
    make_adapter("llama", folder / "base", folder / "adapter")
    make_adapter("llama", folder / "base", folder / "attention", target_modules=["q_proj", "v_proj"])
    return folder


def pack(name: str, plain: Path, folder: Path) -> Path:
    """The base as the library packs it; one module is ignored, and one cache has a scale."""
    stored: dict[str, torch.Tensor] = {}
    for weight, values in tensors(plain / "base").items():
        module = weight.removesuffix(".weight")
        if not module.endswith("_proj") or IGNORED in module:
            stored[weight] = values
            continue
        parts = by_library(name, values.float(), torch.bfloat16)
        stored |= {f"{module}.{part}": tensor for part, tensor in parts.items()}
        if "weight_scale" in parts and "group" not in name:
            stored[f"{module}.weight_scale"] = parts["weight_scale"]
        if module.endswith("k_proj"):
            stored[f"{module.rsplit('.', 1)[0]}.k_scale"] = torch.ones(1)
    write_tensors(folder / "model.safetensors", stored)
    stated = config(name) | {"quantization_status": "compressed", "ignore": ["lm_head", f"re:.*{IGNORED}.*"]}
    write_json(folder / "config.json", {**read_json(plain / "base" / "config.json"), "quantization_config": stated})
    return folder


def asked_to_keep(base: Path, adapter: Path, output: Path, strength: float = 1.0, **options: Any) -> MergeRequest:
    """A merge that keeps the base's format."""
    return MergeRequest(base, (AdapterChoice(adapter, strength),), output, keep_quantization=True, **options)


def keep(base: Path, adapter: Path, output: Path, strength: float = 1.0, **options: Any) -> MergeReport:
    """The same, carried out."""
    return merge(asked_to_keep(base, adapter, output, strength, **options), lambda _: None, CancelToken())
