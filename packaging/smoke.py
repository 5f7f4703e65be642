"""A short test of a frozen program on any platform: ``python packaging/smoke.py PATH-TO-PROGRAM``.

Merges LoRA, DoRA and LoHa adapters into a tiny model with the program and with the sources, and compares the bytes.
tests/packaging does more, on Linux.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from peft import LoHaConfig, LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

_TARGETS = ["q_proj", "v_proj", "down_proj"]
_SIZES = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4}


def main() -> None:
    """Merge each way; exits with 1 at the first difference."""
    program = str(Path(sys.argv[1]).resolve())
    _run([program, "--version"])
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        torch.manual_seed(0)
        LlamaForCausalLM(LlamaConfig(vocab_size=300, **_SIZES)).save_pretrained(folder / "base")
        for name, config in _adapters().items():
            adapter = _adapter(folder / "base", config, folder / f"{name}-adapter")
            compare(program, folder / "base", adapter, folder / name)
            print(f"{name}: the same bytes")


def compare(program: str, base: Path, adapter: Path, output: Path) -> None:
    """Merge with the program and with the sources. Raises SystemExit where the results differ."""
    sums = []
    for command, kind in (([program], "frozen"), ([sys.executable, "-m", "mergedesk"], "sources")):
        target = output.with_name(f"{output.name}-{kind}")
        both = ["--base", str(base), "--adapter", str(adapter), "--output", str(target)]
        _run([*command, "merge", *both, "--json"])
        sums.append(hashlib.sha256((target / "model.safetensors").read_bytes()).hexdigest())
    if len(set(sums)) > 1:
        raise SystemExit(f"{output.name}: the frozen program's result differs from the sources'.")


def _adapters() -> Mapping[str, Any]:
    return {
        "lora": LoraConfig(r=4, target_modules=_TARGETS),
        "dora": LoraConfig(r=4, target_modules=_TARGETS, use_dora=True),
        "loha": LoHaConfig(r=4, target_modules=_TARGETS),
    }


def _adapter(base: Path, config: Any, folder: Path) -> Path:
    model = get_peft_model(LlamaForCausalLM.from_pretrained(base), config)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * 0.1)
    model.save_pretrained(folder)
    return folder


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"{command[:2]} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")


if __name__ == "__main__":
    main()
