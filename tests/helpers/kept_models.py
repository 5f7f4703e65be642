"""Small bases that compressed-tensors packed, and merges that keep their format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from folders import read_json, write_json, write_tensors
from repacked import by_library, config
from tiny_models import make_adapter, make_base, tensors, third_party_noise_off
from transformers import AutoModelForCausalLM

from mergedesk.checkpoints.checkpoint import PackedTensor
from mergedesk.domain.merge_report import MergeReport
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, CheckRequest, MergeRequest, Precision
from mergedesk.methods.reference import rows_after
from mergedesk.pipelines.merge import merge
from mergedesk.planning.plan import make_plan
from mergedesk.planning.preflight import Ready, prepare
from mergedesk.quantization.reference import as_library_rounds, packed_rows

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


def rounded_rows(packed: PackedTensor) -> torch.Tensor:
    """What it stands for, as the library rounds it."""
    return as_library_rounds(packed, packed_rows(packed)(0, packed.rows))


def exact_merges(base: Path, adapter: Path, strength: float = 1.0) -> dict[str, torch.Tensor]:
    """W + D of every packed weight that is targeted, in float64, by its own name; W is what it stands for."""
    asked = CheckRequest(base, (AdapterChoice(adapter, strength),), dequantize=True)
    ready = prepare(asked)
    assert isinstance(ready, Ready)
    found = {}
    for tensor in make_plan(ready.base, ready.mapped, Precision.AUTO).tensors:
        packed = tensor.base
        if tensor.targeted and isinstance(packed, PackedTensor):
            exact = rows_after(tensor.updates, lambda begin, end, of=packed: rounded_rows(of)[begin:end])
            found[tensor.name] = exact(0, packed.rows)
    return found


def logits_of(folder: Path, model_class: Any = AutoModelForCausalLM, **options: Any) -> torch.Tensor:
    """What the model that transformers loads from a folder answers to a few tokens, float32."""
    with third_party_noise_off():
        model = model_class.from_pretrained(folder, dtype="auto", **options).eval()
    with torch.no_grad():
        found: torch.Tensor = model(torch.arange(2, 12).unsqueeze(0)).logits.float()
    return found
