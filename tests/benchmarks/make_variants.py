"""Bases and adapters beyond plain LoRA: INT4, AdaLoRA, whole modules that were trained, convolutions."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from make_models import Shape, fill_factors, made_once

_SEED = 3
_RANK = 16
_GROUP, _BITS, _PER_WORD = 32, 4, 8


def int4_base(base: Path) -> Path:
    """The base as compressed-tensors packs it: INT4, symmetric, in groups of 32; embeddings and head stay."""

    def make(folder: Path) -> None:
        from safetensors import safe_open
        from safetensors.torch import save_file

        for file in base.iterdir():
            if file.suffix == ".json" and not file.name.endswith(".index.json"):
                shutil.copyfile(file, folder / file.name)
        packed: dict[str, Any] = {}
        for file in sorted(base.glob("*.safetensors")):
            with safe_open(file, "pt") as stored:
                for name in stored.keys():  # noqa: SIM118 (it is no dict)
                    packed.update(_packed(name, stored.get_tensor(name)))
        save_file(packed, folder / "model.safetensors", {"format": "pt"})
        _declare_int4(folder / "config.json")

    return made_once(base.with_name(f"{base.name}-int4"), make)


def _packed(name: str, weight: Any) -> Iterator[tuple[str, Any]]:
    import torch

    if not name.endswith("_proj.weight"):
        yield name, weight
        return
    rows, width = weight.shape
    groups = weight.float().view(rows, width // _GROUP, _GROUP)
    scale = (groups.abs().amax(-1) / (1 << (_BITS - 1)) + 1e-6).to(weight.dtype)
    steps = (groups / scale.float().unsqueeze(-1)).round().clamp(-8, 7).to(torch.int32) + 8
    words = steps.view(rows, width // _PER_WORD, _PER_WORD)
    shifts = torch.arange(_PER_WORD, dtype=torch.int32) * _BITS
    module = name.removesuffix(".weight")
    yield f"{module}.weight_packed", (words << shifts).sum(-1, dtype=torch.int32)
    yield f"{module}.weight_scale", scale
    yield f"{module}.weight_shape", torch.tensor([rows, width], dtype=torch.int32)


def _declare_int4(file: Path) -> None:
    weights = {"num_bits": _BITS, "type": "int", "symmetric": True, "strategy": "group", "group_size": _GROUP}
    config = json.loads(file.read_text(encoding="utf-8"))
    config["quantization_config"] = {
        "quant_method": "compressed-tensors",
        "format": "pack-quantized",
        "quantization_status": "compressed",
        "config_groups": {"group_0": {"targets": ["Linear"], "weights": weights}},
        "ignore": ["lm_head"],
    }
    file.write_text(json.dumps(config, indent=2), encoding="utf-8")


def adalora_adapter(folder: Path, shape: Shape) -> Path:
    """AdaLoRA of rank 16 on all linear layers, whose singular values are not zero."""
    from peft import AdaLoraConfig

    config = AdaLoraConfig(
        init_r=_RANK, target_r=_RANK, lora_alpha=32, total_step=100, target_modules="all-linear", task_type="CAUSAL_LM"
    )
    return made_once(folder / f"adalora-of-{shape.name}", _on_meta(shape, config))


def trained_modules_adapter(folder: Path, shape: Shape) -> Path:
    """LoRA on the attention; every ``gate_proj`` was trained whole (``modules_to_save``)."""
    from peft import LoraConfig

    attention = ["q_proj", "k_proj", "v_proj", "o_proj"]
    config = LoraConfig(
        r=_RANK, lora_alpha=32, target_modules=attention, modules_to_save=["gate_proj"], task_type="CAUSAL_LM"
    )
    return made_once(folder / f"trained-modules-of-{shape.name}", _on_meta(shape, config))


def _on_meta(shape: Shape, config: Any) -> Callable[[Path], None]:
    """Saves an adapter of that config; the model around it never gets its weights."""

    def make(folder: Path) -> None:
        import torch
        from peft import get_peft_model
        from transformers import LlamaForCausalLM

        torch.manual_seed(_SEED)
        with torch.device("meta"):
            model = LlamaForCausalLM(shape.config()).to(torch.bfloat16)
        wrapped = get_peft_model(model, config)
        fill_factors(wrapped)
        _fill_the_rest(wrapped)
        wrapped.save_pretrained(folder)

    return make


def _fill_the_rest(wrapped: Any) -> None:
    """AdaLoRA's factors, singular values and ranks, and modules that are trained whole."""
    import torch

    for module in wrapped.modules():
        for values in (getattr(module, name, None) for name in ("lora_A", "lora_B", "lora_E")):
            if isinstance(values, torch.nn.ParameterDict):
                _fill(values, lambda shape: torch.empty(shape).normal_(0, 0.1))
        if isinstance(ranks := getattr(module, "ranknum", None), torch.nn.ParameterDict):
            _fill(ranks, lambda shape: torch.full(shape, float(_RANK)))
        if isinstance(trained := getattr(module, "modules_to_save", None), torch.nn.ModuleDict):
            for copy in trained.values():
                copy.to_empty(device="cpu")
                torch.nn.init.normal_(copy.weight, 0, 0.02)


def _fill(parameters: Any, numbers: Callable[[Any], Any]) -> None:
    import torch

    for name, value in parameters.items():
        parameters[name] = torch.nn.Parameter(numbers(value.shape), requires_grad=value.requires_grad)


def convolution_base(folder: Path, *, tiny: bool) -> Path:
    """A ResNet of bottlenecks, nearly all of whose weights are convolutions."""

    def make(target: Path) -> None:
        import torch
        from transformers import ResNetForImageClassification

        torch.manual_seed(_SEED)
        ResNetForImageClassification(_resnet(tiny)).to(torch.bfloat16).save_pretrained(target)

    return made_once(folder / ("resnet-tiny" if tiny else "resnet-0.5b"), make)


def _resnet(tiny: bool) -> Any:
    from transformers import ResNetConfig

    widths = [16, 32] if tiny else [1024, 2048, 4096, 8192]
    depths = [1, 1] if tiny else [3, 4, 12, 3]
    return ResNetConfig(embedding_size=16 if tiny else 64, hidden_sizes=widths, depths=depths, layer_type="bottleneck")


def convolution_adapter(folder: Path, *, tiny: bool) -> Path:
    """LoRA of rank 16 on every convolution."""

    def make(target: Path) -> None:
        import torch
        from peft import LoraConfig, get_peft_model
        from transformers import ResNetForImageClassification

        torch.manual_seed(_SEED)
        with torch.device("meta"):
            model = ResNetForImageClassification(_resnet(tiny)).to(torch.bfloat16)
        wrapped = get_peft_model(model, LoraConfig(r=_RANK, lora_alpha=32, target_modules=["convolution"]))
        fill_factors(wrapped)
        wrapped.save_pretrained(target)

    return made_once(folder / ("lora-of-resnet-tiny" if tiny else "lora-of-resnet-0.5b"), make)
