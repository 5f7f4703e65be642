"""The models that pictures of the window are made with: small, real, and in a folder that reads like a person's."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, BitsAndBytesConfig

BASE, CAPTAIN = "SmolLM2-135M-Instruct", "captain-lora"
HALF_MERGED, PACKED = "SmolLM2-135M-by-another-tool", f"{BASE}-bnb-4bit"
ADAPTERS = (CAPTAIN, "short-answers-lora", "british-spelling-lora")
HUB_NAME = f"HuggingFaceTB/{BASE}"
_QUERIES = ("q_proj", "k_proj", "v_proj")


def make_models(models: Path, base: Path, adapter: Path) -> None:
    """Fill ``models`` from the demo's base and adapter."""
    shutil.copytree(base, models / BASE)
    shutil.copytree(adapter, models / CAPTAIN)
    _name_base(models / CAPTAIN)
    _make_lora(models / ADAPTERS[1], models / BASE, LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"]))
    wide = LoraConfig(r=16, lora_alpha=32, use_rslora=True, target_modules=[*_QUERIES, "o_proj"])
    _make_lora(models / ADAPTERS[2], models / BASE, wide)
    _make_packed(models / PACKED, models / BASE)
    _make_half_merged(models / HALF_MERGED, models / BASE, models / CAPTAIN)


def make_hub(root: Path, models: Path) -> None:
    """Lay the base into a hub's folder."""
    (root / HUB_NAME).parent.mkdir(parents=True)
    shutil.copytree(models / BASE, root / HUB_NAME)


def _name_base(adapter: Path) -> None:
    file = adapter / "adapter_config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**config, "base_model_name_or_path": BASE}, indent=2), encoding="utf-8")


def _make_lora(folder: Path, base: Path, config: LoraConfig) -> None:
    torch.manual_seed(0)
    config.init_lora_weights = False
    config.base_model_name_or_path = BASE
    get_peft_model(AutoModelForCausalLM.from_pretrained(base), config).save_pretrained(folder)
    _name_base(folder)


def _make_packed(folder: Path, base: Path) -> None:
    how = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16)
    packed = AutoModelForCausalLM.from_pretrained(base, quantization_config=how, dtype=torch.bfloat16)
    packed.save_pretrained(folder)
    _copy_texts(base, folder)


def _make_half_merged(folder: Path, base: Path, adapter: Path) -> None:
    """What a tool leaves that finds an adapter's queries, keys and values alone."""
    plain = AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16)
    PeftModel.from_pretrained(plain, adapter).merge_and_unload().save_pretrained(folder)
    before, after = load_file(base / "model.safetensors"), load_file(folder / "model.safetensors")
    found = {name: after[name] if any(one in name for one in _QUERIES) else before[name] for name in after}
    save_file(found, folder / "model.safetensors", metadata={"format": "pt"})
    _copy_texts(base, folder)


def _copy_texts(base: Path, folder: Path) -> None:
    for file in base.iterdir():
        if file.suffix != ".safetensors" and not (folder / file.name).exists():
            shutil.copy(file, folder / file.name)
